package dev.heddle.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class MessageStoreTest {
  private record Kept(int message, int length, byte fill) {}

  @Test
  void shouldKeepEachMessageWholeWhateverTheOthersDo() {
    MessageStore store = new MessageStore(3900);
    Noise noise = new Noise(3, 0);
    ArrayDeque<Kept> under = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      if (under.size() < 300 || Long.remainderUnsigned(noise.next(), 2) == 0) {
        int length = 64 + (int) Long.remainderUnsigned(noise.next(), 3900 - 63);
        byte fill = (byte) i;
        MessageBuffer buffer = store.claim();
        buffer.segment().asSlice(0, length).fill(fill);
        under.add(new Kept(store.send(buffer, length, i, i + 1), length, fill));
      } else {
        Kept kept = under.poll();
        assertEquals(kept.length(), store.length(kept.message()));
        assertEquals(store.source(kept.message()) + 1, store.target(kept.message()));
        MessageBuffer delivered = store.deliver(kept.message());
        for (int at = 0; at < kept.length(); at += 61) {
          assertEquals(kept.fill(), delivered.segment().get(ValueLayout.JAVA_BYTE, at));
        }
        byte last = delivered.segment().get(ValueLayout.JAVA_BYTE, kept.length() - 1);
        assertEquals(kept.fill(), last);
      }
    }
    assertEquals(under.size(), store.kept());
  }
}
