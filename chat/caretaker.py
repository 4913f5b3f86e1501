"""The caretaker: what each word of `chatd` sets going that looks after a house.

What changes a house goes through its console; what only reads goes to the archive,
which minds no server and needs none.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from chat import archive, console, doctor
from chat.config import Config, WrongConfig
from chat.doctor import Finding, Grade
from chat.domain import names
from chat.domain.ports import Trouble
from chat.flags import LOBBY
from chat.net.clock import Clock
from chat.net.poller import named
from chat.server.archivist import GROWTH
from chat.server.machine import capacity
from chat.server.pidfile import Failed, Running
from chat.store import files
from chat.store.backup import backup, restore
from chat.store.database import Database
from chat.store.files import Unusable
from chat.store.reader import Reader
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
    _finish_forgetting(place)
    put(said)


def _finish_forgetting(place: Place) -> None:
    """Delete what nobody sees any more; a server that runs does so by and by."""
    config = place.config()
    with suppress(Failed), _readable(), closing(_store(config)) as store:
        for account in store.forgetting():
            # A slice may hold nothing of his and still not be the last.
            while account in store.forgetting():
                store.trim_words(account)
                if store.log_bytes() >= GROWTH:
                    # Nobody else reads or writes here, so the next commit begins the
                    # log again: deleting needs little room on a disk that is full.
                    store.finish()


def _backup(flags: Namespace, place: Place) -> None:
    with _readable():
        backup(_kept(place.data), flags.file)
    name = harmless(str(flags.file))
    put(
        [
            f"{name} is a copy of all that is kept.",
            f"To go back to it: chatd restore {name}",
            "By hand it must not be copied there: the old log beside it would ruin it.",
        ]
    )


def _restore(flags: Namespace, place: Place) -> None:
    data = place.data
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"cannot keep data in {data}: {error.strerror}") from None
    _be_owner(data)
    with _readable():
        aside = restore(data, flags.file)
    said = [f"{flags.file} is in the place of {data / files.NAME} now."]
    if aside is not None:
        said.append(f"What was there is kept in {aside}, which can be restored, too.")
    said.append(
        "Accounts forgotten since that copy was made are back: run `chatd forget` for"
        " them again."
    )
    put(map(harmless, said))


def _export(flags: Namespace, place: Place) -> None:
    since = archive.moment(flags.since, place.now)
    with _read(place) as reader:
        floors = None if flags.closed else reader.floors()
        if flags.room:
            _check_is_exported(flags.room, reader, floors)
        lines = reader.lines(flags.room, since, floors)
        put(archive.exported(lines, is_json=flags.json))


def _check_is_exported(
    room: str, reader: Reader, floors: Mapping[int, int] | None
) -> None:
    """Tell a room of which nothing is exported from one where nothing was said.

    Raises:
        Failed: there is no such room, or it is not open to everybody.
    """
    fold, lobby = names.fold(room), names.fold(LOBBY)
    called = {each.id for each in reader.rooms() if each.fold == fold}
    if not called and fold != lobby:
        raise Failed(f"there is no room {harmless(room)}")
    if floors is not None and called and called.isdisjoint(floors):
        raise Failed(
            f"{harmless(room)} is not open to everybody; --closed prints it as well"
        )


def _audit(flags: Namespace, place: Place) -> None:
    since = archive.moment(flags.since, place.now)
    with _read(place) as reader:
        put(archive.audited(reader.audit(since), is_json=flags.json))


def _doctor(_flags: Namespace, place: Place) -> None:
    found: list[Grade] = []
    for finding in _found(place):
        # Reading all of a large store takes a while: each is told when it is found.
        put([harmless(str(finding))])
        found.append(finding.grade)
    if Grade.FAIL in found:
        raise Failed("something is wrong")


def _found(place: Place) -> Iterator[Finding]:
    yield doctor.configuration(place.config)
    reach = _reach(place)
    yield doctor.descriptors(reach, capacity(reach))
    yield doctor.server(place.running())
    yield from doctor.of_folder(place.data)
    try:
        with _read(place) as reader:
            yield from doctor.of_store(place.data, reader, place.now)
    except Failed as why:
        yield Finding(Grade.FAIL, f"store: {why}")


def _reach(place: Place) -> int:
    """How far a server's poller would reach, whatever else is wrong."""
    try:
        config = place.config()
    except (WrongConfig, ValueError):
        config = Config()
    return named(config.server.poller).reach


# What is done, by its word.
ACTS: Final[dict[str, Act]] = {
    "account": _account,
    "forget": _forget,
    "backup": _backup,
    "restore": _restore,
    "export": _export,
    "audit": _audit,
    "doctor": _doctor,
}


def _store(config: Config) -> Database:
    """The store of a house that nobody serves just now."""
    data = _kept(Path(config.data))
    _be_owner(data)
    with _readable():
        return doctor.opened(data, config.history.durability)


def _be_owner(data: Path) -> None:
    """Go on only as whose *data* it is."""
    owner = data.stat().st_uid
    if owner != os.geteuid():
        # What another user makes here, the server could not open any more.
        raise Failed(f"it belongs to user {owner}, who would have to ask")


@contextmanager
def _read(place: Place) -> Iterator[Reader]:
    """All that is kept, for reading."""
    with _readable(), closing(Reader(_kept(place.data))) as reader:
        yield reader


@contextmanager
def _readable() -> Iterator[None]:
    """What is wrong with a store is told to whoever asked."""
    try:
        yield
    except (Trouble, Unusable) as why:
        raise Failed(str(why)) from None


def _kept(data: Path) -> Path:
    """*data*, if anything is kept there; to ask for it must not make it."""
    if not (data / files.NAME).exists():
        raise Failed(f"nothing is kept in {data}")
    return data
