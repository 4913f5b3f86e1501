"""The caretaker: what each word of `chatd` sets going that looks after a house.

What changes a house goes through its console; what only reads goes to the archive,
which minds no server and needs none.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from chat import archive, console, doctor
from chat.config import Config
from chat.domain.ports import Store
from chat.net.clock import Clock
from chat.server.machine import capacity
from chat.server.pidfile import Failed
from chat.wire.text import harmless


@dataclass(frozen=True, slots=True)
class Place:
    """Where the house is: its data, and its configuration when it is wanted."""

    data: Path
    config: Callable[[], Config]
    check: Callable[[], None]


Act: TypeAlias = Callable[[Namespace, Place], None]


def put(lines: Iterable[str]) -> None:
    """Print *lines*, for as long as somebody reads them."""
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads (`head`) has had enough; what is left must go somewhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _account(flags: Namespace, place: Place) -> None:
    if flags.what == "delete" and not flags.yes:
        console.confirm(f"The account {harmless(flags.name)} will be gone.", flags.name)
    with console.reached(place.config(), lambda: _store(place)) as house:
        put(console.account(flags, house))


def _forget(flags: Namespace, place: Place) -> None:
    if not flags.yes:
        what = f"{harmless(flags.account)} and all that it said will be gone."
        console.confirm(what, flags.account)
    with console.reached(place.config(), lambda: _store(place)) as house:
        put(console.forget(flags, house))
