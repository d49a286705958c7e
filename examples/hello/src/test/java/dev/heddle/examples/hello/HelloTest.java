package dev.heddle.examples.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HelloTest {
  @Test
  void shouldSquareAndSum() {
    assertEquals(49, Hello.square(7));
    assertEquals(55, Hello.sum(List.of(1, 4, 9, 16, 25)));
  }
}
