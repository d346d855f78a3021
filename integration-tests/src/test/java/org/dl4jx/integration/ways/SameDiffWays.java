package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.oneStep;

import java.io.File;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** SameDiff alone, and as layers of networks. */
final class SameDiffWays {
  private static final List<String> VARIABLES = List.of("w1", "b1", "w2", "b2");

  private SameDiffWays() {}

  static List<Way> all() {
    return List.of(
        oneStep("SameDiff.fit(DataSet)", alone((run, sd) -> run.eachEpoch(run.batches(), sd::fit))),
        oneStep(
            "SameDiff.fit(MultiDataSet)",
            alone((run, sd) -> run.eachEpoch(run.batches(), d -> sd.fit(d.toMultiDataSet())))),
        oneStep(
            "SameDiff.fit(DataSetIterator, epochs)",
            alone((run, sd) -> sd.fit(run.iterator(), run.epochs()))),
        oneStep(
            "SameDiff.fit(MultiDataSetIterator, epochs)",
            alone((run, sd) -> sd.fit(FitWays.multi(run), run.epochs()))),
        oneStep(
            "SameDiff.fit().train(…).exec()",
            alone((run, sd) -> sd.fit().train(run.iterator(), run.epochs()).exec())),
        oneStep("SameDiff saved and loaded", SameDiffWays::saved),
        oneStep("SameDiffLayer", SameDiffWays::layer),
        oneStep("SameDiffLambdaLayer", SameDiffWays::lambda),
        oneStep("SameDiffOutputLayer", SameDiffWays::output));
  }

  private interface Fit {
    void train(Run run, SameDiff model) throws Exception;
  }

  private static Way.Training alone(Fit fit) {
    return run -> {
      SameDiff sd = model(run);
      double[] start = parameters(sd);
      double before = score(run, sd);
      fit.train(run, sd);
      return new Trained(start, parameters(sd), weights(run, sd), before, score(run, sd));
    };
  }

  private static Trained saved(Run run) throws Exception {
    SameDiff sd = model(run);
    double[] start = parameters(sd);
    double before = score(run, sd);
    List<DataSet> batches = run.batches();
    sd.fit(batches.get(0));
    File file = File.createTempFile("ways", ".fb");
    try {
      sd.save(file, true);
      sd = SameDiff.load(file, true);
    } finally {
      Files.delete(file.toPath());
    }
    for (int i = 1; i < batches.size(); i++) {
      sd.fit(batches.get(i));
    }
    if (run.epochs() > 1) {
      sd.fit(run.iterator(), run.epochs() - 1);
    }
    return new Trained(start, parameters(sd), weights(run, sd), before, score(run, sd));
  }

  private static SameDiff model(Run run) {
    run.ready(run.network()); // random numbers start anew
    SameDiff sd = SameDiff.create();
    SDVariable in = sd.placeHolder("in", run.type(), -1, Run.FEATURES);
    SDVariable label = sd.placeHolder("label", run.type(), -1, Run.CLASSES);
    SDVariable w1 = sd.var("w1", Nd4j.randn(run.type(), Run.FEATURES, Run.HIDDEN).muli(0.5));
    SDVariable b1 = sd.var("b1", Nd4j.zeros(run.type(), Run.HIDDEN));
    SDVariable w2 = sd.var("w2", Nd4j.randn(run.type(), Run.HIDDEN, Run.CLASSES).muli(0.5));
    SDVariable b2 = sd.var("b2", Nd4j.zeros(run.type(), Run.CLASSES));
    SDVariable hidden = sd.math.tanh(in.mmul(w1).add(b1));
    sd.loss.softmaxCrossEntropy("loss", label, hidden.mmul(w2).add(b2), null);
    sd.setLossVariables("loss");
    TrainingConfig config =
        new TrainingConfig.Builder()
            .updater(run.updater())
            .dataSetFeatureMapping("in")
            .dataSetLabelMapping("label")
            .build();
    sd.setTrainingConfig(run.isOurs() ? DecoupledDecay.attach(config) : config);
    return sd;
  }

  private static double[] parameters(SameDiff sd) {
    return VARIABLES.stream()
        .map(sd::getArrForVarName)
        .flatMapToDouble(array -> Arrays.stream(Trained.numbers(array)))
        .toArray();
  }

  private static boolean[] weights(Run run, SameDiff sd) {
    boolean[] weights = new boolean[parameters(sd).length];
    int at = 0;
    for (String name : VARIABLES) {
      int length = (int) sd.getArrForVarName(name).length();
      Arrays.fill(weights, at, at + length, run.isOurs() && name.startsWith("w"));
      at += length;
    }
    return weights;
  }

  private static double score(Run run, SameDiff sd) {
    DataSet all = run.all();
    Map<String, INDArray> inputs = Map.of("in", all.getFeatures(), "label", all.getLabels());
    return sd.output(inputs, "loss").get("loss").getDouble(0);
  }

  private static Trained layer(Run run) throws Exception {
    return Trained.inPlace(
        run.network(
            run.builder()
                .list()
                .layer(new Dense(Run.FEATURES, Run.HIDDEN))
                .layer(Run.output())
                .build()),
        run::score,
        n -> n.fit(run.iterator(), run.epochs()));
  }

  private static Trained lambda(Run run) throws Exception {
    return Trained.inPlace(
        run.network(
            run.builder()
                .list()
                .layer(Run.hidden())
                .layer(new Doubling())
                .layer(Run.output())
                .build()),
        run::score,
        n -> n.fit(run.iterator(), run.epochs()));
  }

  private static Trained output(Run run) throws Exception {
    return Trained.inPlace(
        run.network(
            run.builder()
                .list()
                .layer(Run.hidden())
                .layer(new SquaredError(Run.HIDDEN, Run.CLASSES))
                .build()),
        run::score,
        n -> n.fit(run.iterator(), run.epochs()));
  }

  /** A dense layer, written in SameDiff. */
  public static final class Dense extends SameDiffLayer {
    private static final long serialVersionUID = 1;

    private int nIn;
    private int nOut;

    Dense() {}

    Dense(int nIn, int nOut) {
      this.nIn = nIn;
      this.nOut = nOut;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
      return InputType.feedForward(nOut);
    }

    @Override
    public void defineParameters(SDLayerParams params) {
      params.addWeightParam("W", nIn, nOut);
      params.addBiasParam("b", 1, nOut);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> params) {
      params.get("b").assign(0);
      initWeights(nIn, nOut, WeightInit.XAVIER, params.get("W"));
    }

    @Override
    public SDVariable defineLayer(
        SameDiff sd, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
      return sd.math.tanh(input.mmul(params.get("W")).add(params.get("b")));
    }
  }

  /** A layer without parameters. */
  public static final class Doubling extends SameDiffLambdaLayer {
    private static final long serialVersionUID = 1;

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
      return inputType;
    }

    @Override
    public SDVariable defineLayer(SameDiff sd, SDVariable input) {
      return input.mul(2);
    }
  }

  /** A linear layer with squared error. */
  public static final class SquaredError extends SameDiffOutputLayer {
    private static final long serialVersionUID = 1;

    private int nIn;
    private int nOut;

    SquaredError() {}

    SquaredError(int nIn, int nOut) {
      this.nIn = nIn;
      this.nOut = nOut;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
      return InputType.feedForward(nOut);
    }

    @Override
    public void defineParameters(SDLayerParams params) {
      params.addWeightParam("W", nIn, nOut);
      params.addBiasParam("b", 1, nOut);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> params) {
      params.get("b").assign(0);
      initWeights(nIn, nOut, WeightInit.XAVIER, params.get("W"));
    }

    @Override
    public SDVariable defineLayer(
        SameDiff sd, SDVariable input, SDVariable labels, Map<String, SDVariable> params) {
      SDVariable output = input.mmul(params.get("W")).add("output", params.get("b"));
      SDVariable error = output.sub(labels);
      return error.mul(error).mean();
    }

    @Override
    public String activationsVertexName() {
      return "output";
    }
  }
}
