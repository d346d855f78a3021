package org.dl4jx.listeners;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.dl4jx.updaters.engine.Models;

/**
 * A listener that has a state, which is saved in the file of the model:
 *
 * <ul>
 *   <li>In the files of a {@link CheckpointListener}, it is there without further ado. List the
 *       {@code CheckpointListener} first.
 *   <li>To a file that you save yourself, {@link #addTo(File) add} it.
 * </ul>
 *
 * <p>A listener follows one network or graph. It gets to know it in the first iteration, or by
 * {@link #follow(Model) follow}. It does not take part in layerwise pretraining.
 *
 * <p>{@code ParallelWrapper} trains the network in one thread, and copies of it in others, which
 * call its listeners too. Let the listener follow the network before you build the wrapper. It then
 * sees the iterations of the network, and leaves out those of the copies:
 *
 * <pre>{@code
 * ExponentialMovingAverage average = new ExponentialMovingAverage(0.999);
 * average.follow(network);
 * network.addListeners(average);
 * ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(2).build();
 * }</pre>
 */
public abstract class SavedListener extends BaseTrainingListener implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private transient WeakReference<Model> followed;
  private transient boolean sharesWithCopies;
  private transient Checkpoints checkpoints;

  /** When the last step of the network began, in milliseconds; 0 before the first. */
  private transient long stepBegan;

  /**
   * A listener with a name.
   *
   * @param name what tells it apart from others in the same file
   * @throws IllegalArgumentException if the name is not one or more letters, digits and any of
   *     "-._"
   */
  protected SavedListener(String name) {
    this.name = checked(name);
  }

  private static String checked(String name) {
    return check(
        given("name", name).matches("[A-Za-z0-9._-]+"),
        "name",
        name,
        "one or more letters, digits and any of \"-._\"");
  }

  /**
   * What tells it apart from others in the same file.
   *
   * @return the name
   */
  public final String getName() {
    return name;
  }

  /**
   * Follows a network or graph, and no other that calls this listener. Without this, it follows the
   * one that trains first, and refuses others.
   *
   * @param model the network or graph
   * @throws IllegalArgumentException if it is neither
   */
  public final void follow(Model model) {
    check(
        Models.isNetwork(given("model", model)),
        "model",
        model.getClass().getName(),
        "a MultiLayerNetwork or ComputationGraph");
    followed = new WeakReference<>(model);
    sharesWithCopies = true;
    checkpoints = null;
  }

  /**
   * Adds this listener to a file that a network was saved in. If that fails, the file stays as it
   * was.
   *
   * @param modelFile a file by {@code ModelSerializer} or {@code network.save}
   * @throws IOException if it is not such a file, or cannot be written
   */
  public final synchronized void addTo(File modelFile) throws IOException {
    ModelFile.add(given("modelFile", modelFile).toPath(), name, this);
  }

  /**
   * Reads a listener from the file of a model.
   *
   * @param <L> the type of the listener
   * @param type its class
   * @param modelFile the file
   * @param name its name
   * @return the listener
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if there is no such listener in it
   */
  protected static <L extends SavedListener> L restore(Class<L> type, File modelFile, String name)
      throws IOException {
    return ModelFile.read(given("modelFile", modelFile).toPath(), checked(name), type);
  }

  /**
   * Called before every step of the network that it follows, when its gradient is known.
   *
   * @param model the network or graph
   */
  protected void beforeStep(Model model) {}

  /**
   * Called after every iteration of the network that it follows.
   *
   * @param model the network or graph
   */
  protected void afterIteration(Model model) {}

  /**
   * Called after every epoch of the network that it follows.
   *
   * @param model the network or graph
   */
  protected void afterEpoch(Model model) {}

  /**
   * Called in the place of the others for a network that this listener does not follow.
   *
   * @param copy a copy that {@code ParallelWrapper} trains, or another network
   */
  protected void skipCopy(Model copy) {}

  @Override
  public final synchronized void onGradientCalculation(Model model) {
    if (follows(model)) {
      stepBegan = System.currentTimeMillis();
      beforeStep(model);
    }
  }

  @Override
  public final synchronized void iterationDone(Model model, int iteration, int epoch) {
    if (follows(model)) {
      afterIteration(model);
      checkpoints().addToNew(model, stepBegan);
    }
  }

  @Override
  public final synchronized void onEpochEnd(Model model) {
    if (follows(model)) {
      afterEpoch(model);
      checkpoints().addToNew(model, stepBegan);
    }
  }

  private boolean follows(Model model) {
    if (!Models.isNetwork(model)) {
      return false;
    }
    Model known = followed == null ? null : followed.get();
    if (known == null) {
      followed = new WeakReference<>(model);
    } else if (known != model) {
      if (sharesWithCopies) {
        skipCopy(model);
        return false;
      }
      throw new IllegalStateException(
          String.format(
              "%s \"%s\" follows one network, but another one has called it. For ParallelWrapper,"
                  + " and to go on with a copy, call follow(network) with the one to follow",
              getClass().getSimpleName(), name));
    }
    return true;
  }

  private Checkpoints checkpoints() {
    if (checkpoints == null) {
      checkpoints = new Checkpoints(this);
    }
    return checkpoints;
  }

  /**
   * Whether a network will call this listener.
   *
   * @param model a network or graph
   * @return true if it is among its listeners
   */
  protected final boolean isListenerOf(Model model) {
    return Models.listeners(model).stream().anyMatch(listener -> listener == this);
  }
}
