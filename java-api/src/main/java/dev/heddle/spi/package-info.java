/// The seam that an executor fills. Imports the API only; users never need it.
package dev.heddle.spi;
