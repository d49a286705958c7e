/// What every measuring room needs: the tasks, conditions, reports, processes, exit codes. Imports
/// no other room.
@NullMarked
package dev.heddle.bench.measure;

import org.jspecify.annotations.NullMarked;
