package org.dl4jx.integration.ways;

import static org.dl4jx.integration.ways.Way.learns;
import static org.dl4jx.integration.ways.Way.oneStep;
import static org.dl4jx.integration.ways.Way.sameAsFit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.MinMaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.dl4jx.updaters.AveragedNesterovs;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.ExistingDecay;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Settings of networks that change what updaters are given, or where it is kept. */
final class SettingsWays {
  private SettingsWays() {}

  static List<Way> all() {
    List<Way> ways = new ArrayList<>();
    for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
      ways.add(
          same(
              "trainingWorkspaceMode(" + mode + ")",
              b -> b.trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode)));
    }
    ways.add(same("cacheMode(DEVICE)", b -> b.cacheMode(CacheMode.DEVICE)));
    for (GradientNormalization normalization : GradientNormalization.values()) {
      if (normalization != GradientNormalization.None) {
        ways.add(
            setting(
                "gradientNormalization(" + normalization + ")",
                b -> b.gradientNormalization(normalization).gradientNormalizationThreshold(0.05)));
      }
    }
    ways.add(setting("miniBatch(false)", b -> b.miniBatch(false)));
    ways.add(setting("dropOut(0.8)", b -> b.dropOut(new Dropout(0.8))));
    ways.add(setting("dropOut(GaussianDropout)", b -> b.dropOut(new GaussianDropout(0.1))));
    ways.add(setting("dropOut(GaussianNoise)", b -> b.dropOut(new GaussianNoise(0.05))));
    ways.add(setting("dropOut(AlphaDropout)", b -> b.dropOut(new AlphaDropout(0.9))));
    ways.add(setting("weightNoise(DropConnect)", b -> b.weightNoise(new DropConnect(0.9))));
    ways.add(
        setting(
            "weightNoise(WeightNoise)",
            b -> b.weightNoise(new WeightNoise(new NormalDistribution(0, 0.02)))));
    ways.add(
        constraint(
            "constrainWeights(MaxNormConstraint)",
            b -> b.constrainWeights(new MaxNormConstraint(1.5, 1))));
    ways.add(
        constraint(
            "constrainWeights(MinMaxNormConstraint)",
            b -> b.constrainWeights(new MinMaxNormConstraint(0.5, 2, 1))));
    ways.add(
        constraint(
            "constrainWeights(UnitNormConstraint)",
            b -> b.constrainWeights(new UnitNormConstraint(1))));
    ways.add(
        constraint(
            "constrainAllParameters(NonNegativeConstraint)",
            b -> b.constrainAllParameters(new NonNegativeConstraint())));
    ways.add(setting("l1Bias, l2Bias", b -> b.l1Bias(1e-3).l2Bias(1e-3)));
    ways.add(sameAsFit("l2 that attach replaces", SettingsWays::replacedL2));
    ways.add(setting("biasUpdater", b -> b.biasUpdater(new Sgd(0.1))));
    ways.add(oneStep("an updater of its own for a layer", SettingsWays::updaterOfALayer));
    ways.add(learns("BatchNormalization", SettingsWays::batchNormalization));
    return ways;
  }

  private static Way same(String name, UnaryOperator<NeuralNetConfiguration.Builder> setting) {
    return sameAsFit(name, training(setting));
  }

  private static Way setting(String name, UnaryOperator<NeuralNetConfiguration.Builder> setting) {
    return oneStep(name, training(setting));
  }

  /** It moves the weights after the step, so a decay cannot be told from the rest. */
  private static Way constraint(
      String name, UnaryOperator<NeuralNetConfiguration.Builder> setting) {
    return learns(name, training(setting));
  }

  private static Way.Training training(UnaryOperator<NeuralNetConfiguration.Builder> setting) {
    return run ->
        Trained.inPlace(
            run.network(setting.apply(run.builder())),
            run::score,
            n -> n.fit(run.iterator(), run.epochs()));
  }

  /** What does not decay has nothing that could replace it. */
  private static Trained replacedL2(Run run) throws Exception {
    double l2 = run.updater() instanceof AveragedNesterovs ? 0 : 0.01;
    var conf = run.builder().l2(l2).list().layer(Run.hidden()).layer(Run.output()).build();
    if (run.isOurs()) {
      DecoupledDecay.attach(conf, ExistingDecay.REPLACE);
    }
    return Trained.inPlace(run.network(conf), run::score, n -> n.fit(run.iterator(), run.epochs()));
  }

  private static Trained updaterOfALayer(Run run) throws Exception {
    OutputLayer output =
        new OutputLayer.Builder(LossFunction.MCXENT)
            .activation(Activation.SOFTMAX)
            .nIn(Run.HIDDEN)
            .nOut(Run.CLASSES)
            .updater(new Adam(1e-2))
            .build();
    return Trained.inPlace(
        run.network(run.builder().list().layer(Run.hidden()).layer(output).build()),
        run::score,
        n -> n.fit(run.iterator(), run.epochs()));
  }

  private static Trained batchNormalization(Run run) throws Exception {
    return Trained.inPlace(
        run.network(
            run.builder()
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(Run.FEATURES)
                        .nOut(Run.HIDDEN)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder().nOut(Run.HIDDEN).decay(0.5).build())
                .layer(Run.output())
                .build()),
        run::score,
        n -> n.fit(run.iterator(), run.epochs()));
  }
}
