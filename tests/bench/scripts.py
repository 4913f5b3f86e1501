"""Scripts that start servers, as the bench wants them."""

import sys
from pathlib import Path

FAULTY = Path(__file__).with_name("faulty.py")


def write_script(folder: Path, name: str, does: str) -> Path:
    """A script ``start-NAME.sh`` that *does* something."""
    path = folder / f"start-{name}.sh"
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return path


def write_faulty(folder: Path, fault: str) -> Path:
    """A script that starts the small server with that *fault*."""
    does = f"exec '{sys.executable}' '{FAULTY}' '{fault}' \"$1\""
    return write_script(folder, fault.replace(" ", "-"), does)
