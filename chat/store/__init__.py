"""Memory: what outlives the process."""
