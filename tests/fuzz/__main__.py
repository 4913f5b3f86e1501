"""``scripts/fuzz``: a million lines of nonsense, and what became of the server."""

import argparse
import platform
import resource
import sys
import traceback
from collections import Counter
from time import perf_counter
from typing import Final

from chat import VERSION
from tests.fuzz.house import play
from tests.fuzz.people import Flaw

# What may be added to the peak after the first round: by chance, and by each line.
# Keeping a line of chat costs at least a hundred bytes.
_MEGABYTES: Final = 5
_BYTES_A_LINE: Final = 20
_PROGRESS_SECONDS: Final = 5


def main() -> int:
    """Play, and say how it went; 1 if something is wrong."""
    flags = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    flags.add_argument("--lines", type=int, default=1_000_000)
    flags.add_argument("--seed", type=int, default=1)
    given = flags.parse_args()
    try:
        _play(given.seed, given.lines)
    except Exception:  # noqa: BLE001 - of whatever kind: this is what we look for
        traceback.print_exc(file=sys.stdout)
        return 1
    return 0


def _play(seed: int, lines: int) -> None:
    heard: Counter[str] = Counter()
    longest = first_peak = 0.0
    began = told = perf_counter()
    for played in play(seed, lines):
        heard += played.heard
        longest = max(longest, played.longest_turn)
        first_peak = first_peak or _peak()
        if perf_counter() > told + _PROGRESS_SECONDS:
            told = perf_counter()
            _tell(f"{heard.total()} lines, peak {_peak():.1f} MB ...")
    seconds = perf_counter() - began
    by_dialect = ", ".join(f"{name} {n}" for name, n in heard.most_common())
    _tell(
        f"{heard.total()} lines ({by_dialect}) in {seconds:.1f} s:"
        f" {heard.total() / seconds:.0f} lines/s, peak {_peak():.1f} MB"
        f" (first round {first_peak:.1f}), longest turn {longest * 1000:.1f} ms,"
        f" seed {seed}, switchboard {VERSION},"
        f" Python {platform.python_version()}"
    )
    allowed = _MEGABYTES + heard.total() * _BYTES_A_LINE / 1e6
    if _peak() > first_peak + allowed:
        raise Flaw(f"the peak grew by more than {allowed:.1f} MB")


def _peak() -> float:
    """The most memory this process ever had, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
