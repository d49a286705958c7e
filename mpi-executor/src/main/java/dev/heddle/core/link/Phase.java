package dev.heddle.core.link;

/// Where a role is in its life.
public enum Phase {
  /// Waits for the HELLO of every child.
  STARTING,
  /// Tasks flow.
  RUNNING,
  /// The run ends; waits for the BYE of every child.
  STOPPING,
  /// All below have left; nothing more is sent.
  STOPPED
}
