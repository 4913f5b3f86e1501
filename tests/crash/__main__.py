"""Kill busy servers, or cut their power, and print what their stores still hold.

    python -m tests.crash [--rounds N] [--seed S]    kill -9, fifty times
    python -m tests.crash --power [--seed S]         lose what was not on the disk

The status is 0 if nothing that anybody has read is missing.
"""

import random
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from tests.crash import killed, power

ROUNDS = 50


def main(arguments: Sequence[str]) -> int:
    """Play as many rounds as *arguments* say."""
    parser = ArgumentParser(prog="scripts/crash")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().getrandbits(32)
    )
    parser.add_argument("--power", action="store_true")
    flags = parser.parse_args(arguments)
    _tell(f"Seed {flags.seed}.")
    chance = random.Random(flags.seed)  # noqa: S311 - nobody guesses it
    with tempfile.TemporaryDirectory(prefix="chat-crash-") as folder:
        if flags.power:
            return _cut(Path(folder), flags.rounds, chance)
        return _kill(Path(folder), flags.rounds, chance)


def _kill(folder: Path, rounds: int, chance: random.Random) -> int:
    """Have so many rounds that count, with as many tries as that takes."""
    began, counted, failed, number = time.monotonic(), 0, 0, 0
    _tell(killed.HEAD)
    while counted < rounds and number < 2 * rounds:
        number += 1
        round_ = killed.killed(folder, number, chance)
        counted += round_.counts
        failed += bool(round_.wrong)
        _tell(str(round_))
    took = time.monotonic() - began
    _tell(f"\n{number} rounds in {took:.0f} s, {counted} count, {failed} failed.")
    return 1 if failed or counted < rounds else 0


def _cut(folder: Path, rounds: int, chance: random.Random) -> int:
    if power.STRACE is None:
        _tell("Skipped: strace is not installed (the Debian package of that name).")
        return 0
    _tell(power.HEAD)
    cuts = power.cuts(folder, rounds, chance)
    for cut in cuts:
        _tell(str(cut))
    failed = sum(bool(cut.wrong) for cut in cuts)
    _tell(f"\n{len(cuts)} cuts, {failed} failed.")
    return 1 if failed else 0


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
