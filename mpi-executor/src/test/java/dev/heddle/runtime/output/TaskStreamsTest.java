package dev.heddle.runtime.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskStreamsTest {
  private final PrintStream outBefore = System.out;
  private final PrintStream errBefore = System.err;

  @AfterEach
  void putBack() {
    System.setOut(outBefore);
    System.setErr(errBefore);
  }

  @Test
  void shouldPutTheStreamsBackAfterTheLastUser() {
    TaskStreams.Originals first = TaskStreams.acquire();
    PrintStream ours = System.out;
    assertNotSame(outBefore, ours);
    TaskStreams.Originals second = TaskStreams.acquire();
    assertEquals(first, second);
    assertSame(outBefore, first.stream(false));
    assertSame(errBefore, first.stream(true));
    TaskStreams.release();
    assertSame(ours, System.out);
    TaskStreams.release();
    assertSame(outBefore, System.out);
    assertSame(errBefore, System.err);
  }

  @Test
  void shouldLeaveAStreamThatTheUserHasSet() {
    TaskStreams.acquire();
    PrintStream theirs = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    System.setOut(theirs);
    TaskStreams.release();
    assertSame(theirs, System.out);
    assertSame(errBefore, System.err);
  }

  @Test
  void shouldHandEveryCallOnAsItIs() {
    ByteArrayOutputStream direct = new ByteArrayOutputStream();
    ByteArrayOutputStream routed = new ByteArrayOutputStream();
    print(new PrintStream(direct, false, StandardCharsets.UTF_16BE));
    print(new RoutedStream(new PrintStream(routed, false, StandardCharsets.UTF_16BE), false));
    assertEquals(
        direct.toString(StandardCharsets.UTF_16BE), routed.toString(StandardCharsets.UTF_16BE));
    assertEquals(
        StandardCharsets.UTF_16BE,
        new RoutedStream(new PrintStream(routed, false, StandardCharsets.UTF_16BE), true)
            .charset());
  }

  private static void print(PrintStream s) {
    s.print(true);
    s.print('c');
    s.print(1);
    s.print(2L);
    s.print(3f);
    s.print(4d);
    s.print(new char[] {'x', 'y'});
    s.print("text");
    s.print((Object) null);
    s.println();
    s.println(true);
    s.println('c');
    s.println(1);
    s.println(2L);
    s.println(3f);
    s.println(4d);
    s.println(new char[] {'x', 'y'});
    s.println("text");
    s.println((Object) "object");
    s.printf("%d-%s%n", 5, "a");
    s.printf(Locale.ROOT, "%.1f%n", 5.5);
    s.format("%d%n", 6);
    s.format(Locale.ROOT, "%.1f%n", 6.5).append("sequence").append("sequence", 1, 3).append('e');
    s.write(0);
    s.write('u');
    s.write(new byte[] {0, 'v', 0, 'w'}, 2, 2);
    s.writeBytes(new byte[] {0, 'z'});
    s.flush();
  }
}
