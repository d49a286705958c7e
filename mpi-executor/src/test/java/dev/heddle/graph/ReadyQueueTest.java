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

  @Test
  void shouldServeATaskThatCameBackBeforeThoseOfItsPriority() {
    ReadyQueue queue = new ReadyQueue();
    Task first = new Task(1, 0, 5, "", 0, new Object[0]);
    queue.addFirst(first);
    assertSame(first, queue.poll());
    assertNull(queue.peek());
    Task low = new Task(2, 0, 4, "", 0, new Object[0]);
    Task same = new Task(3, 0, 5, "", 0, new Object[0]);
    queue.add(low);
    queue.add(same);
    queue.addFirst(first);
    assertEquals(3, queue.size());
    assertSame(first, queue.poll());
    assertSame(same, queue.poll());
    assertSame(low, queue.poll());
    queue.addFirst(first);
    queue.add(same);
    assertSame(first, queue.poll());
    assertSame(same, queue.poll());
    assertEquals(0, queue.size());
  }
}
