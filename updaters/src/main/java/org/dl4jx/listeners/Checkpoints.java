package org.dl4jx.listeners;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.Checkpoint;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.dl4jx.updaters.engine.Models;

/** Adds a listener to the files that the checkpoint listeners of a network write. */
final class Checkpoints {
  private final SavedListener listener;
  private final Map<CheckpointListener, Folder> folders = new IdentityHashMap<>();
  private List<TrainingListener> known = List.of();

  Checkpoints(SavedListener listener) {
    this.listener = listener;
  }

  /**
   * Adds the listener to files that are new.
   *
   * @throws IllegalStateException if the listener is listed too early to be in a file when it is
   *     complete, or two listeners have the same name
   * @throws UncheckedIOException if a file cannot be written
   */
  void addToNew(Model model) {
    Collection<TrainingListener> now = Models.listeners(model);
    if (!isKnown(now)) {
      look(now, model);
    }
    for (Folder folder : folders.values()) {
      folder.addToNew();
    }
  }

  private boolean isKnown(Collection<TrainingListener> now) {
    int i = 0;
    for (TrainingListener other : now) {
      if (i == known.size() || known.get(i) != other) {
        return false;
      }
      i++;
    }
    return i == known.size();
  }

  private void look(Collection<TrainingListener> now, Model model) {
    List<TrainingListener> all = List.copyOf(now);
    int own = all.indexOf(listener);
    for (int i = 0; i < all.size(); i++) {
      TrainingListener other = all.get(i);
      if (other instanceof SavedListener saved && i != own) {
        checkName(saved);
      } else if (other instanceof CheckpointListener writer) {
        checkOrder(i, own);
        folders.computeIfAbsent(writer, w -> new Folder(w, model));
      }
    }
    folders.keySet().retainAll(all);
    known = all;
  }

  private void checkName(SavedListener other) {
    if (other.getName().equals(listener.getName())) {
      throw new IllegalStateException(
          String.format(
              "two listeners are named \"%s\", so a file could hold only one of them: give the other"
                  + " a name of its own",
              listener.getName()));
    }
  }

  private void checkOrder(int writer, int own) {
    if (writer > own) {
      throw new IllegalStateException(
          String.format(
              "%s \"%s\" must be listed after the CheckpointListener to get into its files, as in"
                  + " setListeners(checkpoints, average)",
              listener.getClass().getSimpleName(), listener.getName()));
    }
  }

  /** The folder of a checkpoint listener. */
  private final class Folder {
    private final CheckpointListener writer;
    private final String type;
    private int next;

    /** Unknown before the first file, because the writer does not tell. */
    private File folder;

    Folder(CheckpointListener writer, Model model) {
      this.writer = writer;
      this.type = model.getClass().getSimpleName();
      Checkpoint last = writer.lastCheckpoint();
      if (last != null) {
        boolean isOfNow = last.getIteration() == BaseOptimizer.getIterationCount(model);
        next = last.getCheckpointNum() + (isOfNow ? 0 : 1);
        folder = writer.getFileForCheckpoint(last).getParentFile();
      }
    }

    void addToNew() {
      for (File file = file(next); file != null; file = file(++next)) {
        try {
          listener.addTo(file);
        } catch (IOException e) {
          throw new UncheckedIOException("cannot add " + listener.getName() + " to " + file, e);
        }
      }
    }

    /** The file of a checkpoint, or null if there is none yet. */
    private File file(int number) {
      if (folder == null) {
        try {
          folder = writer.getFileForCheckpoint(number).getParentFile();
        } catch (IllegalStateException none) {
          return null;
        }
      }
      File file = new File(folder, "checkpoint_" + number + "_" + type + ".zip");
      return file.exists() ? file : null;
    }
  }
}
