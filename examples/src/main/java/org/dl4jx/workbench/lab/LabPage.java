package org.dl4jx.workbench.lab;

import static j2html.TagCreator.code;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jx.workbench.lab.Scene.OnSignal;
import org.dl4jx.workbench.lab.Scene.OnSurface;
import org.dl4jx.workbench.report.HtmlPage;
import org.dl4jx.workbench.report.Table;

/** The page that shows and explains all experiments. */
final class LabPage {
  private final HtmlPage page;
  private final boolean usual;

  /**
   * @param usual whether steps and learning rates are those that the texts describe
   */
  LabPage(int steps, Double learningRate, boolean usual, Map<String, String> leftOut) {
    this.usual = usual;
    this.page =
        new HtmlPage("What each updater does")
            .paragraph(
                """
                The updaters of dl4jx and Deeplearning4j in the experiments commonly used to \
                explain optimizers: how they respond to simple gradients, and how they move on \
                surfaces of two parameters. First come families that differ in one thing, then all \
                updaters together. The updaters themselves computed every curve and every \
                path, on ND4J arrays, driven as Deeplearning4j drives them.""")
            .section("How to read the pictures")
            .paragraph(
                strong("Gradients over time. "),
                text(
                    """
                    The left column shows the gradient and the updater's state arrays, by their \
                    names. Arrays of squares are drawn as roots; averages are corrected for their \
                    start at zero, as in the updaters; momentum is divided by the learning rate η. \
                    For Adam, the update on the right is M divided by √V. The gradient may extend \
                    beyond the picture. All horizontal axes count iterations. In a picture of few \
                    updaters, the first row compares the steps of all."""))
            .paragraph(strong("Surfaces. "), text(surfaces(steps, learningRate)))
            .paragraph(
                strong("Averaged momentum "),
                text("("),
                code("AveragedNesterovs"),
                text(
                    """
                    ) takes three gradients per step, at three probe points. Its path is that of \
                    its parameters θ, step by step; the faint line connects the probe points. \
                    Likewise, the path of Schedule-Free AdamW is x, where it is evaluated, and its \
                    faint line is y; the path of Lookahead is the slow weights, and its faint line \
                    the fast ones. Weight decay is 0 throughout, so that\s"""),
                code("adamw"),
                text(" differs from "),
                code("adam"),
                text(" only in where it adds ε."));
    leftOut.forEach(
        (name, reason) ->
            page.paragraph(
                strong("Left out: "), code(name), text(", because a step here throws: " + reason)));
  }

  private static String surfaces(int steps, Double learningRate) {
    String rates =
        RateSearch.RATES.stream().map(Trajectory::plain).collect(Collectors.joining(", "));
    return String.format(
        """
        All optimizers start at the black dot and take %d gradients. A cross marks a lowest point, \
        a diamond the end of a path. Where lines coincide, they are drawn on top of each other, \
        the first one widest. %s Height is f above its lowest value, averaged over the last tenth \
        of the path. A path has arrived when its height stays below a ten-thousandth of the height \
        at the start.""",
        steps,
        learningRate == null
            ? "Each has the best learning rate η of "
                + rates
                + ": the one with the lowest height, or, among those that arrive, the first to"
                + " arrive."
            : "The learning rate of all is " + Trajectory.plain(learningRate) + ".");
  }

  void begin(Family family) {
    page.section(family.title());
    page.paragraph(
        text("What varies: " + family.varies() + ". Drawn by "),
        code("lab --families " + family.label()),
        text("."));
  }

  void begin(Scene scene) {
    page.section(
        scene instanceof OnSurface on ? on.surface().title() : ((OnSignal) scene).signal().title());
  }

  void add(OnSignal scene, List<Optimizer> optimizers, byte[] svg) {
    Signal signal = scene.signal();
    page.drawing(
        svg,
        signal.title() + ": curves over the iterations, one row per updater.",
        "The gradient is "
            + signal.formula()
            + ". Left: gradient and state. Right: the update, divided by the learning rate.");
    explain(scene, optimizers);
  }

  void add(OnSurface scene, List<Trajectory> trajectories, byte[] svg) {
    Surface surface = scene.surface();
    page.drawing(
        svg,
        surface.title()
            + ": the paths of the updaters over contour lines. The table below shows where they"
            + " end.",
        surface.formula() + ". Dot: the start. Crosses: the lowest points. Diamonds: the ends.");
    explain(scene, trajectories.stream().map(Trajectory::optimizer).toList());
    Table ends = new Table(1, "updater", "learning rate", "end", "height", "arrived after");
    trajectories.forEach(trajectory -> ends.row(trajectory.cells()));
    page.table(ends);
  }

  private void explain(Scene scene, List<Optimizer> optimizers) {
    if (usual) {
      page.paragraph(scene.whatToLookFor());
    }
    page.paragraph(text("Draw it with "), code("lab --updaters " + scene.arguments(optimizers)));
  }

  byte[] toBytes() {
    return page.toBytes();
  }
}
