"""SOCKETS.  The only sockets and the only select.select."""
