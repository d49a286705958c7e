package dev.heddle.examples.readmap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/// DNA as arrays of codes: A 0, C 1, G 2, T 3, one per byte; a base and its complement add up to 3.
final class Bases {
  private static final String LAMBDA = "/lambda_virus.fa.gz";

  private Bases() {}

  /// The genome of phage lambda, NCBI NC_001416.1: 48,502 bases, from the FASTA file in this jar.
  static byte[] lambda() {
    try (InputStream file = Bases.class.getResourceAsStream(LAMBDA)) {
      if (file == null) {
        throw new IllegalStateException(LAMBDA + " is not in the example's jar: build it again");
      }
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
        StringBuilder letters = new StringBuilder(50_000);
        lines.lines().filter(line -> !line.startsWith(">")).forEach(letters::append);
        return ofLetters(letters);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot read " + LAMBDA, broken);
    }
  }

  /// Codes of the letters ACGT. Errors: any other letter is refused by name and place.
  static byte[] ofLetters(CharSequence letters) {
    byte[] codes = new byte[letters.length()];
    for (int i = 0; i < codes.length; i++) {
      int code = "ACGT".indexOf(letters.charAt(i));
      if (code < 0) {
        throw new IllegalArgumentException(
            "not a base: '" + letters.charAt(i) + "' at position " + i);
      }
      codes[i] = (byte) code;
    }
    return codes;
  }

  /// Writes what the opposite strand reads: complements in reverse order. The arrays must differ.
  static void reverseComplement(byte[] from, byte[] to) {
    for (int i = 0; i < from.length; i++) {
      to[from.length - 1 - i] = (byte) (3 - from[i]);
    }
  }
}
