package dev.heddle.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {
  @Test
  void shouldPollInTheOrderOfAStableSort() {
    SplittableRandom random = new SplittableRandom(1);
    ReadyQueue queue = new ReadyQueue();
    List<Task> tasks = new ArrayList<>();
    for (int i = 1; i <= 5_000; i++) {
      Task task = new Task(i, 0, random.nextInt(-128, 128), "", 0, new Object[0]);
      tasks.add(task);
      queue.add(task);
    }
    tasks.sort(Comparator.comparingInt(Task::priority).reversed());
    for (Task expected : tasks) {
      assertSame(expected, queue.peek());
      assertSame(expected, queue.poll());
    }
    assertNull(queue.peek());
    assertNull(queue.poll());
    assertEquals(0, queue.size());
  }

  @Test
  void shouldServeATaskThatComesAgain() {
    ReadyQueue queue = new ReadyQueue();
    Task task = new Task(1, 0, 5, "", 0, new Object[0]);
    for (int i = 0; i < 3; i++) {
      queue.add(task);
      assertEquals(1, queue.size());
      assertNotNull(queue.poll());
      assertNull(queue.poll());
    }
  }
}
