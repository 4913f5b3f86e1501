"""A rival: started by a script, and ended."""

import os
import socket
from pathlib import Path

import pytest

from chat.bench.house import Unwell
from chat.bench.rival import Rival, called, found_in, script
from tests.bench.scripts import write_faulty, write_script


def test_they_are_found_by_name(tmp_path: Path) -> None:
    for name in ("ngircd", "floor-gather"):
        write_script(tmp_path, name, "true")
    (tmp_path / "other.sh").write_text("")
    assert found_in(tmp_path) == ["floor-gather", "ngircd"]
    assert found_in(tmp_path / "nowhere") == []
    assert script(tmp_path, "ngircd") == tmp_path / "start-ngircd.sh"


def test_a_script_may_say_what_it_starts(tmp_path: Path) -> None:
    named = write_script(tmp_path, "ngircd", "# called: ngIRCd 26.1\nexec true")
    assert called(named) == "ngIRCd 26.1"
    assert called(write_script(tmp_path, "floor-gather", "true")) == "floor-gather"


@pytest.mark.slow
def test_it_listens_and_ends(tmp_path: Path) -> None:
    rival = Rival(write_faulty(tmp_path, "nothing"))
    where = (rival.address.host, rival.address.port)
    socket.create_connection(where).close()
    rival.must_be_well()
    assert rival.longest_turn() is None
    assert Path(f"/proc/{rival.pid}").exists()
    rival.end()
    with pytest.raises(Unwell):
        rival.must_be_well()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where)


def test_one_that_does_not_listen_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(Unwell, match=r"start-lazy\.sh does not listen"):
        Rival(write_script(tmp_path, "lazy", "exit 1"))


@pytest.mark.slow
def test_one_that_does_not_want_to_end_has_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.bench.rival._FAREWELL", 0.05)
    # What is ignored stays ignored in what is run instead.
    runs = write_faulty(tmp_path, "nothing").read_text().splitlines()[-1]
    rival = Rival(write_script(tmp_path, "stubborn", f"trap '' TERM\n{runs}"))
    rival.end()
    with pytest.raises(Unwell):
        rival.must_be_well()


def test_who_is_interrupted_while_it_starts_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Rival] = []

    def interrupted(rival: Rival) -> bool:
        made.append(rival)
        raise KeyboardInterrupt

    monkeypatch.setattr(Rival, "_listens", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Rival(write_script(tmp_path, "patient", "exec sleep 60"))
    with pytest.raises(ProcessLookupError):
        os.kill(made[0].pid, 0)
