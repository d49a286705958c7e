package dev.heddle.runtime.output;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `System.out` or `System.err` during a run. A thread that runs a task gets its slot's stream;
/// every other thread gets the stream from before the run.
///
/// Every call is handed on as it is, so that code outside of tasks sees no difference: neither
/// bytes nor buffering nor locks are added. The stream goes on to work after the run, for code that
/// has kept it.
@SuppressWarnings("AnnotateFormatMethod") // PrintStream's own methods lack it too
final class RoutedStream extends PrintStream {
  private final PrintStream original;
  private final boolean isErr;

  RoutedStream(PrintStream original, boolean isErr) {
    super(original);
    this.original = original;
    this.isErr = isErr;
  }

  /// The stream from before the run.
  PrintStream original() {
    return original;
  }

  private PrintStream target() {
    SlotOutput output = PrintingThread.outputOfThread();
    return output == null ? original : output.stream(isErr);
  }

  @Override
  public void flush() {
    target().flush();
  }

  /// Closes the stream from before the run, unless a task calls: a task can't close it for others.
  @Override
  public void close() {
    if (PrintingThread.outputOfThread() == null) {
      original.close();
    }
  }

  @Override
  public boolean checkError() {
    return target().checkError();
  }

  @Override
  public Charset charset() {
    return target().charset();
  }

  @Override
  public void write(int b) {
    target().write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    target().write(bytes, offset, length);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    target().write(bytes);
  }

  @Override
  public void writeBytes(byte[] bytes) {
    target().writeBytes(bytes);
  }

  @Override
  public void print(boolean value) {
    target().print(value);
  }

  @Override
  public void print(char value) {
    target().print(value);
  }

  @Override
  public void print(int value) {
    target().print(value);
  }

  @Override
  public void print(long value) {
    target().print(value);
  }

  @Override
  public void print(float value) {
    target().print(value);
  }

  @Override
  public void print(double value) {
    target().print(value);
  }

  @Override
  public void print(char[] value) {
    target().print(value);
  }

  @Override
  public void print(@Nullable String value) {
    target().print(value);
  }

  @Override
  public void print(@Nullable Object value) {
    target().print(value);
  }

  @Override
  public void println() {
    target().println();
  }

  @Override
  public void println(boolean value) {
    target().println(value);
  }

  @Override
  public void println(char value) {
    target().println(value);
  }

  @Override
  public void println(int value) {
    target().println(value);
  }

  @Override
  public void println(long value) {
    target().println(value);
  }

  @Override
  public void println(float value) {
    target().println(value);
  }

  @Override
  public void println(double value) {
    target().println(value);
  }

  @Override
  public void println(char[] value) {
    target().println(value);
  }

  @Override
  public void println(@Nullable String value) {
    target().println(value);
  }

  @Override
  public void println(@Nullable Object value) {
    target().println(value);
  }

  @Override
  public PrintStream printf(String format, @Nullable Object... arguments) {
    return format(format, arguments);
  }

  @Override
  public PrintStream printf(@Nullable Locale locale, String format, @Nullable Object... arguments) {
    return format(locale, format, arguments);
  }

  @Override
  public PrintStream format(String format, @Nullable Object... arguments) {
    target().format(format, arguments);
    return this;
  }

  @Override
  public PrintStream format(@Nullable Locale locale, String format, @Nullable Object... arguments) {
    target().format(locale, format, arguments);
    return this;
  }

  @Override
  public PrintStream append(@Nullable CharSequence text) {
    target().append(text);
    return this;
  }

  @Override
  public PrintStream append(@Nullable CharSequence text, int start, int end) {
    target().append(text, start, end);
    return this;
  }

  @Override
  public PrintStream append(char value) {
    target().append(value);
    return this;
  }
}
