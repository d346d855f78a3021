package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RangesTest {
  private static final int PIECE = 1 << 15;
  private static final int WORTH_A_THREAD = 1 << 17;
  private static final int FOR_FOUR_THREADS = 4 * WORTH_A_THREAD;

  @Property(tries = 40)
  void visitEveryElementOnceInEverySum(
      @ForAll @IntRange(max = 1_300_000) int n, @ForAll @IntRange(min = 1, max = 9) int threads) {
    int length = (n + PIECE - 1) / PIECE;
    Ranges ranges = new Ranges(n, PIECE, WORTH_A_THREAD, threads);
    for (int sum = 0; sum < 3; sum++) {
      AtomicIntegerArray visits = new AtomicIntegerArray(length);

      long visited =
          ranges.sum(
              (thread, from, to) -> {
                assertThat(from % PIECE).isZero();
                assertThat(to % PIECE == 0 || to == n).isTrue();
                for (long at = from; at < to; at += PIECE) {
                  visits.incrementAndGet((int) (at / PIECE));
                }
                return to - from;
              });

      assertThat(visited).isEqualTo(n);
      for (int i = 0; i < length; i++) {
        assertThat(visits.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void useOnlyTheCallersThreadForFewElements() {
    int few = 2 * WORTH_A_THREAD - 1;
    assertThat(threadsOf(new Ranges(few, PIECE, WORTH_A_THREAD, 8)))
        .containsExactly(Thread.currentThread());
    assertThat(new Ranges(few, PIECE, WORTH_A_THREAD, 8).threads()).isEqualTo(1);
    assertThat(new Ranges(few + 1, PIECE, WORTH_A_THREAD, 8).threads()).isEqualTo(2);
  }

  /** Every piece waits for a second thread, so the first one cannot do everything. */
  @Test
  @Timeout(60)
  void useOtherThreadsForManyElements() {
    CountDownLatch two = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();

    new Ranges(FOR_FOUR_THREADS, PIECE, WORTH_A_THREAD, 2)
        .sum(
            (thread, from, to) -> {
              if (threads.add(Thread.currentThread())) {
                two.countDown();
              }
              await(two);
              return 0;
            });

    assertThat(threads).hasSize(2);
  }

  @Test
  @Timeout(60)
  void doNotWaitForThreadsThatAreBusyElsewhere() {
    int parallelism = ForkJoinPool.getCommonPoolParallelism();
    CountDownLatch busy = new CountDownLatch(parallelism);
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < parallelism; i++) {
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                busy.countDown();
                await(release);
              });
    }
    await(busy);
    Ranges ranges = new Ranges(FOR_FOUR_THREADS, PIECE, WORTH_A_THREAD, 4);
    try {
      for (int i = 0; i < 3; i++) {
        assertThat(ranges.sum((thread, from, to) -> to - from)).isEqualTo(FOR_FOUR_THREADS);
      }
      assertThat(threadsOf(ranges)).containsExactly(Thread.currentThread());
    } finally {
      release.countDown();
    }
    assertThat(ranges.sum((thread, from, to) -> to - from)).isEqualTo(FOR_FOUR_THREADS);
  }

  /** A caller that is itself a thread of the pool does not take on other work while it waits. */
  @Test
  @Timeout(60)
  void mayBeCalledFromThePool() {
    ThreadLocal<Boolean> within = ThreadLocal.withInitial(() -> false);
    AtomicInteger nested = new AtomicInteger();

    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i -> {
              nested.addAndGet(within.get() ? 1 : 0);
              within.set(true);
              Ranges ranges = new Ranges(FOR_FOUR_THREADS, PIECE, WORTH_A_THREAD, 4);
              for (int sum = 0; sum < 3; sum++) {
                assertThat(ranges.sum((thread, from, to) -> to - from)).isEqualTo(FOR_FOUR_THREADS);
              }
              within.set(false);
            });

    assertThat(nested).hasValue(0);
  }

  @Test
  @Timeout(60)
  void returnOnlyWhenAllThreadsAreDone() {
    AtomicInteger atWork = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    Thread caller = Thread.currentThread();

    new Ranges(FOR_FOUR_THREADS, PIECE, WORTH_A_THREAD, 2)
        .sum(
            (thread, from, to) -> {
              atWork.incrementAndGet();
              two.countDown();
              await(two);
              if (Thread.currentThread() != caller) {
                sleep(20);
              }
              atWork.decrementAndGet();
              return 0;
            });

    assertThat(atWork).hasValue(0);
  }

  @Test
  @Timeout(60)
  void passOnWhatAnotherThreadThrows() {
    CountDownLatch two = new CountDownLatch(2);
    Thread caller = Thread.currentThread();

    assertThatThrownBy(
            () ->
                new Ranges(FOR_FOUR_THREADS, PIECE, WORTH_A_THREAD, 2)
                    .sum(
                        (thread, from, to) -> {
                          two.countDown();
                          await(two);
                          if (Thread.currentThread() != caller) {
                            throw new ArithmeticException("in a helper");
                          }
                          return 0;
                        }))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("in a helper");
  }

  private static Set<Thread> threadsOf(Ranges ranges) {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    ranges.sum(
        (thread, from, to) -> {
          threads.add(Thread.currentThread());
          return 0;
        });
    return threads;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** So that two threads have the same amount of work. */
  @Test
  void piecesMayBeShorter() {
    AtomicIntegerArray visits = new AtomicIntegerArray(100_000);
    Ranges ranges = new Ranges(100_000, 1 << 14, 3 << 14, 8);

    ranges.sum(
        (thread, from, to) -> {
          assertThat(to - from).isLessThanOrEqualTo(1 << 14);
          for (long at = from; at < to; at++) {
            visits.incrementAndGet((int) at);
          }
          return 0;
        });

    assertThat(ranges.threads()).isEqualTo(2);
    assertThat(IntStream.range(0, 100_000).allMatch(i -> visits.get(i) == 1)).isTrue();
  }
}
