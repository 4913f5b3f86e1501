"""Switchboard: a chat server for people and programs, and its terminal client."""

from typing import Final

# Here, and not asked of what is installed: that takes a mail parser and a zip
# reader, and two megabytes of a server's memory.
VERSION: Final = "0.1.0"
