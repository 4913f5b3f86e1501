"""The caretaker: what each word of `chatd` sets going that looks after a house.

What changes a house goes through its console; what only reads goes to the archive,
which minds no server and needs none.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from chat import archive, console, doctor
from chat.config import Config
from chat.doctor import Finding, Grade
from chat.domain.ports import Store, Trouble
from chat.net.clock import Clock
from chat.server.machine import capacity
from chat.server.pidfile import Failed, Running
from chat.store import files
from chat.store.backup import backup
from chat.store.database import Database
from chat.store.files import Unusable
from chat.store.reading import Reader
from chat.wire.text import harmless


@dataclass(frozen=True, slots=True)
class Place:
    """Where the house is: its data, and what may be asked about it."""

    data: Path
    # How it is to be; that may turn out to be wrong.
    config: Callable[[], Config]
    # Which process serves it, if one does.
    running: Callable[[], Running | None]

    @property
    def now(self) -> int:
        """What time it is, in milliseconds."""
        return Clock().now().wall


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
    put(said)


def _backup(flags: Namespace, place: Place) -> None:
    try:
        backup(_kept(place.data), flags.file)
    except (Trouble, Unusable) as why:
        raise Failed(str(why)) from None
    put([f"{harmless(str(flags.file))} is a copy of all that is kept."])


def _export(flags: Namespace, place: Place) -> None:
    since = archive.moment(flags.since, place.now)
    with closing(_reader(place.data)) as reader:
        put(archive.exported(reader.lines(flags.room, since), is_json=flags.json))


def _audit(flags: Namespace, place: Place) -> None:
    since = archive.moment(flags.since, place.now)
    with closing(_reader(place.data)) as reader:
        put(archive.audited(reader.audit(since), is_json=flags.json))


def _doctor(_flags: Namespace, place: Place) -> None:
    findings = list(_found(place))
    put(map(str, findings))
    failed = sum(finding.grade is Grade.FAIL for finding in findings)
    if failed:
        raise Failed("something is wrong")


def _found(place: Place) -> Iterator[Finding]:
    yield doctor.configuration(place.config)
    yield doctor.descriptors(capacity())
    yield from doctor.of_folder(place.data)
    yield doctor.server(place.running())
    try:
        with closing(_reader(place.data)) as reader:
            yield from doctor.of_store(reader, place.now)
    except Failed as why:
        yield Finding(Grade.FAIL, f"store: {why}")


# What is done, by its word.
ACTS: Final[dict[str, Act]] = {
    "account": _account,
    "forget": _forget,
    "backup": _backup,
    "export": _export,
    "audit": _audit,
    "doctor": _doctor,
}


def _store(config: Config) -> Store:
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


def _reader(data: Path) -> Reader:
    try:
        return Reader(_kept(data))
    except (Trouble, Unusable) as why:
        raise Failed(str(why)) from None


def _kept(data: Path) -> Path:
    """The file in which all is kept; reading must not make one."""
    path = data / files.NAME
    if not path.exists():
        raise Failed(f"there is no {path}")
    return path
