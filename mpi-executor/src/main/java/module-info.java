/// Everything that runs Heddle's tasks; users see the API only.
@org.jspecify.annotations.NullMarked
module dev.heddle.executor {
  requires dev.heddle;
  requires static org.jspecify;
  requires org.slf4j;
  requires org.jctools.core;
  requires java.management;
  requires jdk.management;
  requires jdk.unsupported;

  provides dev.heddle.spi.ExecutorProvider with
      dev.heddle.runtime.launch.HeddleProvider;
}
