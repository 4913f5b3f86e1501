"""``python -m chat.bench``: the way in to the bench."""

import argparse
import sys
from collections.abc import Sequence

from chat.bench.questions import KINDS
from chat.bench.recall import LINES, SECONDS, Bench


def main(arguments: Sequence[str]) -> int:
    """Measure what *arguments* name, and print it; 0 if all was answered."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="How fast the house is."
    )
    what = parser.add_subparsers(required=True, metavar="WHAT")
    recall = what.add_parser("recall", help="asking what was said, while people talk")
    recall.add_argument(
        "--lines", type=int, default=LINES, help="that were said before"
    )
    recall.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help="that people ask, three times; before that others talk undisturbed",
    )
    recall.add_argument(
        "--only",
        action="append",
        choices=KINDS,
        metavar="KIND",
        help=f"ask no others than these: {', '.join(KINDS)}",
    )
    flags = parser.parse_args(arguments)
    lines, is_answered = Bench(flags.lines, flags.seconds, flags.only or KINDS).run()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0 if is_answered else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
