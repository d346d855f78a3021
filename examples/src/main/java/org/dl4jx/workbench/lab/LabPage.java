package org.dl4jx.workbench.lab;

import static j2html.TagCreator.code;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;

import java.util.List;
import java.util.stream.Collectors;
import org.dl4jx.workbench.report.HtmlPage;
import org.dl4jx.workbench.report.Table;

/** The page that shows and explains all experiments. */
final class LabPage {
  private final HtmlPage page;
  private final boolean usual;

  /**
   * @param usual whether steps and learning rates are those of which the texts speak
   */
  LabPage(int steps, Double learningRate, boolean usual) {
    this.usual = usual;
    this.page =
        new HtmlPage("What each updater does")
            .paragraph(
                "Updaters of dl4jx and of Deeplearning4j in the experiments by which optimizers are"
                    + " usually explained: how they answer simple gradients, and how they move on"
                    + " surfaces of two parameters. Each curve and each way was computed by the"
                    + " updater itself, on ND4J arrays, as Deeplearning4j drives it.")
            .section("How to read the pictures")
            .paragraph(
                strong("Gradients over time. "),
                text(
                    "In the left column the gradient and what the updater keeps of it, by the names"
                        + " of its state arrays. Of arrays of squares the root is drawn; averages are"
                        + " corrected for their start at zero, as the updaters do; momentum is divided"
                        + " by the learning rate η. For Adam, the update on the right is M by √V. The"
                        + " gradient may reach beyond the picture. All axes to the right count"
                        + " iterations."))
            .paragraph(
                strong("Surfaces. "),
                text(
                    "All start at the black dot and take "
                        + steps
                        + " gradients; a cross is a lowest point, a diamond the end of a way. Lines"
                        + " that coincide are drawn one on the other, the first the widest. "
                        + (learningRate == null
                            ? "The learning rate η of each is the best of "
                                + RateSearch.RATES.stream()
                                    .map(Trajectory::plain)
                                    .collect(Collectors.joining(", "))
                                + ": that with the lowest height over the last tenth of the way, and"
                                + " among those that arrive, the first to arrive."
                            : "The learning rate of all is " + Trajectory.plain(learningRate) + ".")
                        + " Height is f above its lowest value, on average over the last tenth of the"
                        + " way. A way has arrived when its height stays below a ten-thousandth of"
                        + " that of the start."))
            .paragraph(
                strong("Averaged momentum "),
                text("("),
                code("AveragedNesterovs"),
                text(
                    ") takes three gradients for a step, at three probe points. The way drawn is that"
                        + " of its parameters θ, step by step; the faint line leads through the probe"
                        + " points. Weight decay is 0 throughout, so that "),
                code("adamw"),
                text(" differs from "),
                code("adam"),
                text(" only in where it adds ε."));
  }

  void add(Signal signal, byte[] svg) {
    begin(signal.title(), signal.whatToLookFor());
    page.drawing(
        svg,
        signal.title() + ": curves over the iterations, a row for each updater.",
        "The gradient is "
            + signal.formula()
            + ". Left: gradient and state. Right: the update, divided by the learning rate.");
  }

  void add(Surface surface, List<Trajectory> trajectories, byte[] svg) {
    begin(surface.title(), surface.whatToLookFor());
    page.drawing(
        svg,
        surface.title()
            + ": the ways of the updaters over contour lines, a panel for each family of updaters."
            + " The table below says where they end.",
        surface.formula() + ". Dot: the start. Crosses: the lowest points. Diamonds: the ends.");
    Table ends = new Table(1, "updater", "learning rate", "end", "height", "arrived after");
    trajectories.forEach(trajectory -> ends.row(trajectory.cells()));
    page.table(ends);
  }

  private void begin(String title, String whatToLookFor) {
    page.section(title);
    if (usual) {
      page.paragraph(whatToLookFor);
    }
  }

  byte[] toBytes() {
    return page.toBytes();
  }
}
