package org.dl4jx.examples;

import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.dl4jx.schedules.WarmupCosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** A graph that reads two things off an image at once: the digit, and how much ink it took. */
public final class GraphWithTwoOutputs {
  private static final int SEED = 42;
  private static final int EPOCHS = 5;
  private static final int BATCH_SIZE = 128;

  public static void main(String[] args) throws IOException {
    ExampleData data = ExampleData.mnist();

    // However many outputs there are, a mini-batch is one iteration: one step of every parameter.
    int totalSteps = EPOCHS * ((data.trainExamples() + BATCH_SIZE - 1) / BATCH_SIZE);
    ISchedule learningRate =
        new WarmupCosineSchedule(ScheduleType.ITERATION, 2e-3, totalSteps / 10, totalSteps);

    // attach() takes graphs as well. With a filter it leaves parameters out, here those of the
    // regression, by the names that layers have in the graph. Its target is an amount, not a class,
    // and shrunken weights would underestimate it.
    ComputationGraphConfiguration conf =
        DecoupledDecay.attach(
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(new AdamWDecoupled(learningRate, 0.05))
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .graphBuilder()
                .addInputs("image")
                .addLayer("wide", new DenseLayer.Builder().nIn(28 * 28).nOut(256).build(), "image")
                .addLayer("narrow", new DenseLayer.Builder().nIn(256).nOut(128).build(), "wide")
                .addLayer("digit", output(LossFunction.MCXENT, Activation.SOFTMAX, 10), "narrow")
                .addLayer("ink", output(LossFunction.MSE, Activation.IDENTITY, 1), "narrow")
                .setOutputs("digit", "ink")
                .build(),
            (layer, parameter) -> !layer.equals("ink"));
    System.out.println(DecoupledDecay.describe(conf));

    ComputationGraph graph = new ComputationGraph(conf);
    graph.init();
    graph.setListeners(new ScoreIterationListener(100));
    ExampleUi.show(args, graph);
    graph.fit(withInk(data.train(BATCH_SIZE, SEED)), EPOCHS);

    Evaluation digit = new Evaluation();
    RegressionEvaluation ink = new RegressionEvaluation("ink");
    graph.evaluate(
        withInk(data.test(1_000)),
        Map.of(0, new Evaluation[] {digit}, 1, new RegressionEvaluation[] {ink}));
    System.out.printf("Test accuracy of the digit: %.4f%n", digit.accuracy());
    System.out.printf("R² of the ink: %.4f%n", ink.rSquared(0));
  }

  private static OutputLayer output(LossFunction loss, Activation activation, int units) {
    return new OutputLayer.Builder(loss).nIn(128).nOut(units).activation(activation).build();
  }

  /** Adds the second label, in tenths of the area so that its loss counts in the sum of both. */
  private static MultiDataSetIterator withInk(DataSetIterator images) {
    MultiDataSetIterator both = new MultiDataSetIteratorAdapter(images);
    both.setPreProcessor(
        batch -> {
          INDArray ink = batch.getFeatures(0).mean(true, 1).mul(10);
          batch.setLabels(new INDArray[] {batch.getLabels(0), ink});
        });
    return both;
  }
}
