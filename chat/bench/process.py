"""A process of this machine: how much time it has had, and how much memory it has."""

import os
from pathlib import Path
from typing import Final

_TICK: Final = 1 / os.sysconf("SC_CLK_TCK")
# In /proc/stat: what is spent on programs and for them, and not on waiting.
_BUSY: Final = (1, 2, 3, 6, 7, 8)
# In /proc/PID/stat, counted from behind the name, which may hold anything.
_USER, _SYSTEM = 11, 12


def cpu_seconds(pid: int) -> float:
    """How long it has been computing, or the kernel for it; 0 where nobody knows."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) * _TICK


def busy_seconds() -> float:
    """How long all cores have been computing, for anybody; 0 as above."""
    try:
        fields = Path("/proc/stat").read_text().partition("\n")[0].split()
    except OSError:
        return 0.0
    return sum(int(fields[each]) for each in _BUSY) * _TICK


def memory(pid: int) -> int:
    """Its memory in bytes, what it shares with others included; 0 as above."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    sizes = [line.split() for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(sizes[0][1]) * 1024 if sizes else 0
