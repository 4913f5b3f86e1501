"""The drawer: unsent lines on disk."""

import os
from pathlib import Path

import pytest

from chat.client.drawer import FileDrawer, remembered
from chat.client.unsent import Unsent


def kept(folder: Path) -> list[tuple[str, str, float]]:
    """What is in alice's drawer: text, room and time of each line."""
    with remembered(folder, server="irc.x:1", nick="alice") as unsent:
        return [(line.text, line.room, line.at) for line in unsent]


def the_file(folder: Path) -> Path:
    """The only one in *folder*."""
    (path,) = folder.iterdir()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nobody has been yet."""
    return tmp_path / "state" / "switchboard"


def test_what_was_not_sent_is_there_the_next_time(folder: Path) -> None:
    with remembered(folder, server="irc.x:1", nick="alice") as unsent:
        unsent.add("grüße", room="#lobby", at=7.5)
        unsent.add("heard", room="#lobby", at=8)
        unsent.add("/msg bob psst", room="#tea", at=9)
        unsent.add("/quit", room="#tea", at=9)
        unsent.settle(unsent.waiting[1])
    expected = [("grüße", "#lobby", 7.5), ("/msg bob psst", "#tea", 9.0)]
    assert kept(folder) == expected
    assert kept(folder) == expected


def test_it_is_for_nobody_elses_eyes(folder: Path) -> None:
    with remembered(folder, server="irc.x:1", nick="alice"):
        assert the_file(folder).stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700


def test_who_is_killed_loses_nothing(folder: Path) -> None:
    drawer = FileDrawer.open(folder, server="irc.x:1", nick="alice")
    assert drawer
    unsent = Unsent(drawer.lines(), drawer)
    unsent.add("one", room="#lobby", at=1)
    unsent.add("two", room="#lobby", at=2)
    unsent.settle(unsent.waiting[0])
    os.close(drawer._descriptor)  # as the kernel does, and nothing else is done
    assert kept(folder) == [("two", "#lobby", 2.0)]


def test_half_a_record_is_not_read_and_spoils_no_other(folder: Path) -> None:
    with remembered(folder, server="irc.x:1", nick="alice") as unsent:
        unsent.add("one", room="#lobby", at=1)
    with the_file(folder).open("ab") as journal:
        journal.write(b'nonsense\n[]\n{"line": 2, "text": "tw')
    with remembered(folder, server="irc.x:1", nick="alice") as unsent:
        unsent.add("three", room="#lobby", at=3)
    assert kept(folder) == [("one", "#lobby", 1.0), ("three", "#lobby", 3.0)]


def test_nothing_unsent_leaves_nothing_behind(folder: Path) -> None:
    with remembered(folder, server="irc.x:1", nick="alice") as unsent:
        unsent.settle(unsent.add("one", room="#lobby", at=1))
        assert the_file(folder).read_bytes() == b""
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("server", "nick"),
    [("irc.y:1", "alice"), ("irc.x:1", "bob"), ("../../etc/passwd", "../alice")],
)
def test_each_server_and_nick_has_its_own(folder: Path, server: str, nick: str) -> None:
    with (
        remembered(folder, server="irc.x:1", nick="alice") as hers,
        remembered(folder, server=server, nick=nick) as other,
    ):
        hers.add("one", room="#lobby", at=1)
        assert other.outlives_us
        assert len(list(folder.iterdir())) == 2
        assert len(other) == 0


def test_two_programs_do_not_both_send_it(folder: Path) -> None:
    with remembered(folder, server="irc.x:1", nick="alice") as first:
        first.add("one", room="#lobby", at=1)
        with remembered(folder, server="irc.x:1", nick="alice") as second:
            assert (len(second), second.outlives_us) == (0, False)
    assert kept(folder) == [("one", "#lobby", 1.0)]


def test_without_a_folder_one_chats_all_the_same(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with remembered(in_the_way, server="irc.x:1", nick="alice") as unsent:
        unsent.add("one", room="#lobby", at=1)
        assert not unsent.outlives_us


def test_a_full_disk_ends_no_conversation(folder: Path) -> None:
    with Path("/dev/full").open("ab") as full:
        descriptor = os.dup(full.fileno())
    drawer = FileDrawer(folder / "none", descriptor)
    unsent = Unsent((), drawer)
    unsent.settle(unsent.add("one", room="#lobby", at=1))
    drawer.close()
    assert len(unsent) == 0
