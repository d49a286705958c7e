/// What is known of a class before an instance travels: whether it may, its tag, its fields, and
/// the forms that the JDK or its author gave it. Imports `java-api` only.
@NullMarked
package dev.heddle.codec.form;

import org.jspecify.annotations.NullMarked;
