/// What a user of Heddle types: the executor, futures, functions, configuration and errors. Imports
/// the JDK only.
package dev.heddle;
