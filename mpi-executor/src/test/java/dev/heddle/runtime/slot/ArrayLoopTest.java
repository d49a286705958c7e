package dev.heddle.runtime.slot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Combiner;
import dev.heddle.Fn1;
import dev.heddle.LongCombiner;
import dev.heddle.LongFn;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.graph.ArrayJob;
import dev.heddle.wire.frame.Frame;
import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Loops around functions. Each loop has a class of its own.
class ArrayLoopTest {
  private final FunctionTable functions =
      new FunctionTable(ArrayLoopTest.class.getClassLoader(), "here");
  private final ArrayLoops loops = new ArrayLoops(functions);
  private final StopSignal stop = new StopSignal();
  private int defined;

  private int define(Serializable function) {
    functions.define(defined, CapturedFunction.of(function).definition().toBytes());
    return defined++;
  }

  private ArrayLoop loop(int form, Serializable function, @Nullable Serializable combiner) {
    byte[] frame = new byte[Frame.ARRAY_BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.putInt(s, 20, define(function));
    Frame.putInt(s, 32, combiner == null ? -1 : define(combiner));
    Frame.putInt(s, 36, form);
    Frame.putInt(s, 64, combiner == null ? 0 : CapturedFunction.of(combiner).captures().length);
    Frame.putInt(s, 68, CapturedFunction.of(function).captures().length);
    ArrayDescriptor array = new ArrayDescriptor(frame, null);
    ArrayLoop loop = loops.loop(array, stop);
    loop.captures = CapturedFunction.of(function).captures();
    assertSame(loop.getClass(), loops.loop(array, stop).getClass(), "made once");
    assertTrue(loop.getClass().isHidden());
    return loop;
  }

  private static LongFn plus(long offset) {
    return i -> i + offset;
  }

  @Test
  void shouldKeepWhatTheFunctionGives() throws Throwable {
    ArrayLoop loop = loop(ArrayJob.KEEP_LONGS, plus(40), null);
    loop.longs = new long[5];
    loop.keep(2, 3, 3, 1);
    assertArrayEquals(new long[] {0, 42, 45, 48, 0}, loop.longs);
    assertEquals(3, loop.done);
    Fn1<Long, String> text = i -> "n" + i;
    ArrayLoop objects = loop(ArrayJob.KEEP_OBJECTS, text, null);
    objects.objects = new Object[2];
    objects.keep(7, 1, 2, 0);
    assertArrayEquals(new Object[] {"n7", "n8"}, objects.objects);
    Fn1<String, Integer> length = String::length;
    ArrayLoop items = loop(ArrayJob.KEEP_OBJECTS | ArrayJob.LIST_INPUT, length, null);
    items.items = new Object[] {"a", "bcd", "ef"};
    items.objects = new Object[2];
    items.keep(1, 1, 2, 0);
    assertArrayEquals(new Object[] {3, 2}, items.objects);
    assertNotSame(loop.getClass(), loop(ArrayJob.KEEP_LONGS, plus(1), null).getClass());
  }

  @Test
  void shouldCombineFromWhereItStopped() throws Throwable {
    LongCombiner sum = Long::sum;
    ArrayLoop loop = loop(ArrayJob.REDUCE_LONGS, plus(0), sum);
    loop.reduce(1, 1, 3);
    loop.reduce(10, 10, 2);
    assertEquals(36, loop.longValue);
    Fn1<Long, String> text = i -> "" + i;
    Combiner<String> join = String::concat;
    ArrayLoop words = loop(ArrayJob.REDUCE_OBJECTS, text, join);
    words.reduce(0, 1, 4);
    assertEquals("0123", words.value);
  }

  @Test
  void shouldSayHowFarItGotWhenTheFunctionThrows() throws Throwable {
    List<Long> seen = new ArrayList<>();
    LongFn fails =
        i -> {
          if (i == 5) {
            throw new IOException("five");
          }
          return i;
        };
    ArrayLoop loop = loop(ArrayJob.REDUCE_LONGS, fails, (LongCombiner) Long::sum);
    assertEquals("five", assertThrows(IOException.class, () -> loop.reduce(2, 1, 9)).getMessage());
    assertEquals(3, loop.done);
    assertEquals(2 + 3 + 4, loop.longValue);
    loop.isEmpty = true;
    assertThrows(IOException.class, () -> loop.reduce(5, 1, 9));
    assertEquals(0, loop.done);
    assertTrue(loop.isEmpty && seen.isEmpty());
  }

  @Test
  void shouldPauseBeforeTheNextIndexAndEndIfThatIsAskedForToo() {
    stop.pause();
    assertTrue(stop.isSet());
    assertFalse(stop.endPause(), "only a pause");
    assertFalse(stop.isSet());
    stop.pause();
    stop.set();
    assertTrue(stop.endPause());
    assertTrue(stop.isSet(), "the end stays");
    stop.clear();
    assertFalse(stop.isSet() || stop.endPause());
  }

  @Test
  void shouldStopBeforeTheNextIndex() throws Throwable {
    ArrayLoop loop = loop(ArrayJob.KEEP_LONGS, plus(0), null);
    loop.longs = new long[10];
    stop.set();
    loop.keep(0, 1, 10, 0);
    assertEquals(0, loop.done);
    stop.clear();
    loop.keep(0, 1, 10, 0);
    assertEquals(10, loop.done);
    StopSignal own = stop;
    ArrayLoop ends = loop(ArrayJob.KEEP_LONGS, (LongFn) i -> i, null);
    ends.longs = new long[4];
    Thread other = Thread.ofPlatform().start(own::set);
    other.join();
    ends.keep(0, 1, 4, 0);
    assertEquals(0, ends.done);
  }
}
