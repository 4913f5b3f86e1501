"""The caretaker: verbs that look after a house, with a server and without."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from chat import cli
from chat.domain import remembered
from chat.domain.ports import Trouble
from chat.domain.records import Act, Audited, Deed, KeptAccount, Line
from chat.domain.state import Room
from chat.net.poller import EpollPoller
from chat.server.archivist import GROWTH
from chat.server.machine import capacity
from chat.store import files
from chat.store.database import Database
from tests.fakes import IMPATIENT
from tests.server.test_daemon import a_daemon, chatd, port_of, read_until

# 2026-11-20, a quarter past ten in the morning, in milliseconds; UTC.
AT = 1_795_169_700_123
CANARY = "canary-sings-in-the-mine"

BOB = KeptAccount(AT << 20, "bob", "bob", AT, "x")


def line(number: int, text: str, *, by: int = 0, at: int = AT) -> Line:
    return Line((AT << 20) + number, at, 7, Deed.SAY, "bob!b@host", text, account=by)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data of a house that nobody serves just now."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    with closing(Database(folder)) as store:
        store.write(
            [
                BOB,
                KeptAccount((AT << 20) + 1, "carol", "carol", AT, "x"),
                remembered.room(Room(7, AT, "#ops", "#ops")),
                line(2, "old", at=AT - 86_400_000),
                line(3, "hello\x1b[2J", by=BOB.id),
                Audited((AT << 20) + 4, AT, Act.LOGGED_IN, "bob", address="192.0.2.7"),
            ]
        )
    return folder


def told(
    capsys: pytest.CaptureFixture[str], data: Path, *words: str
) -> tuple[int, list[str], str]:
    """The exit status, the lines, and the complaint."""
    status = cli.chatd([*words, "--data", str(data)])
    said = capsys.readouterr()
    return status, said.out.splitlines(), said.err


def accounts(capsys: pytest.CaptureFixture[str], data: Path) -> list[str]:
    status, lines, complaint = told(capsys, data, "account", "list")
    assert (status, complaint) == (0, "")
    return [line.partition("  ")[0] for line in lines]


# Without a server.


def test_accounts_are_listed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accounts(capsys, data) == ["bob", "carol"]


def test_what_is_done_to_an_account_lasts(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, data, "account", "suspend", "bob")[0] == 0
    status, [row], _ = told(capsys, data, "account", "show", "bob", "--json")
    assert status == 0
    assert json.loads(row)["suspended"] is True


def test_who_is_not_there_is_not_shown(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, data, "account", "show", "eve") == (
        1,
        [],
        "chatd: There is no account eve.\n",
    )


def test_a_code_takes_the_place_of_the_password(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, _ = told(capsys, data, "account", "reset", "bob")
    assert (status, lines[-1][:10]) == (0, "The code: ")
    code = lines[-1].removeprefix("The code: ")
    with closing(Database(data)) as store:
        [bob, _] = store.load().accounts
    assert bob.code.startswith("SCRAM-SHA-256$")
    assert bob.credential == ""
    kept = b"".join(path.read_bytes() for path in data.iterdir() if path.is_file())
    assert code.encode() not in kept


def test_a_deleted_account_leaves_its_words(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, data, "account", "delete", "bob", "--yes")[0] == 0
    assert accounts(capsys, data) == ["carol"]
    assert len(told(capsys, data, "export")[1]) == 2


def test_a_forgotten_account_leaves_nothing(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, [said], _ = told(capsys, data, "forget", "--account", "bob", "--yes")
    assert status == 0
    assert re.findall("others have written it|topics|backups, exports", said) == [
        *("others have written it", "topics", "backups, exports")
    ]
    assert accounts(capsys, data) == ["carol"]
    kept = b"".join(path.read_bytes() for path in data.iterdir() if path.is_file())
    assert (b"old" in kept, b"hello" in kept) == (True, False)


def test_to_forget_much_takes_little_room(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Database(data)) as store:
        for begin in range(100, 12_100, 1000):
            ids = range(begin, begin + 1000)
            store.write([line(number, "x" * 1000, by=BOB.id) for number in ids])
    lengths: list[int] = []
    trim_words = Database.trim_words

    def watched(store: Database, account: int) -> int:
        lengths.append(store.log_bytes())
        return trim_words(store, account)

    monkeypatch.setattr(Database, "trim_words", watched)
    assert told(capsys, data, "forget", "--account", "bob", "--yes")[0] == 0
    assert len(lengths) > 5
    # What one slice writes comes on top.
    assert max(lengths) < 3 * GROWTH


def test_what_cannot_be_deleted_now_is_deleted_later(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: Database, _account: int) -> int:
        raise Trouble("the disk is full")

    monkeypatch.setattr(Database, "trim_words", full)
    status, _, complaint = told(capsys, data, "forget", "--account", "bob", "--yes")
    assert (status, complaint) == (0, "")
    with closing(Database(data)) as store:
        assert store.forgetting() == [BOB.id]


@pytest.mark.parametrize(
    "words", [["account", "delete", "bob"], ["forget", "--account", "bob"]]
)
def test_what_cannot_be_undone_has_to_be_meant(
    data: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, complaint = told(capsys, data, *words)
    assert (status, lines) == (2, [])
    assert complaint.endswith("where nobody can be asked, say --yes\n")
    assert accounts(capsys, data) == ["bob", "carol"]


def test_where_nothing_is_kept_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["account", "list"], ["export"], ["audit"], ["backup", "x"]):
        status, lines, complaint = told(capsys, tmp_path, *words)
        assert (status, lines) == (1, [])
        assert complaint.endswith(f"nothing is kept in {tmp_path}\n")
    assert list(tmp_path.iterdir()) == []


def test_another_users_store_is_not_opened(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    status, _, complaint = told(capsys, data, "account", "list")
    assert status == 1
    assert complaint.endswith(f"it belongs to user {owner}, who would have to ask\n")


def test_a_damaged_store_is_told_of(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "chat.db").write_bytes(b"not a database" * 1000)
    for words in (["account", "list"], ["export"], ["backup", str(data / "x")]):
        status, _, complaint = told(capsys, data, *words)
        assert status == 1
        assert complaint.startswith("chatd: ")
        assert str(data / "chat.db") in complaint


# What a flipped bit makes of a database, without it being any less whole.
SENSELESS = [
    pytest.param(
        "UPDATE accounts SET name = CAST(x'ff' AS TEXT) WHERE name = 'bob'",
        "OperationalError: Could not decode to UTF-8 column 'name' with text '\ufffd'",
        id="no text",
    ),
    pytest.param(
        "UPDATE rooms SET state = 'x' || state", "JSONDecodeError: ", id="no JSON"
    ),
    pytest.param("UPDATE rooms SET state = '[]'", "TypeError: ", id="something else"),
    pytest.param(
        "UPDATE rooms SET state = replace(state, 'topic', 'tropic')",
        "KeyError: 'topic'",
        id="another word",
    ),
    pytest.param("UPDATE meta SET secret = 'x'", "TypeError: ", id="no secret"),
]


@pytest.mark.parametrize(("spoil", "why"), SENSELESS)
def test_a_store_that_makes_no_sense_is_left_as_it_is(
    data: Path, spoil: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "chat.db"
    with closing(files.connect(path, "rw")) as connection:
        connection.execute(spoil)
    before = path.read_bytes()
    why = f"{path} is damaged: a row of it makes no sense ({why}"
    for words in (["serve", "--listen", "127.0.0.1:0"], ["account", "list"]):
        status, lines, complaint = told(capsys, data, *words)
        assert (status, lines) == (1, [])
        assert why in complaint
        assert complaint.count("\n") == 1
    status, lines, _ = told(capsys, data, "doctor")
    if "secret" not in spoil:
        assert status == 1
        assert any(each.startswith(f"FAIL  memory: {why}") for each in lines)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "verb", "why"),
    [
        pytest.param("UPDATE messages SET kind = 99", "export", "99", id="a line"),
        pytest.param("UPDATE audit SET act = 'x'", "audit", "'x'", id="a deed"),
    ],
)
def test_what_is_read_out_and_makes_no_sense_is_told_of(
    data: Path, spoil: str, verb: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(files.connect(data / "chat.db", "rw")) as connection:
        connection.execute(spoil)
    status, lines, complaint = told(capsys, data, verb)
    assert (status, lines) == (1, [])
    assert complaint.startswith(f"chatd: {data / 'chat.db'} is damaged: a row of it")
    assert why in complaint


def test_what_was_said_is_exported(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = "2026-11-19T10:15:00.123Z #ops <bob> old"
    new = "2026-11-20T10:15:00.123Z #ops <bob> hello␛[2J"
    assert told(capsys, data, "export") == (0, [old, new], "")
    assert told(capsys, data, "export", "--since", "2026-11-20")[1] == [new]
    assert told(capsys, data, "export", "--room", "ops")[1] == [old, new]
    complaint = "chatd: there is no room #other\n"
    assert told(capsys, data, "export", "--room", "other") == (1, [], complaint)
    assert told(capsys, data, "export", "--room", "lobby") == (0, [], "")
    rows = told(capsys, data, "export", "--json")[1]
    assert [json.loads(row)["text"] for row in rows] == ["old", "hello\x1b[2J"]


def test_what_strangers_could_not_read_is_exported_if_it_is_asked_for(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Database(data)) as store:
        keyed = Room(7, AT, "#ops", "#ops", key=CANARY)
        alone = replace(line(9, "alone", by=BOB.id), room=0, peer=(AT << 20) + 1)
        store.write([remembered.room(keyed), alone])
    assert told(capsys, data, "export") == (0, [], "")
    complaint = "chatd: #ops is not open to everybody; --closed prints it as well\n"
    assert told(capsys, data, "export", "--room", "OPS") == (
        1,
        [],
        complaint.replace("#ops", "#OPS"),
    )
    status, lines, _ = told(capsys, data, "export", "--closed")
    assert (status, len(lines)) == (0, 2)
    assert told(capsys, data, "export", "--closed", "--room", "ops")[1] == lines


def test_who_did_what_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = "2026-11-20T10:15:00.123Z bob logged in from 192.0.2.7"
    assert told(capsys, data, "audit") == (0, [row], "")
    assert told(capsys, data, "audit", "--since", "2027-01-01")[1] == []
    [written] = told(capsys, data, "audit", "--json")[1]
    assert json.loads(written)["act"] == "logged_in"


def test_a_backup_is_as_good_as_what_it_was_made_of(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    copy = elsewhere / "chat.db"
    status, [said, how, why], complaint = told(capsys, data, "backup", str(copy))
    assert (status, complaint) == (0, "")
    assert said == f"{copy} is a copy of all that is kept."
    assert how == f"To go back to it: chatd restore {copy}"
    assert "log" in why
    assert copy.stat().st_mode & 0o777 == 0o600
    assert accounts(capsys, elsewhere) == ["bob", "carol"]
    status, _, complaint = told(capsys, data, "backup", str(copy))
    assert (status, complaint) == (1, f"chatd: {copy}: File exists\n")


def test_a_backup_takes_the_place_of_what_is_kept(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, path = tmp_path / "copy.db", data / "chat.db"
    told(capsys, data, "backup", str(copy))
    told(capsys, data, "account", "delete", "bob", "--yes")
    assert told(capsys, data, "restore", str(copy)) == (
        0,
        [
            f"{copy} is in the place of {path} now.",
            f"What was there is kept in {path}.replaced-1, which can be restored, too.",
            (
                "Accounts forgotten since that copy was made are back: run `chatd"
                " forget` for them again."
            ),
        ],
        "",
    )
    assert accounts(capsys, data) == ["bob", "carol"]
    told(capsys, data, "restore", f"{path}.replaced-1")
    assert accounts(capsys, data) == ["carol"]


def test_a_backup_begins_a_house(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, elsewhere = tmp_path / "copy.db", tmp_path / "a" / "house"
    told(capsys, data, "backup", str(copy))
    status, lines, complaint = told(capsys, elsewhere, "restore", str(copy))
    assert (status, len(lines), complaint) == (0, 2, "")
    assert elsewhere.stat().st_mode & 0o777 == 0o700
    assert accounts(capsys, elsewhere) == ["bob", "carol"]


def test_only_its_owner_restores_a_house(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    status, _, complaint = told(capsys, data, "restore", "x")
    assert (status, "it belongs to user" in complaint) == (1, True)
    status, _, complaint = told(capsys, data / "chat.db", "restore", "x")
    assert (status, "cannot keep data in" in complaint) == (1, True)


def test_the_doctor_finds_a_healthy_house(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, complaint = told(capsys, data, "doctor")
    assert (status, complaint) == (0, "")
    assert [each[6:].partition(":")[0] for each in lines] == [
        *("configuration", "descriptors", "server", "disk", "permissions", "owner"),
        *("integrity", "schema", "memory", "clock", "store"),
    ]
    assert "FAIL" not in "".join(lines)


def test_the_doctor_counts_what_the_poller_reaches(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "epoll" not in IMPATIENT:
        pytest.skip("this system has no epoll")
    (data / "chat.toml").write_text("server.poller = 'epoll'")
    _, lines, _ = told(capsys, data, "doctor")
    assert f"enough for {capacity(EpollPoller.reach)} people" in lines[1]


def test_the_doctor_fails_where_something_is_wrong(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "chat.toml").write_text("limits.burst = 'many'")
    (data / "chat.db").unlink()
    status, lines, complaint = told(capsys, data, "doctor")
    assert (status, complaint) == (1, "chatd: something is wrong\n")
    failed = [each for each in lines if each.startswith("FAIL")]
    assert [each[6:].partition(":")[0] for each in failed] == ["configuration", "store"]


def test_who_has_read_enough_is_no_error(data: Path) -> None:
    with closing(Database(data)) as store:
        store.write([line(number, "x" * 1000) for number in range(10, 400)])
    command = [sys.executable, "-m", "chat", "export", "--data", str(data)]
    with subprocess.Popen(  # noqa: S603 - our own
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().endswith(b"<bob> old\n")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# With a server.


class Served:
    """A server that runs, and its data."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self._port = port

    def chatd(self, *words: str) -> list[str]:
        """What `chatd` prints, which does as it is told."""
        done = chatd(*words, "--data", str(self.data))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    @contextmanager
    def somebody(self, nick: str, *says: str) -> Iterator[socket.socket]:
        """Somebody on IRC, who says something as soon as he may."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=20) as peer:
            lines = (f"NICK {nick}", f"USER {nick} 0 * :{nick}")
            peer.sendall("".join(f"{each}\r\n" for each in lines).encode())
            assert b" 422 " in read_until(peer, b" 422 ")
            peer.sendall("".join(f"{each}\r\n" for each in says).encode())
            yield peer


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    data, log = tmp_path / "data", tmp_path / "log"
    flags = ("--log", str(log), "--log-level", "debug")
    with a_daemon(["127.0.0.1:0"], data, *flags) as process:
        yield Served(data, port_of(process))
        process.terminate()
        said, complaints = process.communicate(timeout=20)
    assert (process.returncode, said, complaints) == (0, b"", b"")


REGISTER = f"NS REGISTER {CANARY}"
IDENTIFY = f"NS IDENTIFY bob {CANARY}"
IN = b" 900 "


def test_the_socket_is_its_owners_and_goes_with_the_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with a_daemon(["127.0.0.1:0"], data) as process:
        port_of(process)
        assert (data / "admin.sock").stat().st_mode & 0o777 == 0o600
        process.terminate()
        process.communicate(timeout=20)
    assert not (data / "admin.sock").exists()


def test_a_server_tells_how_it_is(served: Served) -> None:
    with served.somebody("bob"):
        first, second, *_ = served.chatd("status")
        [facts] = served.chatd("status", "--json")
    assert re.fullmatch(r"Process \d+ serves since .*\.", first)
    assert second.endswith(" with 1 person and 1 open room.")
    assert json.loads(facts)["people"] == 1
    assert json.loads(facts)["statistics"]["door"]["admitted"] == 3


def test_the_sessions_of_a_suspended_account_end(served: Served) -> None:
    with served.somebody("bob", REGISTER) as bob:
        assert IN in read_until(bob, IN)
        [row] = served.chatd("account", "list")
        assert row.endswith("  here, 1 session")
        served.chatd("account", "suspend", "bob")
        assert read_until(bob, b"nothing, up to the end").endswith(
            b"ERROR :Closing link: The account is suspended\r\n"
        )
    with served.somebody("guest", IDENTIFY) as bob:
        assert b"closed for now" in read_until(bob, b"closed for now")
        served.chatd("account", "resume", "bob")
        bob.sendall(f"{IDENTIFY}\r\n".encode())
        assert IN in read_until(bob, IN)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["account", "delete", "bob", "--yes"], id="delete"),
        pytest.param(["forget", "--account", "bob", "--yes"], id="forget"),
    ],
)
def test_the_sessions_of_an_account_that_is_gone_end(
    served: Served, words: list[str]
) -> None:
    with served.somebody("bob", REGISTER) as bob:
        assert IN in read_until(bob, IN)
        served.chatd(*words)
        assert read_until(bob, b"nothing, up to the end").endswith(
            b"ERROR :Closing link: The account was deleted\r\n"
        )
    assert served.chatd("account", "list") == []


def test_a_code_lets_its_owner_in_and_is_found_nowhere(served: Served) -> None:
    with served.somebody("bob", REGISTER) as bob:
        assert IN in read_until(bob, IN)
        code = served.chatd("account", "reset", "bob")[-1].removeprefix("The code: ")
        assert read_until(bob, b"nothing, up to the end").endswith(
            b"ERROR :Closing link: The password was reset\r\n"
        )
    with served.somebody("guest", IDENTIFY, f"NS IDENTIFY bob {code}") as bob:
        assert b"Password incorrect." in read_until(bob, b"Password incorrect.")
        assert IN in read_until(bob, IN)
    files = [path for path in served.data.parent.rglob("*") if path.is_file()]
    assert "log" in {path.name for path in files}
    for path in files:
        written = path.read_bytes()
        assert code.encode() not in written
        assert CANARY.encode() not in written


def test_a_server_that_refuses_says_why(served: Served) -> None:
    done = chatd("account", "show", "eve", "--data", str(served.data))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "chatd: There is no account eve.\n"


def test_what_is_kept_is_read_and_copied_while_people_talk(
    served: Served, tmp_path: Path
) -> None:
    says = (REGISTER, "JOIN #ops", "PRIVMSG #ops :hello there", "PING :so-far")
    with served.somebody("bob", *says) as bob:
        assert b"so-far" in read_until(bob, b"so-far")
        [said] = served.chatd("export", "--room", "ops", "--json")[-1:]
        assert json.loads(said)["text"] == "hello there"
        assert " bob registered from 127.0.0.1" in served.chatd("audit")[0]
        served.chatd("backup", str(tmp_path / "copy.db"))
        done = chatd("restore", str(tmp_path / "copy.db"), "--data", str(served.data))
        why = f"chatd: another process holds {served.data / 'chat.db'}\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", why)
        assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
        findings = served.chatd("doctor")
        assert [each for each in findings if each.startswith("FAIL")] == []
        served.chatd("forget", "--account", "bob", "--yes")
        assert "hello there" not in "".join(served.chatd("export"))


def test_without_the_server_the_same_is_true_of_what_it_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    for says in (REGISTER, IDENTIFY):
        with a_daemon(["127.0.0.1:0"], data) as process:
            with Served(data, port_of(process)).somebody("bob", says) as bob:
                wanted = IN if says == REGISTER else b"closed for now"
                assert wanted in read_until(bob, wanted)
            process.terminate()
            process.communicate(timeout=20)
        assert accounts(capsys, data) == ["bob"]
        assert told(capsys, data, "account", "suspend", "bob")[0] == 0
