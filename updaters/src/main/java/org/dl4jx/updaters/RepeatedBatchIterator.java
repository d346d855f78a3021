package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.check;
import static org.dl4jx.schedules.checks.Argument.given;

import java.util.List;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Returns every mini-batch of another iterator several times in a row, so that {@link
 * AveragedNesterovs} takes all gradients of a cycle on the same examples:
 *
 * <pre>{@code
 * DataSetIterator repeated = new RepeatedBatchIterator(train, LookaheadAverage.THIRDS.probes());
 * boolean same = repeated.next() == repeated.next(); // true
 *
 * network.fit(repeated, 2);
 * }</pre>
 *
 * <p>An epoch has that many times as many iterations. Start training at a multiple of that number
 * of iterations, as a new network does, so that cycles and batches coincide.
 */
public class RepeatedBatchIterator implements DataSetIterator {
  private static final long serialVersionUID = 1L;

  private final DataSetIterator batches;
  private final int times;
  private transient DataSet current;
  private transient int left;

  /**
   * Repeats the batches of an iterator.
   *
   * @param batches the iterator
   * @param times how many times each batch is returned; at least 1
   * @throws IllegalArgumentException if an argument is null or outside its range, naming it
   */
  public RepeatedBatchIterator(DataSetIterator batches, int times) {
    this.batches = given("batches", batches);
    this.times = check(times >= 1, "times", times, "a number >= 1");
  }

  @Override
  public boolean hasNext() {
    return left > 0 || batches.hasNext();
  }

  @Override
  public DataSet next() {
    return take(null);
  }

  @Override
  public DataSet next(int examples) {
    return take(examples);
  }

  private DataSet take(Integer examples) {
    if (!hasNext()) {
      throw new NoSuchElementException("no batch is left; reset() starts over");
    }
    if (left == 0) {
      current = examples == null ? batches.next() : batches.next(examples);
      left = times;
    }
    left--;
    return current;
  }

  @Override
  public void reset() {
    batches.reset();
    current = null;
    left = 0;
  }

  @Override
  public boolean resetSupported() {
    return batches.resetSupported();
  }

  /**
   * Prefetching would reuse the memory of a batch that is still to be returned again.
   *
   * @return false; to prefetch, wrap the inner iterator
   */
  @Override
  public boolean asyncSupported() {
    return false;
  }

  @Override
  public int batch() {
    return batches.batch();
  }

  @Override
  public int inputColumns() {
    return batches.inputColumns();
  }

  @Override
  public int totalOutcomes() {
    return batches.totalOutcomes();
  }

  @Override
  public void setPreProcessor(DataSetPreProcessor preProcessor) {
    batches.setPreProcessor(preProcessor);
  }

  @Override
  public DataSetPreProcessor getPreProcessor() {
    return batches.getPreProcessor();
  }

  @Override
  public List<String> getLabels() {
    return batches.getLabels();
  }
}
