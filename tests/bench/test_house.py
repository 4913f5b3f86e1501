"""The house that is measured: a real process."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from chat.bench.crowd import Crowd
from chat.bench.house import House, Unwell
from chat.net.address import Address


@pytest.mark.slow
def test_it_starts_listens_and_tells_of_its_longest_turn(tmp_path: Path) -> None:
    house = House(tmp_path)
    try:
        assert house.started > 0
        with closing(Crowd(house.address)) as crowd:
            person = crowd.comes()
            person.says("NICK ann", "USER ann 0 * :ann")
            assert crowd.until(lambda: person.heard > 3, 10.0)
        assert 0 <= house.longest_turn() < 60
        house.must_be_well()
    finally:
        house.end()
    with pytest.raises(Unwell):
        house.must_be_well()
    with pytest.raises(Unwell):
        house.longest_turn()


@pytest.mark.slow
def test_one_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "chat.db").write_bytes(b"no database" * 100)
    with pytest.raises(Unwell, match=r"chat\.db"):
        House(tmp_path)


@pytest.mark.slow
def test_another_revision_runs_from_its_own_folder(tmp_path: Path) -> None:
    package = tmp_path / "chat"
    package.mkdir()
    (package / "__init__.py").write_text("")
    # It listens to nobody, and says with what it was started.
    (package / "__main__.py").write_text(
        "import sys; sys.exit(' '.join(sys.argv[-2:]))\n"
    )
    with pytest.raises(Unwell, match=r"^--poller best$"):
        House(tmp_path, ["--poller", "best"], tmp_path)


@pytest.mark.slow
def test_who_is_interrupted_while_it_starts_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[House] = []

    def interrupted(house: House) -> Address:
        made.append(house)
        raise KeyboardInterrupt

    monkeypatch.setattr(House, "_listening", interrupted)
    with pytest.raises(KeyboardInterrupt):
        House(tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(made[0].pid, 0)
