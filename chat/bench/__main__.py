"""``python -m chat.bench``: the way in to the bench."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType
from typing import Final, NoReturn

from chat.bench import asked, picture
from chat.bench.load import QUICKACK
from chat.bench.questions import KINDS
from chat.bench.recall import LINES, SECONDS, Bench
from chat.bench.results import Result, machine, report, table
from chat.bench.revision import Unknown
from chat.net.clock import Clock

_LOAD: Final = "load"
_RECALL: Final = "recall"
_WORDS: Final = (_LOAD, _RECALL, "-h", "--help")


def main(arguments: Sequence[str]) -> int:
    """Measure what *arguments* name, and print it; 0 if nothing has gone wrong."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="How fast the house is."
    )
    what = parser.add_subparsers(required=True, metavar="WHAT")
    load = what.add_parser(_LOAD, help="how much people can say (goes without saying)")
    asked.add_flags(load)
    load.set_defaults(measure=_load)
    recall = what.add_parser(_RECALL, help="asking what was said, while people talk")
    _add_recall_flags(recall)
    recall.set_defaults(measure=_recall)
    if not arguments or arguments[0] not in _WORDS:
        arguments = [_LOAD, *arguments]
    flags = parser.parse_args(arguments)
    status: int = flags.measure(flags)
    return status


def end_in_order() -> None:
    """Have a signal that ends us leave no server, process or folder behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Who ignores one of them (nohup) goes on to do so.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    # Once is enough: what is being cleared away must not be interrupted.
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _load(flags: argparse.Namespace) -> int:
    try:
        with ExitStack() as end:
            if flags.picture is not None:
                picture.must_be_possible()
            results = asked.load(flags, end).run()
    except (picture.Missing, Unknown, ValueError) as error:
        sys.stderr.write(f"scripts/bench: {error}\n")
        return 2
    _print(table(results))
    _write(flags, results)
    errors = [error for each in results for error in each.errors]
    sys.stderr.write("".join(f"scripts/bench: {error}\n" for error in errors))
    return 1 if errors else 0


def _write(flags: argparse.Namespace, results: Sequence[Result]) -> None:
    """Write what was asked for beside the table."""
    if flags.json is not None:
        said = report(results, asked.settings(flags), Clock().now().wall)
        flags.json.write_text(json.dumps(said, indent=1) + "\n")
    if flags.picture is not None:
        picture.draw(results, asked.titles(flags), _caption(results), flags.picture)


def _caption(results: Sequence[Result]) -> str:
    """What one has to know to read the picture."""
    where = "{processor}, {cores} cores, {kernel}, Python {python}".format(**machine())
    runs = max(len(each.runs) for each in results)
    how = f"Median of {runs} runs, all on one machine: {where}."
    if any(each.server.endswith(QUICKACK) for each in results):
        how += "\nquickack: those who read acknowledge at once."
    return how


def _recall(flags: argparse.Namespace) -> int:
    lines, is_answered = Bench(flags.lines, flags.seconds, flags.only or KINDS).run()
    _print(lines)
    return 0 if is_answered else 1


def _add_recall_flags(recall: argparse.ArgumentParser) -> None:
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


def _print(lines: Sequence[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    end_in_order()
    raise SystemExit(main(sys.argv[1:]))
