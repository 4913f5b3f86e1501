"""THE SHELL.  It wires the floors together and turns."""
