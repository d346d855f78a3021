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
   * @param model the network or graph
   * @param since when its last step began, in milliseconds; older files have other parameters. 0 if
   *     there was no step
   * @throws IllegalStateException if the listener is listed too early to be in a file when it is
   *     complete, or two listeners have the same name
   * @throws UncheckedIOException if a file cannot be written
   */
  void addToNew(Model model, long since) {
    Collection<TrainingListener> now = Models.listeners(model);
    if (!isKnown(now)) {
      look(now);
    }
    for (Folder folder : folders.values()) {
      folder.addToNew(since);
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

  private void look(Collection<TrainingListener> now) {
    List<TrainingListener> all = List.copyOf(now);
    int own = all.indexOf(listener);
    for (int i = 0; i < all.size(); i++) {
      TrainingListener other = all.get(i);
      if (other instanceof SavedListener saved && i != own) {
        checkName(saved);
      } else if (other instanceof CheckpointListener writer) {
        checkOrder(i, own);
        folders.computeIfAbsent(writer, Folder::new);
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

    /** In which the writer notes every file when it is complete; unknown before the first. */
    private File record;

    private long recorded;
    private int last = -1;

    Folder(CheckpointListener writer) {
      this.writer = writer;
    }

    void addToNew(long since) {
      if (record != null && record.length() == recorded) {
        return;
      }
      Checkpoint newest = writer.lastCheckpoint();
      if (newest == null) {
        return;
      }
      File file = writer.getFileForCheckpoint(newest);
      record = new File(file.getParentFile(), "checkpointInfo.txt");
      recorded = record.length();
      // One that was written while the listener was away has other parameters.
      boolean isOfNow = since > 0 && newest.getTimestamp() >= since;
      if (newest.getCheckpointNum() > last && isOfNow) {
        try {
          listener.addTo(file);
        } catch (IOException e) {
          throw new UncheckedIOException("cannot add " + listener.getName() + " to " + file, e);
        }
      }
      last = newest.getCheckpointNum();
    }
  }
}
