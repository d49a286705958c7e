package dev.heddle.transport.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.transport.Transport;
import dev.heddle.transport.TransportException;
import dev.heddle.transport.TreeShape;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class LocalNetworkTest {
  private static final int EAGER_BYTES_MAX = 4_096;

  private static final Receiver IGNORED =
      new Receiver() {
        @Override
        public void onMessage(int sourceRank, MessageBuffer buffer, int bytes) {}

        @Override
        public void onBulkReceived(int sourceRank, int transferId) {}

        @Override
        public void onBulkSent(int targetRank, int transferId) {}
      };

  @Test
  void shouldCarryAThousandRanksInOneProcess() {
    TreeShape shape = TreeShape.regular(32, 50, 20);
    LocalNetwork network = new LocalNetwork(shape, EAGER_BYTES_MAX, 64);
    for (int rank = shape.size() - 1; rank > 0; rank--) {
      LocalTransport transport = network.transport(rank);
      MessageBuffer buffer = transport.claim(Transport.POOL_UP);
      assertNotNull(buffer);
      buffer.segment().fill((byte) rank);
      transport.send(buffer, 100, transport.parentRank());
    }
    long[] heard = new long[1];
    for (int rank = 0; rank < shape.size(); rank++) {
      LocalTransport transport = network.transport(rank);
      transport.poll(
          (source, buffer, bytes) -> {
            assertEquals(100, bytes);
            assertEquals((byte) source, buffer.bytes().get(99));
            heard[0]++;
          },
          Integer.MAX_VALUE);
      assertEquals(0, transport.messagesFrom(-1));
    }
    assertEquals(shape.size() - 1, heard[0]);
    for (int rank = 0; rank < shape.size(); rank++) {
      assertTrue(network.transport(rank).isFlushed());
    }
  }

  @Test
  void shouldGiveBuffersBackWhenTheReceiverCloses() {
    LocalNetwork network = new LocalNetwork(TreeShape.oneHost(4, 2), EAGER_BYTES_MAX, 2);
    LocalTransport sender = network.transport(1);
    for (int i = 0; i < 5; i++) {
      MessageBuffer buffer = sender.claim(Transport.POOL_UP);
      assertNotNull(buffer);
      sender.send(buffer, 8, 0);
      if (i == 1) {
        assertEquals(null, sender.claim(Transport.POOL_UP));
        network.transport(0).close();
      }
    }
    assertTrue(sender.isFlushed());
  }

  @Test
  void shouldRefuseABulkTransferOfAnotherLength() {
    LocalNetwork network = new LocalNetwork(TreeShape.oneHost(4, 2), EAGER_BYTES_MAX, 2);
    assertTrue(network.transport(0).bulkReceive(1, 5, MemorySegment.ofArray(new byte[10])));
    assertTrue(network.transport(1).bulkSend(0, 5, MemorySegment.ofArray(new byte[11])));
    TransportException refused =
        assertThrows(TransportException.class, () -> network.transport(1).pollBulk(IGNORED));
    assertTrue(String.valueOf(refused.getMessage()).contains("expectedBytes=10"));
  }

  @Test
  void shouldGiveTheSameEndAtEveryCall() {
    LocalNetwork network = new LocalNetwork(TreeShape.oneHost(4, 3), EAGER_BYTES_MAX, 2);
    assertSame(network.transport(2), network.transport(2));
    assertThrows(IllegalArgumentException.class, () -> network.transport(3));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LocalNetwork(TreeShape.oneHost(4, 3), EAGER_BYTES_MAX, 0));
  }
}
