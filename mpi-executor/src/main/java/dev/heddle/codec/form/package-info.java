/// What is known of a class before an instance travels: whether it may travel, its tag, its fields,
/// and the form that the JDK or the author of the class gave it. Imports `java-api` only.
@NullMarked
package dev.heddle.codec.form;

import org.jspecify.annotations.NullMarked;
