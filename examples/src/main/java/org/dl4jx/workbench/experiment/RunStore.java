package org.dl4jx.workbench.experiment;

import static org.dl4jx.schedules.checks.Argument.given;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jx.schedules.checks.Argument;
import org.dl4jx.workbench.data.DamagedFileException;
import org.dl4jx.workbench.experiment.RunStoreException.Reason;
import org.dl4jx.workbench.files.FolderInUseException;
import org.dl4jx.workbench.files.FolderLock;

/** Keeps finished runs in memory, and in one file per run if there is a folder for them. */
public final class RunStore {
  /** The folder of the runs, in that of the experiment. */
  public static final String FOLDER = "runs";

  private static final String SEED = ".seed-";
  private static final String SUFFIX = ".json";

  /** Beyond this number of damaged files, an error does not name them all. */
  private static final int MOST_NAMED = 10;

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
   * @throws DamagedFileException if files hold something else than their run; names them
   * @throws IOException if a run cannot be read
   */
  public static RunStore in(Path output, Function<Candidate, String> candidateKey, boolean resume)
      throws IOException {
    RunStore store = new RunStore(output.resolve(FOLDER), candidateKey);
    if (!resume && !store.files().isEmpty()) {
      throw new RunStoreException(
          Reason.HAS_RUNS, output + " already has the finished runs of an experiment");
    }
    store.refresh();
    return store;
  }

  /**
   * Reads the runs that other processes have stored in the folder.
   *
   * @throws DamagedFileException if files hold something else than their run; names them
   * @throws IOException if a file cannot be read
   */
  public void refresh() throws IOException {
    List<String> refused = new ArrayList<>();
    for (Path file : files()) {
      if (!runs.containsKey(key(file))) {
        try {
          add(file);
        } catch (DamagedFileException e) {
          refused.add(e.getMessage());
        }
      }
    }
    if (!refused.isEmpty()) {
      String more =
          refused.size() > MOST_NAMED ? "; and " + (refused.size() - MOST_NAMED) + " more" : "";
      throw new DamagedFileException(
          refused.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
              + more
              + (refused.size() == 1
                  ? "; delete it to make this run again"
                  : "; delete them to make these runs again"),
          null);
    }
  }

  /**
   * Reads a run if another process has stored it.
   *
   * @param settings of the run
   * @return false if it has to be made, for the first time or again
   * @throws IOException if its file cannot be read or has other settings
   */
  boolean load(RunSettings settings) throws IOException {
    Path file = folder == null ? null : file(settings);
    if (file == null || !Files.exists(file)) {
      return false;
    }
    try {
      add(file);
    } catch (DamagedFileException e) {
      return false;
    }
    check(get(settings), get(settings).settings(), settings);
    return true;
  }

  private void add(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DamagedFileException(file + " cannot be read: it is not a file", null);
    }
    Run run = Json.read(file, Run.class);
    String name = key(file);
    Candidate candidate = run.settings().candidate();
    String seed = SEED + run.settings().seed();
    boolean ofAnother =
        !name.equals(key(run.settings()))
            && (name.equals(candidate.key() + seed) || name.equals(candidate.trialKey() + seed));
    if (ofAnother) {
      throw new RunStoreException(
          Reason.OTHER_SETTINGS, folder.getParent() + " has the runs of another command");
    }
    try {
      RunCheck.checked(run);
      Argument.check(
          key(run.settings()).equals(key(file)),
          "the run in it",
          key(run.settings()),
          "the one that it is named after");
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(file + " cannot be read: " + e.getMessage(), e);
    }
    runs.put(key(file), run);
  }

  private List<Path> files() throws IOException {
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  private static String key(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /**
   * Checks that the stored runs and the requested ones belong together.
   *
   * @param requested the requested runs
   * @throws RunStoreException that names the file and the settings that differ
   */
  public void checkSettings(List<RunSettings> requested) throws RunStoreException {
    Map<String, Candidate> candidates = candidates(requested);
    Map<Long, Run> starts = new TreeMap<>();
    for (Run run : runs.values()) {
      Candidate candidate = run.settings().candidate();
      check(run, run.settings().setup(), requested.get(0).setup());
      Candidate known = candidates.putIfAbsent(candidateKey.apply(candidate), candidate);
      check(run, candidate, known == null ? candidate : known);
      Run start = starts.putIfAbsent(run.settings().seed(), run);
      if (start != null && !initial(start).equals(initial(run))) {
        throw new RunStoreException(
            Reason.OTHER_SETTINGS,
            String.format(
                "%s starts from other weights than %s, though the seed is the same",
                file(run.settings()), file(start.settings())));
      }
    }
  }

  private static String initial(Run run) {
    return run.result().initialSha256();
  }

  private Map<String, Candidate> candidates(List<RunSettings> requested) {
    Map<String, Candidate> candidates = new TreeMap<>();
    requested.forEach(
        settings -> candidates.put(candidateKey.apply(settings.candidate()), settings.candidate()));
    return candidates;
  }

  /** What processes that store their runs in one folder have in common. */
  private record Terms(Setup setup, Map<String, Candidate> candidates) {
    private Terms {
      given("setup", setup);
      given("candidates", candidates);
    }
  }

  /**
   * Agrees with the other processes that store their runs in this folder: their settings are the
   * same as for runs that are in it already. Seeds and candidates may differ.
   *
   * @param requested the requested runs
   * @param terms what the others have agreed on; null if there are no others
   * @return what all agree on from now on
   * @throws FolderInUseException that names the settings that differ
   * @throws IOException if the terms cannot be read
   */
  public String join(List<RunSettings> requested, String terms) throws IOException {
    Terms own = new Terms(requested.get(0).setup(), candidates(requested));
    Map<String, Candidate> all = new TreeMap<>(own.candidates());
    if (terms != null) {
      Terms others = read(terms);
      List<String> differences = Json.differences(others.setup(), own.setup());
      others
          .candidates()
          .forEach(
              (key, candidate) -> {
                Candidate known = all.putIfAbsent(key, candidate);
                differences.addAll(Json.differences(candidate, known == null ? candidate : known));
              });
      if (!differences.isEmpty()) {
        throw new FolderInUseException(
            String.format(
                "another process is writing to %s with other settings: %s",
                folder.getParent(), String.join("; ", differences)));
      }
    }
    return new String(Json.text(new Terms(own.setup(), all)), StandardCharsets.UTF_8);
  }

  private Terms read(String terms) throws FolderInUseException {
    try {
      return Json.parse(terms.getBytes(StandardCharsets.UTF_8), Terms.class);
    } catch (IllegalArgumentException e) {
      throw new FolderInUseException(
          String.format(
              "another process is writing to %s, and its settings in %s cannot be read: %s",
              folder.getParent(), FolderLock.FILE, e.getMessage()));
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
    return candidateKey.apply(settings.candidate()) + SEED + settings.seed();
  }

  private Path file(RunSettings settings) {
    return folder.resolve(key(settings) + SUFFIX);
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
   * @throws IOException if its file cannot be written; the other runs are still there
   */
  public void add(Run run) throws IOException {
    if (folder != null) {
      Json.write(file(run.settings()), run);
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
