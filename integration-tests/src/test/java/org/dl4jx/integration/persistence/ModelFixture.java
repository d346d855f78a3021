package org.dl4jx.integration.persistence;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dl4jx.integration.Optimizers;
import org.dl4jx.integration.Schedules;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.Lookahead;
import org.dl4jx.updaters.catalog.NamedOptimizer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A model file that is kept, to be read by every later version.
 *
 * @param updater the label of an optimizer
 * @param type of the parameters
 * @param kind of the model
 */
record ModelFixture(String updater, DataType type, SavedModel.Kind kind) {
  private static final List<DataType> TYPES = List.of(DataType.FLOAT, DataType.DOUBLE);
  private static final String LOOKAHEAD = "lookahead";
  private static final double WEIGHT_DECAY = 0.1;

  /** Steps before the file is written. Lookahead and averaged momentum are amid a cycle then. */
  private static final int BEFORE = 2;

  /** Steps after it was read, over the end of a cycle. SophiaG takes 10 without its listener. */
  private static final int AFTER = 7;

  /** Every optimizer, in FLOAT and DOUBLE, in every kind of model. */
  static List<ModelFixture> all() {
    List<ModelFixture> fixtures = new ArrayList<>();
    for (SavedModel.Kind kind : SavedModel.Kind.values()) {
      for (DataType type : TYPES) {
        for (NamedOptimizer optimizer : NamedOptimizer.values()) {
          fixtures.add(new ModelFixture(optimizer.label(), type, kind));
        }
        fixtures.add(new ModelFixture(LOOKAHEAD, type, kind));
      }
    }
    return fixtures;
  }

  String name() {
    return String.join("-", label(kind.name()), label(type.name()), updater);
  }

  private static String label(String name) {
    return name.replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** The fixture of this name, of whatever version. */
  static ModelFixture named(String name) {
    for (SavedModel.Kind kind : SavedModel.Kind.values()) {
      for (DataType type : TYPES) {
        String start = label(kind.name()) + "-" + label(type.name()) + "-";
        if (name.startsWith(start)) {
          return new ModelFixture(name.substring(start.length()), type, kind);
        }
      }
    }
    throw new IllegalArgumentException("no name of a fixture: " + name);
  }

  File file(File folder) {
    return new File(folder, name() + (kind == SavedModel.Kind.SAME_DIFF ? ".fb" : ".zip"));
  }

  /** Each schedule drives some of the fixtures. */
  ISchedule schedule() {
    List<ISchedule> schedules = Schedules.all();
    return schedules.get(all().indexOf(this) % schedules.size());
  }

  private IUpdater createUpdater() {
    IUpdater made =
        updater.equals(LOOKAHEAD)
            ? new Lookahead(new AdamWDecoupled(1e-2, WEIGHT_DECAY))
            : Arrays.stream(NamedOptimizer.values())
                .filter(o -> o.label().equals(updater))
                .map(o -> (IUpdater) o.create(Optimizers.rate(o), WEIGHT_DECAY))
                .findFirst()
                .orElseThrow();
    made.setLrAndSchedule(Double.NaN, schedule());
    return made;
  }

  /** Writes the file; returns what becomes of the model, which goes on without a stop. */
  double[] write(File folder) throws IOException {
    SavedModel model = kind.create(createUpdater(), type);
    train(model, 0, BEFORE);
    model.save(file(folder));
    return train(model, BEFORE, BEFORE + AFTER);
  }

  /** What becomes of the model in the file. */
  double[] trainOn(File folder) throws IOException {
    return train(kind.load(file(folder)), BEFORE, BEFORE + AFTER);
  }

  private static double[] train(SavedModel model, int from, int to) {
    for (int t = from; t < to; t++) {
      model.step(t);
    }
    return model.parameters();
  }

  /** In hexadecimal, which says every bit. */
  static String text(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(Double::toHexString).collect(Collectors.joining(" "));
  }

  static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public String toString() {
    return name();
  }
}
