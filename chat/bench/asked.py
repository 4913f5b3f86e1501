"""What is asked of the load bench: its flags, and what they stand for."""

import argparse
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from chat import VERSION
from chat.bench import rival
from chat.bench.load import OURS, QUICKACK, Load, Start, another, ours
from chat.bench.measure import Measure
from chat.bench.revision import checked_out
from chat.bench.scenarios import SCENARIOS, Scenario, named, smaller
from chat.bench.speech import Speech

_REPEATS: Final = 3
_SECONDS: Final = 5.0
_QUICK: Final = 1.0
# Before it counts, in seconds, and when one is in a hurry.
_WARM: Final = 0.5
_QUICK_WARM: Final = 0.2


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    add = parser.add_argument
    add(
        "scenarios",
        nargs="*",
        type=_scenario,
        default=[],
        metavar="SCENARIO",
        help=f"{', '.join(SCENARIOS)}, or one like talk:people=60,a_room=6,speakers=1",
    )
    add("--repeats", type=_repeats, help="runs of which the medians count")
    add("--seconds", type=float, help="that each run is measured")
    add("--generators", type=int, default=0, metavar="N", help="that many processes")
    add("--quick", action="store_true", help="a tenth of the people, one second, once")
    add("--cap", default="", metavar="LIST", help="what every reader negotiates")
    add("--plain", action="store_true", help="everybody speaks plain")
    add("--no-store", action="store_true", help="our server remembers nothing")
    add("--poller", metavar="NAME", help="what our server waits with")
    add("--compare", metavar="REV", help="with another revision of this repository")
    add(
        "--peers",
        type=Path,
        default=rival.FOLDER,
        metavar="DIR",
        help=f"scripts that start other servers: start-NAME.sh PORT ({rival.FOLDER})",
    )
    add(
        "--against",
        type=_names,
        metavar="LIST",
        help="which of them; none for nobody (all that are there); NAME:quickack is"
        " one whose readers acknowledge at once, which is kind to Nagle's algorithm",
    )
    add("--json", type=Path, metavar="FILE", help="write everything there")
    add("--picture", type=Path, metavar="FILE", help="draw it, with matplotlib")


def load(flags: argparse.Namespace, end: ExitStack) -> Load:
    """What *flags* ask for; until the *end* there is what it needs.

    Raises:
        ValueError: there is nobody of that name.
        Unknown: there is no such revision.
    """
    scenarios = flags.scenarios or [*SCENARIOS.values()]
    repeats = flags.repeats or (1 if flags.quick else _REPEATS)
    measure = Measure(
        Speech(flags.cap.replace(",", " "), flags.plain),
        flags.seconds or (_QUICK if flags.quick else _SECONDS),
        _QUICK_WARM if flags.quick else _WARM,
        flags.generators,
    )
    if flags.quick:
        scenarios = [smaller(each) for each in scenarios]
    return Load(scenarios, _servers(flags, end), measure, repeats)


def titles(flags: argparse.Namespace) -> dict[str, str]:
    """What the servers that *flags* ask for are called where a name is not enough."""
    found = {OURS: f"Switchboard {VERSION}"}
    folder = flags.peers.expanduser()
    for name in _peers(flags, folder):
        title = rival.called(rival.script(folder, name.removesuffix(QUICKACK)))
        found[name] = f"{title}, quickack" if name.endswith(QUICKACK) else title
    return found


def settings(flags: argparse.Namespace) -> dict[str, Any]:
    """What was asked for, as JSON has it."""
    kept = ("repeats", "seconds", "quick", "cap", "plain", "no_store", "poller")
    asked = {name: getattr(flags, name) for name in (*kept, "compare", "generators")}
    return {**asked, "servers": titles(flags)}


def _servers(flags: argparse.Namespace, end: ExitStack) -> Mapping[str, Start]:
    switches = ["--no-store"] * flags.no_store
    if flags.poller:
        switches += ["--poller", flags.poller]
    servers: dict[str, Start] = {OURS: ours(switches)}
    if flags.compare:
        source = end.enter_context(checked_out(flags.compare))
        servers[flags.compare] = ours(switches, source)
    folder = flags.peers.expanduser()
    for name in _peers(flags, folder):
        start = rival.script(folder, name.removesuffix(QUICKACK))
        if not start.exists():
            raise ValueError(f"there is no {start}")
        servers[name] = another(start)
    return servers


def _peers(flags: argparse.Namespace, folder: Path) -> list[str]:
    """Who else is measured: nobody else speaks plain."""
    if flags.against is not None:
        return [name for name in flags.against if name != "none"]
    if flags.plain or flags.compare:
        return []
    return rival.found_in(folder)


def _names(text: str) -> list[str]:
    return text.split(",")


def _repeats(text: str) -> int:
    if (repeats := int(text)) < 1:
        raise argparse.ArgumentTypeError("nothing would be measured")
    return repeats


def _scenario(text: str) -> Scenario:
    try:
        return named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
