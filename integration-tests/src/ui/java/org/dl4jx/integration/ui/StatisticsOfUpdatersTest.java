package org.dl4jx.integration.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.stats.api.StatsInitializationReport;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.dl4jx.integration.Networks;
import org.dl4jx.integration.soak.Trainings;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.updaters.SophiaG;
import org.dl4jx.updaters.SophiaHessian;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What the training UI gets and shows of every updater. */
@Tag("ui")
class StatisticsOfUpdatersTest {
  private static final int ITERATIONS = 6;
  private static final ISchedule RATE =
      new CosineSchedule(ScheduleType.ITERATION, 1e-2, 2 * ITERATIONS, 0);

  /** Parameters of about 1 are rounded so far when an update is subtracted from them. */
  private static final double ROUNDING = 1.2e-7;

  @BeforeAll
  static void startOnAFreePort() throws Exception {
    FreePort.use();
  }

  @AfterAll
  static void stop() throws Exception {
    UIServer.stopInstance();
  }

  static Stream<IUpdater> updaters() {
    return Trainings.updaters().stream().peek(updater -> updater.setLrAndSchedule(0, RATE));
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void ofANetworkAreItsRatesItsUpdatesAndItsUpdater(IUpdater updater) throws Exception {
    MultiLayerNetwork network =
        Networks.network(
            DecoupledDecay.attach(Networks.classifier(Networks.with(DataType.FLOAT, updater))));

    InMemoryStatsStorage storage = trained(network, updater, network::fit);

    String json = initialReport(storage).getModelConfigJson();
    assertThat(MultiLayerConfiguration.fromJson(json).getConf(0).getLayer())
        .isInstanceOfSatisfying(
            BaseLayer.class,
            layer -> assertThat(layer.getIUpdater()).isEqualTo(updaterOf(network.getLayer(0))));
    assertShown(storage, updater);
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void ofAGraphAreItsRatesItsUpdatesAndItsUpdater(IUpdater updater) throws Exception {
    ComputationGraph graph =
        new ComputationGraph(
            DecoupledDecay.attach(Networks.graph(Networks.with(DataType.FLOAT, updater))));
    graph.init();

    InMemoryStatsStorage storage = trained(graph, updater, graph::fit);

    String json = initialReport(storage).getModelConfigJson();
    assertThat(ComputationGraphConfiguration.fromJson(json).getVertices().get("hidden"))
        .isInstanceOfSatisfying(
            LayerVertex.class,
            vertex ->
                assertThat(((BaseLayer) vertex.getLayerConf().getLayer()).getIUpdater())
                    .isEqualTo(updaterOf(graph.getLayer("hidden"))));
    assertShown(storage, updater);
  }

  private static IUpdater updaterOf(Layer layer) {
    return ((BaseLayer) layer.conf().getLayer()).getIUpdater();
  }

  /** Trains, and compares each report with what the iteration did. */
  private static InMemoryStatsStorage trained(
      Model network, IUpdater updater, Consumer<DataSet> fit) {
    InMemoryStatsStorage storage = new InMemoryStatsStorage();
    network.setListeners(new StatsListener(storage, 1));
    if (updater instanceof SophiaG) {
      network.addListeners(new SophiaHessian());
    }
    for (int i = 0; i < ITERATIONS; i++) {
      Map<String, INDArray> before = new HashMap<>();
      network.paramTable().forEach((name, array) -> before.put(name, array.dup()));
      fit.accept(Networks.batch(DataType.FLOAT, i));

      StatsReport report = lastReport(storage);
      assertThat(report.getIterationCount()).isEqualTo(i);
      assertThat(report.getLearningRates().keySet()).isEqualTo(before.keySet());
      for (String name : before.keySet()) {
        INDArray now = network.paramTable().get(name);
        assertThat(report.getLearningRates().get(name)).isEqualTo(RATE.valueAt(i, 0));
        assertThat(report.getMeanMagnitudes(StatsType.Updates).get(name))
            .isCloseTo(magnitude(before.get(name).sub(now)), within(ROUNDING));
        assertThat(report.getMeanMagnitudes(StatsType.Parameters).get(name))
            .isCloseTo(magnitude(now), within(ROUNDING));
      }
    }
    return storage;
  }

  private static double magnitude(INDArray array) {
    return array.ameanNumber().doubleValue();
  }

  /** The page of the hidden layer has its updater, a rate and a ratio for each iteration. */
  private static void assertShown(InMemoryStatsStorage storage, IUpdater updater) throws Exception {
    UIServer server = UIServer.getInstance();
    server.attach(storage);
    try {
      get("/train/sessions/set/" + storage.listSessionIDs().get(0));
      JsonNode page = new ObjectMapper().readTree(get("/train/model/data/1"));

      assertThat(page.get("layerInfo").toString())
          .contains("[\"Updater\",\"" + updater.getClass().getSimpleName() + "\"]");
      assertThat(page.at("/learningRates/lrs/W").get(1).floatValue())
          .isEqualTo((float) RATE.valueAt(1, 0));
      for (String parameter : List.of("W", "b")) {
        assertThat(page.at("/learningRates/lrs/" + parameter)).hasSize(ITERATIONS);
        assertThat(page.at("/meanMag/ratios/" + parameter)).hasSize(ITERATIONS);
        // Averaged Nesterov momentum moves nothing while it probes.
        assertThat(page.at("/meanMag/ratios/" + parameter))
            .anySatisfy(ratio -> assertThat(ratio.asDouble()).isPositive());
      }
    } finally {
      server.detach(storage);
    }
  }

  private static String get(String path) throws Exception {
    URI address = URI.create(UIServer.getInstance().getAddress() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
        .body();
  }

  private static String session(InMemoryStatsStorage storage) {
    return storage.listSessionIDs().get(0);
  }

  private static StatsInitializationReport initialReport(InMemoryStatsStorage storage) {
    String session = session(storage);
    return (StatsInitializationReport)
        storage.getStaticInfo(
            session, StatsListener.TYPE_ID, storage.listWorkerIDsForSession(session).get(0));
  }

  private static StatsReport lastReport(InMemoryStatsStorage storage) {
    String session = session(storage);
    return (StatsReport)
        storage.getLatestUpdate(
            session, StatsListener.TYPE_ID, storage.listWorkerIDsForSession(session).get(0));
  }
}
