/// The API for users of Heddle: the executor, futures, functions, configuration and errors. Imports
/// the JDK only.
package dev.heddle;
