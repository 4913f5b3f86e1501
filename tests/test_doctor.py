"""The doctor: what each check finds, and how bad it is."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from chat import doctor
from chat.config import WrongConfig
from chat.doctor import Grade
from chat.domain.records import Act, Audited
from chat.server.pidfile import Running
from chat.store import files
from chat.store.database import Database
from chat.store.files import Damaged
from chat.store.reader import Reader
from chat.store.schema import newest

# 2026-11-20, a quarter past ten in the morning, in milliseconds; UTC.
NOW = 1_795_169_700_123
MIB = 1024 * 1024


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


def test_a_finding_begins_with_its_grade() -> None:
    found = [doctor.Finding(grade, "disk: it spins") for grade in Grade]
    assert list(map(str, found)) == [
        "ok    disk: it spins",
        "warn  disk: it spins",
        "FAIL  disk: it spins",
    ]


def test_a_configuration_in_order() -> None:
    assert str(doctor.configuration(lambda: None)) == "ok    configuration: in order"


@pytest.mark.parametrize("error", [WrongConfig("no such key"), ValueError("no port")])
def test_a_broken_configuration(error: Exception) -> None:
    def check() -> None:
        raise error

    assert str(doctor.configuration(check)) == f"FAIL  configuration: {error}"


@pytest.mark.parametrize(
    ("reach", "seats", "found"),
    [
        pytest.param(
            1024, 1000, "ok    descriptors: enough for 1000 people", id="enough"
        ),
        pytest.param(
            4096, 4072, "ok    descriptors: enough for 4072 people", id="more"
        ),
        pytest.param(
            4096,
            1000,
            "warn  descriptors: enough for 1000 people,"
            " and for 4072 after `ulimit -n 4096`",
            id="fewer than one could have",
        ),
        pytest.param(
            1024,
            232,
            "warn  descriptors: enough for 232 people,"
            " and for 1000 after `ulimit -n 1024`",
            id="few",
        ),
    ],
)
def test_descriptors(reach: int, seats: int, found: str) -> None:
    assert str(doctor.descriptors(reach, seats)) == found


@pytest.mark.parametrize(
    ("free", "found"),
    [
        pytest.param(1024 * MIB, "ok    disk: 1024 MiB are free", id="enough"),
        pytest.param(1024 * MIB - 1, "warn  disk: 1023 MiB are free", id="little"),
        pytest.param(100 * MIB, "warn  disk: 100 MiB are free", id="very little"),
        pytest.param(100 * MIB - 1, "FAIL  disk: 99 MiB are free", id="full"),
    ],
)
def test_the_disk(
    data: Path, free: int, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert str(doctor.space(data)) == found


def test_a_closed_folder_keeps_all_that_is_in_it(data: Path) -> None:
    (data / "chat.db").touch(mode=0o644)
    assert str(doctor.permissions(data)) == (
        f"ok    permissions: {data} is closed to others"
    )


def test_an_open_folder_with_closed_files(data: Path) -> None:
    (data / "chat.db").touch(mode=0o600)
    (data / "photo.png").touch(mode=0o644)
    data.chmod(0o750)
    assert str(doctor.permissions(data)) == (
        f"warn  permissions: {data} is open to others; `chmod 700` closes it"
    )


def test_an_open_folder_with_open_files(data: Path) -> None:
    for name in ("chat.db", "chat.db-wal", "chat.toml"):
        (data / name).touch()
        (data / name).chmod(0o640)
    data.chmod(0o755)
    assert str(doctor.permissions(data)) == (
        f"FAIL  permissions: {data} is open to others; `chmod 700` closes it."
        " They can read chat.db, chat.db-wal, chat.toml"
    )


def test_whose_it_is(data: Path) -> None:
    (data / "chat.db").touch()
    me = data.stat().st_uid
    assert str(doctor.owner(data, me)) == (
        "ok    owner: all of it belongs to whoever asks"
    )
    assert str(doctor.owner(data, me + 1)) == (
        f"warn  owner: some of it is user {me}'s; be that user here"
    )


@pytest.mark.parametrize(
    ("ahead", "found"),
    [
        pytest.param(0, "ok    clock: nothing that is kept is from the future"),
        pytest.param(60_000, "ok    clock: nothing that is kept is from the future"),
        pytest.param(
            86_400_000,
            "warn  clock: the last that is kept is from 2026-11-21T10:15:00Z",
        ),
    ],
)
def test_the_clock(ahead: int, found: str) -> None:
    assert str(doctor.clock((NOW + ahead) << 20, NOW)) == found


def test_which_process_serves() -> None:
    assert str(doctor.server(None)) == "ok    server: none runs"
    assert str(doctor.server(Running(7, 0.0))) == "ok    server: runs as process 7"


@pytest.fixture
def reader(data: Path) -> Iterator[Reader]:
    with closing(Database(data)) as store:
        store.write([Audited(NOW << 20, NOW, Act.LOGGED_IN, "bob")])
    with closing(Reader(data)) as reader:
        yield reader


def test_a_store_in_order(data: Path, reader: Reader) -> None:
    assert list(map(str, doctor.of_store(data, reader, NOW))) == [
        "ok    integrity: all that is kept is whole",
        f"ok    schema: version {newest()} of {newest()}",
        "ok    memory: a server can start with what is kept",
        "ok    clock: nothing that is kept is from the future",
        "ok    store: 0 lines in 0 rooms, 0 accounts, 0 MiB",
    ]


def test_a_store_from_the_future(data: Path, reader: Reader) -> None:
    *_, clock, _ = doctor.of_store(data, reader, NOW - 86_400_000)
    assert (
        str(clock) == "warn  clock: the last that is kept is from 2026-11-20T10:15:00Z"
    )


def test_an_old_schema(
    data: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "schema", lambda _: (1, 2))
    found = [str(each) for each in doctor.of_store(data, reader, NOW)]
    assert "warn  schema: version 1 of 2" in found


def test_a_damaged_store(
    data: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "integrity", lambda _: ["page 7 is torn", "page 8"])
    [found] = doctor.of_store(data, reader, NOW)
    assert str(found) == "FAIL  integrity: page 7 is torn"


def test_a_whole_store_that_makes_no_sense(data: Path, reader: Reader) -> None:
    path = data / "chat.db"
    with closing(files.connect(path, "rw")) as connection:
        connection.execute("INSERT INTO rooms VALUES (7, '#a', '#a', '{}', 0)")
    found = list(map(str, doctor.of_store(data, reader, NOW)))
    why = f"{path} is damaged: a row of it makes no sense (KeyError: 'since')"
    assert found[2] == f"FAIL  memory: {why}"
    with pytest.raises(Damaged, match="KeyError"):
        doctor.opened(data, "process")
    # It was let go of.
    with pytest.raises(Damaged, match="KeyError"):
        doctor.opened(data, "process")


def test_a_folder_is_looked_at_from_all_sides(data: Path) -> None:
    found = [each.text.partition(":")[0] for each in doctor.of_folder(data)]
    assert found == ["disk", "permissions", "owner"]


def test_a_folder_that_is_not_there(data: Path) -> None:
    missing = data / "elsewhere"
    [found] = doctor.of_folder(missing)
    assert str(found) == f"FAIL  data: there is no folder {missing}"
