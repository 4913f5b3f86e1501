"""The bench: how fast the house is, measured from outside."""
