package org.dl4jx.updaters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RangesTest {

  @Property(tries = 100)
  void visitEveryElementOnce(
      @ForAll @IntRange(max = 300_000) int n,
      @ForAll @IntRange(min = 1, max = 5_000) int grain,
      @ForAll @IntRange(min = 1, max = 9) int threads) {
    AtomicIntegerArray visits = new AtomicIntegerArray(n);

    long visited =
        Ranges.sum(
            n,
            grain,
            (from, to) -> {
              assertThat(from % grain).isZero();
              for (long i = from; i < to; i++) {
                visits.incrementAndGet((int) i);
              }
              return to - from;
            },
            threads);

    assertThat(visited).isEqualTo(n);
    for (int i = 0; i < n; i++) {
      assertThat(visits.get(i)).isEqualTo(1);
    }
  }

  @Test
  void staysOnTheCallersThreadForFewElements() {
    Thread caller = Thread.currentThread();

    Ranges.sum(
        Ranges.WORTH_A_THREAD,
        1,
        (from, to) -> {
          assertThat(Thread.currentThread()).isSameAs(caller);
          return 0;
        },
        8);
  }
}
