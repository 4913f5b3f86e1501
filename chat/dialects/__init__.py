"""LANGUAGES.  Pure: lines to commands, events to lines."""
