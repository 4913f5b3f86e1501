"""CHAT.  Pure: commands in, effects out."""
