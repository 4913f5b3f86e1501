"""What scripts/crash does, in short; and that it would find what is missing."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from chat.domain.records import Deed, Line
from chat.store.database import Database
from tests.crash import __main__ as script
from tests.crash import killed, power
from tests.crash.power import Call, Disk, Write, calls_in, in_order, torn
from tests.crash.talk import kept_in, missing, said_in

FOLDER = "/data"


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_what_anybody_has_read_is_kept_though_the_server_is_killed(
    tmp_path: Path,
) -> None:
    chance = random.Random(5)  # noqa: S311 - nobody guesses it
    for number in range(1, 4):
        assert killed.killed(tmp_path, number, chance).wrong == []


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(power.STRACE is None, reason="wants strace")
def test_what_was_sent_to_anybody_is_kept_though_the_power_is_cut(
    tmp_path: Path,
) -> None:
    chance = random.Random(5)  # noqa: S311 - nobody guesses it
    for cut in power.cuts(tmp_path, 5, chance, lines=2000):
        assert cut.wrong == []


def test_without_strace_that_is_skipped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(power, "STRACE", None)
    assert script.main(["--power", "--seed", "7"]) == 0
    assert capsys.readouterr().out.startswith("Seed 7.\nSkipped: ")


# What is found.


@pytest.mark.parametrize(
    ("kept", "read", "wrong"),
    [
        pytest.param("abc", ["ac", "b", ""], [], id="all of it"),
        pytest.param("ab", ["abc", "c"], ["1 are not there, such as c"], id="lost"),
        pytest.param("aba", ["ab"], ["something is there twice"], id="twice"),
        pytest.param("acb", ["ab", "bc"], ["the order is another"], id="out of order"),
    ],
)
def test_what_is_wrong_is_found(
    kept: Sequence[str], read: list[str], wrong: list[str]
) -> None:
    found = missing(kept, read)
    assert [each for each in found if each in wrong] == wrong
    assert bool(found) == bool(wrong)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        pytest.param(b"pat1: pat1 said r3n5\r\n", ["pat1 said r3n5"], id="plain"),
        pytest.param(
            b":a!b@c PRIVMSG #lobby :ira1 said r3n5\r\n", ["ira1 said r3n5"], id="IRC"
        ),
        pytest.param(b"pat1 said r3n5", [], id="a line without its end"),
        pytest.param(b":a!b@c JOIN #lobby\r\n", [], id="something else"),
    ],
)
def test_what_was_said_is_found(heard: bytes, said: list[str]) -> None:
    assert said_in(heard) == said


def test_a_store_is_read_as_it_is(tmp_path: Path) -> None:
    said = [(2, "a said r1n2"), (1, "a said r1n1"), (3, "a said r2n1"), (4, "hello")]
    with closing(Database(tmp_path)) as store:
        store.write([Line(n, n, 0, Deed.SAY, "a!b@c", text) for n, text in said])
    found = kept_in(tmp_path, 1)
    assert (found.lines, found.is_whole) == (["a said r1n1", "a said r1n2"], True)
    with closing(sqlite3.connect(tmp_path / "chat.db")) as store:
        store.execute("DELETE FROM places WHERE id = 3")
        store.commit()
    assert not kept_in(tmp_path, 1).is_whole


# The disk that forgets.


def escaped(text: str) -> str:
    return "".join(f"\\x{each:02x}" for each in text.encode())


def trace_of(*lines: str) -> list[str]:
    """*lines* of a trace, in which ``{a name}`` stands for what strace escapes."""
    names = {
        "db": f"{FOLDER}/chat.db",
        "new": f"{FOLDER}/chat.db.new",
        "hello": "hello",
        "said": "a said r0n1\r\n",
        "socket": "socket:[1]",
    }
    return [line.format(**{k: escaped(v) for k, v in names.items()}) for line in lines]


OPENED = 'openat(AT_FDCWD<x>, "{db}", O_RDWR|O_CREAT, 0600) = 3<{db}>'


@pytest.mark.parametrize(
    ("calls", "kept"),
    [
        pytest.param([], b"", id="nothing"),
        pytest.param(['pwrite64(3<{db}>, "{hello}", 5, 0) = 5'], b"", id="not synced"),
        pytest.param(
            ['pwrite64(3<{db}>, "{hello}", 5, 2) = 5', "fdatasync(3<{db}>) = 0"],
            b"\0\0hello",
            id="synced",
        ),
        pytest.param(
            ['pwrite64(3<{db}>, "{hello}", 5, 0) = 2', "fsync(3<{db}>) = 0"],
            b"he",
            id="as much as was taken",
        ),
        pytest.param(
            [
                'pwrite64(3<{db}>, "{hello}", 5, 0) = 5',
                "ftruncate(3<{db}>, 1) = 0",
                "fsync(3<{db}>) = 0",
            ],
            b"h",
            id="cut off",
        ),
        pytest.param(
            [
                "fsync(3<{db}> <unfinished ...>",
                'pwrite64(3<{db}>, "{hello}", 5, 0) = 5',
                "<... fsync resumed>) = 0",
            ],
            b"",
            id="written while it was synced",
        ),
        pytest.param(
            [
                'openat(AT_FDCWD<x>, "{new}", O_RDWR|O_CREAT, 0600) = 4<{new}>',
                'pwrite64(4<{new}>, "{hello}", 5, 0) = 5',
                "fsync(4<{new}>) = 0",
                'rename("{new}", "{db}") = 0',
            ],
            b"hello",
            id="renamed",
        ),
    ],
)
def test_a_disk_keeps_what_it_was_told_to(
    calls: list[str], kept: bytes, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    # Two threads: one of them is in the middle of a call.
    lines = [
        f"{2 if 'pwrite64' in call else 1} {call}" for call in trace_of(OPENED, *calls)
    ]
    trace.write_text("\n".join(lines))
    disk = Disk(FOLDER)
    for call in in_order(list(calls_in(trace))):
        disk.take(call)
    assert disk.files[f"{FOLDER}/chat.db"].after(None) == kept


def test_what_is_gone_is_gone() -> None:
    disk = Disk(FOLDER)
    (opened, unlinked) = trace_of(OPENED, '"{db}"')
    name, _, rest = opened.partition("(")
    disk.take(Call(0, 0, name, rest.rpartition(")")[0], 3))
    assert list(disk.files) == [f"{FOLDER}/chat.db"]
    disk.take(Call(1, 1, "unlink", unlinked, 0))
    assert disk.files == {}


def test_what_was_sent_is_sent_from_the_beginning_of_the_call(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.write_text(
        "\n".join(
            trace_of(
                f"1 {OPENED}",
                '1 sendto(5<{socket}>, "{said}", 13, 0, NULL, 0 <unfinished ...>',
                '2 pwrite64(3<{db}>, "{hello}", 5, 0) = 5',
                "1 <... sendto resumed>) = 13",
                "1 +++ exited with 0 +++",
            )
        )
    )
    calls = in_order(list(calls_in(trace)))
    assert [call.name for call in calls] == ["openat", "sendto", "pwrite64"]
    disk = Disk(FOLDER)
    disk.take(calls[1])
    assert list(map(said_in, disk.sent.values())) == [["a said r0n1"]]
    assert power.sent_by(calls[1]) == b"a said r0n1\r\n"
    assert power.sent_by(calls[2]) == b""


def test_what_is_not_understood_is_not_passed_over() -> None:
    disk = Disk(FOLDER)
    (path,) = trace_of("3<{db}>")
    with pytest.raises(AssertionError, match="nobody has opened"):
        disk.take(Call(0, 0, "fsync", path, 0))
    disk.files[f"{FOLDER}/chat.db"] = power.File()
    with pytest.raises(AssertionError, match="is not understood"):
        disk.take(Call(0, 0, "write", path, 0))


def test_some_of_what_was_not_synced_may_survive() -> None:
    chance = random.Random(3)  # noqa: S311 - nobody guesses it
    data = bytes(4096)
    sizes = {len(torn(Write(0, 0, data), chance).data or b"") for _ in range(50)}
    assert sizes == {0, 512, 1024, 4096}
    assert torn(Write(0, 7, None), chance) == Write(0, 7, None)
