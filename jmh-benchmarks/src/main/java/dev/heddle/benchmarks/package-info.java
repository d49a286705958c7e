/// Micro-benchmarks by JMH: one class per question, with its command. Imports whatever it measures.
@NullMarked
package dev.heddle.benchmarks;

import org.jspecify.annotations.NullMarked;
