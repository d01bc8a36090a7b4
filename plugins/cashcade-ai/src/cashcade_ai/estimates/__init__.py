"""Parameters of processes, estimated from history up to September 2025."""
