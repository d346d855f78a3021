package org.dl4jx.workbench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dl4jx.workbench.experiment.RunStoreException.Reason;

/** Keeps finished runs in memory, and in one file per run if there is a folder for them. */
public final class RunStore {
  private final Path folder;
  private final Function<Candidate, String> candidateKey;
  private final Map<String, Run> runs = new TreeMap<>();

  private RunStore(Path folder, Function<Candidate, String> candidateKey) {
    this.folder = folder;
    this.candidateKey = candidateKey;
  }

  /**
   * A store in memory only.
   *
   * @param candidateKey names candidates; those in one store need different names
   * @return an empty store
   */
  public static RunStore inMemory(Function<Candidate, String> candidateKey) {
    return new RunStore(null, candidateKey);
  }

  /**
   * A store in a folder.
   *
   * @param output the folder of the experiment; the runs are in {@code runs} below it
   * @param candidateKey names candidates; those in one store need different names
   * @param resume whether the folder may have runs already
   * @return a store with the runs in the folder
   * @throws RunStoreException if there are runs, but {@code resume} is false
   * @throws IOException if a run cannot be read
   */
  public static RunStore in(Path output, Function<Candidate, String> candidateKey, boolean resume)
      throws IOException {
    RunStore store = new RunStore(output.resolve("runs"), candidateKey);
    for (Path file : store.files()) {
      if (!resume) {
        throw new RunStoreException(
            Reason.HAS_RUNS, output + " already has the finished runs of an experiment");
      }
      Run run = Json.read(file, Run.class, "delete it to make this run again");
      store.runs.put(store.key(run.settings()), run);
    }
    return store;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  /**
   * Checks that the stored runs and the requested ones belong together.
   *
   * @param requested the requested runs
   * @throws RunStoreException that names the file and the settings that differ
   */
  public void checkSettings(List<RunSettings> requested) throws RunStoreException {
    for (Run run : runs.values()) {
      check(run, run.settings().setup(), requested.get(0).setup());
      for (RunSettings settings : requested) {
        Candidate found = run.settings().candidate();
        if (candidateKey.apply(found).equals(candidateKey.apply(settings.candidate()))) {
          check(run, found, settings.candidate());
        }
      }
    }
  }

  /** The configuration that a run would have if it were made now. */
  @FunctionalInterface
  public interface Configurations {
    /**
     * Makes the configuration.
     *
     * @param settings of the run
     * @return Deeplearning4j's JSON
     * @throws IOException if it cannot be made
     */
    JsonNode of(RunSettings settings) throws IOException;
  }

  /**
   * Checks that the stored runs would be the same if they were made now. In another version of the
   * program, networks and updaters of the same names may differ.
   *
   * @param requested the requested runs
   * @param configurations makes the configurations they would have now
   * @throws RunStoreException that names the file and what differs
   * @throws IOException if a configuration cannot be made
   */
  public void checkConfigurations(List<RunSettings> requested, Configurations configurations)
      throws IOException {
    for (RunSettings settings : requested) {
      Run run = get(settings);
      if (run != null) {
        check(run, run.configuration(), configurations.of(settings));
      }
    }
  }

  private void check(Run run, Object found, Object requested) throws RunStoreException {
    List<String> differences = Json.differences(found, requested);
    if (!differences.isEmpty()) {
      throw new RunStoreException(
          Reason.OTHER_SETTINGS,
          String.format(
              "%s was made with other settings: %s",
              file(run.settings()), String.join("; ", differences)));
    }
  }

  /** The name of a run, such as {@code adamw.one-cycle.seed-3}. */
  private String key(RunSettings settings) {
    return candidateKey.apply(settings.candidate()) + ".seed-" + settings.seed();
  }

  private Path file(RunSettings settings) {
    return folder.resolve(key(settings) + ".json");
  }

  /**
   * Whether a run is stored.
   *
   * @param settings of the run
   * @return true if it does not have to be made
   */
  public boolean contains(RunSettings settings) {
    return runs.containsKey(key(settings));
  }

  /**
   * A stored run.
   *
   * @param settings of the run
   * @return the run, or null
   */
  public Run get(RunSettings settings) {
    return runs.get(key(settings));
  }

  /**
   * Stores a run.
   *
   * @param run the run
   * @throws RunStoreException if its file cannot be written
   */
  public void add(Run run) throws RunStoreException {
    if (folder != null) {
      try {
        Json.write(file(run.settings()), run);
      } catch (IOException e) {
        throw new RunStoreException(
            Reason.CANNOT_WRITE, String.format("cannot write %s: %s", file(run.settings()), e), e);
      }
    }
    runs.put(key(run.settings()), run);
  }

  /**
   * All runs.
   *
   * @return the runs that were in the folder and those that were added
   */
  public Collection<Run> runs() {
    return List.copyOf(runs.values());
  }
}
