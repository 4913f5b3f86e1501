"""THE TERMINAL.  A separate program that speaks IRC to any server."""
