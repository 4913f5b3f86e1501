"""The caretaker: what each word of `chatd` sets going that looks after a house.

What changes a house goes through its console; what only reads goes to the archive,
which minds no server and needs none.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from chat import console
from chat.config import Config
from chat.domain.ports import Trouble
from chat.server.pidfile import Failed, Running
from chat.store import files
from chat.store.database import Database
from chat.store.files import Unusable
from chat.store.retention import SLICE
from chat.wire.text import harmless


@dataclass(frozen=True, slots=True)
class Place:
    """Where the house is: its data, and what may be asked about it."""

    data: Path
    # How it is to be; that may turn out to be wrong.
    config: Callable[[], Config]
    # Which process serves it, if one does.
    running: Callable[[], Running | None]


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
    with console.reached(place.config(), lambda: _store(place.config())) as house:
        said = console.account(flags, house)
    put(said)


def _forget(flags: Namespace, place: Place) -> None:
    if not flags.yes:
        what = f"{harmless(flags.account)} and all that it said will be gone."
        console.confirm(what, flags.account)
    with console.reached(place.config(), lambda: _store(place.config())) as house:
        said = console.forget(flags, house)
    _finish_forgetting(place)
    put(said)


def _finish_forgetting(place: Place) -> None:
    """Delete what nobody sees any more; a server that runs does so by and by."""
    with suppress(Failed), closing(_store(place.config())) as store:
        for account in store.forgetting():
            while store.trim_words(account) >= SLICE:
                pass


# What is done, by its word.
ACTS: Final[dict[str, Act]] = {
    "account": _account,
    "forget": _forget,
}


def _store(config: Config) -> Database:
    """The store of a house that nobody serves just now."""
    data = Path(config.data)
    _kept(data)
    owner = data.stat().st_uid
    if owner != os.geteuid():
        # What another user makes here, the server could not open any more.
        raise Failed(f"it belongs to user {owner}, who would have to ask")
    try:
        return Database(data, config.history.durability)
    except (Trouble, Unusable) as why:
        raise Failed(str(why)) from None


def _kept(data: Path) -> Path:
    """The file in which all is kept; reading must not make one."""
    path = data / files.NAME
    if not path.exists():
        raise Failed(f"there is no {path}")
    return path
