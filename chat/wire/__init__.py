"""BYTES.  Pure: what arrives, what waits to leave, and what is safe to show."""
