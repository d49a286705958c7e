package dev.heddle.examples.readmap;

/// A small random generator whose stream is a function of (seed, counter) alone.
///
/// A task that draws reads 500 to 999 gets the very reads that any other cut into batches would
/// give, on any rank and any JDK. Threading: one thread. Source: Steele, Lea and Flood, *Fast
/// Splittable Pseudorandom Number Generators*, OOPSLA 2014.
final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix(long seed, long counter) {
    // Both go through the mixer, so that neighbours in either have unrelated streams.
    state = mix64(mix64(seed + GOLDEN_GAMMA) ^ (counter * GOLDEN_GAMMA));
  }

  long next() {
    state += GOLDEN_GAMMA;
    return mix64(state);
  }

  /// Uniform in `0..bound-1`; the bias is below `bound` / 2^32.
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  private static long mix64(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
