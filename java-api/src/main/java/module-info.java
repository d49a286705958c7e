/// The API of Heddle: what a user's program types, and the seam that an executor fills.
@org.jspecify.annotations.NullMarked
module dev.heddle {
  requires transitive org.slf4j;
  requires static transitive org.jspecify;

  exports dev.heddle;
  exports dev.heddle.spi;

  uses dev.heddle.spi.ExecutorProvider;
}
