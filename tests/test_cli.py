"""The command line: flags into values, complaints, and the help."""

import fcntl
import io
import os
import socket
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chat import cli
from chat.client.link import Unreachable
from chat.client.login import Login
from chat.client.visit import Visit
from chat.config import Config, configured
from chat.domain.records import Kept
from chat.flags import of_chat, server, told
from chat.passwords import verify
from chat.server.pidfile import PidFile


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on loopback that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port: int = nobody.getsockname()[1]
    return port


# The server's.


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(
            ["--listen", "irc.example.org:6667"],
            "irc.example.org:6667: give an address such as 127.0.0.1 or [::1],"
            " not a name",
            id="a name for an address",
        ),
        pytest.param(
            ["--listen", "70000"],
            "70000: a port is a number from 0 to 65535",
            id="no such port",
        ),
        pytest.param(
            ["--listen", "gopher://127.0.0.1:70"],
            "gopher://127.0.0.1:70: gopher:// is not spoken here,"
            " only auto://, plain://, telnet://, irc://, unix://",
            id="a foreign language",
        ),
        pytest.param(
            ["--listen", "2428", "--listen", "unix://"],
            "unix://: give a path, such as unix:///run/chat.sock",
            id="the second one counts, too",
        ),
        pytest.param(
            ["--set", "limits.enable=false"],
            "limits.enable: there is no such setting; did you mean limits.enabled?",
            id="a setting with a slip",
        ),
        pytest.param(
            ["--poller", "kqueue"],
            "server.poller=kqueue: it has to be select or epoll",
            id="another poller",
        ),
        pytest.param(
            ["serve", "--set", "greet_after=soon"],
            "greet_after=soon: it has to be a number from 0 to 2147483647",
            id="the word serve changes nothing",
        ),
    ],
)
def test_chatd_complains_in_one_line(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.chatd(arguments) == 2
    assert capsys.readouterr() == ("", f"chatd: {complaint}\n")


def test_chatd_says_when_another_program_has_the_port(
    taken_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--listen", f"127.0.0.1:{taken_port}", "--data", str(tmp_path / "a")]
    assert cli.chatd(arguments) == 2
    assert capsys.readouterr() == (
        "",
        f"chatd: cannot listen on 127.0.0.1:{taken_port}: the port is in use\n",
    )


def test_chatd_says_when_it_cannot_keep_its_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert cli.chatd(["--listen", "0", "--data", str(in_the_way)]) == 2
    assert capsys.readouterr() == (
        "",
        f"chatd: cannot keep data in {in_the_way}: File exists\n",
    )


def test_chatd_keeps_its_data_from_others_eyes(
    taken_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "kept" / "here"
    cli.chatd(["--listen", f"127.0.0.1:{taken_port}", "--data", str(data)])
    assert data.stat().st_mode & 0o777 == 0o700
    assert "in use" in capsys.readouterr().err


def test_nothing_in_a_setting_makes_a_complaint_of_two_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "chat.toml"
    settings.write_text('"a\\r\\nb\\u001b[2J" = 1')
    assert cli.chatd(["check-config", "--data", str(tmp_path)]) == 2
    assert capsys.readouterr() == (
        "",
        f"chatd: {settings}:1: a␍␊b␛[2J: there is no such setting\n",
    )


def test_flags_count_more_than_the_file_and_the_file_more_than_nothing(
    tmp_path: Path,
) -> None:
    settings = tmp_path / "mine.toml"
    settings.write_text(
        "listen = ['1']\ngreet_after = 1\ndata = 'kept'\nlimits.burst = 3"
    )

    def found(*flags: str) -> Config:
        given = ["--config", str(settings), *flags]
        return cli._configuration(told(given, cli.VERBS))

    expected = configured(["limits.burst=3", "greet_after=1", "listen=1"])
    assert found() == replace(expected, data=str(tmp_path / "kept"))
    assert found(
        *("--listen", "2", "--listen", "3", "--set", "greet_after=2", "--data", "/d")
    ) == replace(expected, listen=("2", "3"), data="/d", greet_after=2.0)


def test_settings_are_looked_for_among_the_data(tmp_path: Path) -> None:
    flags = told(["--data", str(tmp_path)], cli.VERBS)
    before = cli._configuration(flags)
    (tmp_path / "chat.toml").write_text("greet_after = 9")
    assert (before.greet_after, cli._configuration(flags).greet_after) == (0.4, 9.0)


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        pytest.param(
            "limits.burst = 3", 0, ("The configuration is in order.\n", ""), id="good"
        ),
        pytest.param(
            "limits.enabled = 0",
            2,
            ("", "chatd: {}:1: limits.enabled: it is either true or false\n"),
            id="bad",
        ),
        pytest.param(
            None, 2, ("", "chatd: {}: No such file or directory\n"), id="not there"
        ),
    ],
)
def test_settings_are_checked_without_serving(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    status: int,
    said: tuple[str, str],
) -> None:
    settings = tmp_path / "mine.toml"
    if text is not None:
        settings.write_text(text)
    assert cli.chatd(["check-config", "--config", str(settings)]) == status
    assert capsys.readouterr() == tuple(each.format(settings) for each in said)


def test_what_is_printed_as_settings_can_be_read_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    assert cli.chatd([*data, "--set", "limits.burst=3", "--print-config"]) == 0
    (tmp_path / "chat.toml").write_text(capsys.readouterr().out)
    assert cli._configuration(told(data, cli.VERBS)) == replace(
        configured(["limits.burst=3"]), data=str(tmp_path)
    )


def test_a_password_is_hashed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("open sesame\n"))
    assert cli.chatd(["hash-password"]) == 0
    assert verify("open sesame", capsys.readouterr().out.rstrip("\n"))


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        pytest.param(["sesame", "sesame"], 0, "", id="twice the same"),
        pytest.param(
            ["sesame", "sesamy"],
            1,
            "chatd: these were two different passwords\n",
            id="two of them",
        ),
        pytest.param(
            ["", ""], 2, "chatd: a password is text, and not empty\n", id="none"
        ),
    ],
)
def test_at_a_terminal_a_password_is_asked_for_twice(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: list[str],
    status: int,
    said: str,
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    answers = iter(typed)
    monkeypatch.setattr("getpass.getpass", lambda *_: next(answers))
    assert cli.chatd(["hash-password"]) == status
    assert capsys.readouterr().err == said


def test_a_log_that_cannot_be_written_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--data", str(tmp_path), "--listen", "127.0.0.1:0"]
    assert cli.chatd([*flags, "--log", str(tmp_path)]) == 2
    assert capsys.readouterr() == (
        "",
        f"chatd: cannot write to {tmp_path}: Is a directory\n",
    )


def test_chatd_listens_where_it_is_told_as_often_as_it_is_told() -> None:
    flags = told(["--listen", "1", "--listen", "[::1]:2"], cli.VERBS)
    assert flags.listen == ["1", "[::1]:2"]


def test_a_server_that_cannot_be_asked_is_found_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pidfile = PidFile(tmp_path / "chatd.pid")
    pidfile.write()
    data = ["--data", str(tmp_path)]
    assert cli.chatd(["status", *data]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"Process {os.getpid()} serves since ")
    assert second == f"For statistics in its log: kill -USR1 {os.getpid()}"
    assert cli.chatd(["status", "--json", *data]) == 1
    assert capsys.readouterr() == (
        "",
        f"chatd: no server answers in {tmp_path} (no such file or directory)\n",
    )
    pidfile.remove()


def test_people_can_talk_though_nobody_can_look_after_the_house(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli._for_the_console(Path("/" + "x" * 200)) == []
    complaint = capsys.readouterr().err
    assert complaint.endswith(
        "/admin.sock: a socket's path is at most 107 bytes long\n"
    )


# The client's.


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("irc.here", ("irc.here", 2428), id="a bare name"),
        pytest.param("irc.here:6667", ("irc.here", 6667), id="a name and a port"),
        pytest.param("192.0.2.7", ("192.0.2.7", 2428), id="a bare address"),
        pytest.param("192.0.2.7:1", ("192.0.2.7", 1), id="an address and a port"),
        pytest.param("[::1]:2428", ("::1", 2428), id="IPv6 and a port"),
        pytest.param("[::1]", ("::1", 2428), id="IPv6 alone"),
        pytest.param(":6667", ("localhost", 6667), id="a port of this machine"),
    ],
)
def test_the_server_is_a_host_and_a_port(text: str, named: tuple[str, int]) -> None:
    assert server(text) == named


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("irc.here:", id="no number"),
        pytest.param("irc.here:irc", id="a word"),
        pytest.param("irc.here:65536", id="too big"),
        pytest.param("irc.here:-1", id="below 0"),
        pytest.param("irc.here:٣", id="a digit of another script"),
        pytest.param("irc.here:²", id="a digit that is no number"),
        pytest.param("irc.here:" + "9" * 5000, id="longer than any number"),
    ],
)
def test_chat_complains_of_a_port_in_one_line(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.chat([text]) == 2
    assert capsys.readouterr() == (
        "",
        f"chat: {text}: a port is a number from 1 to 65535\n",
    )


@pytest.mark.parametrize("text", ["::1", "fe80::1", "::1:2428"])
def test_chat_wants_brackets_round_an_ipv6_address(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.chat([text]) == 2
    assert capsys.readouterr() == (
        "",
        f"chat: {text}: write an IPv6 address in brackets, [::1]:2428\n",
    )


def test_chat_goes_by_the_nick_that_it_is_told() -> None:
    flags = of_chat().parse_args(["--nick", "bob", "irc.here"])
    assert (flags.nick, flags.server) == ("bob", "irc.here")


class Visited(list[tuple[str, int, str, str]]):
    """Where `chat` went: host, port, nick and room; nobody answers but *there*."""

    def __init__(self, there: str = "") -> None:
        super().__init__()
        self._there = there

    def run(self, host: str, port: int, visit: Visit) -> int:
        self.append((host, port, visit.session.state.nick, visit.session.home))
        if host != self._there:
            raise Unreachable(f"{host} does not answer.")
        return 0


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("chat.client.pipe.is_wanted", lambda: False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("USER", "alice")


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        pytest.param(
            ["irc.here"], ("irc.here", 2428, "alice", "#lobby"), id="the server"
        ),
        pytest.param(
            ["irc.here:1", "ops"], ("irc.here", 1, "alice", "#ops"), id="and the room"
        ),
        pytest.param(
            ["irc.here", "#ops", "--nick", "bob", "--plain"],
            ("irc.here", 2428, "bob", "#ops"),
            id="all of it",
        ),
        pytest.param(
            ["irc.here", "&ops"],
            ("irc.here", 2428, "alice", "&ops"),
            id="another kind of room",
        ),
    ],
)
@pytest.mark.usefixtures("at_a_terminal")
def test_where_chat_goes(
    arguments: list[str],
    where: tuple[str, int, str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visited = Visited(there="irc.here")
    monkeypatch.setattr("chat.client.terminal.run", visited.run)
    assert cli.chat(arguments) == 0
    assert visited == [where]


@pytest.mark.usefixtures("at_a_terminal")
def test_chat_asks_for_the_password_of_an_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visits: list[Visit] = []

    def run(_host: str, _port: int, visit: Visit) -> int:
        visits.append(visit)
        return 0

    monkeypatch.setattr("chat.client.terminal.run", run)
    monkeypatch.setattr("getpass.getpass", lambda asked: f"to {asked}")
    assert cli.chat(["irc.here", "--account", "bob"]) == 0
    (visit,) = visits
    assert visit.session.state.nick == "bob"
    assert visit._login == Login("bob", "to The password of bob: ")


@pytest.mark.usefixtures("at_a_terminal")
def test_who_does_not_want_to_say_it_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(_asked: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("getpass.getpass", no)
    assert cli.chat(["irc.here", "--account", "bob"]) == 1


@pytest.mark.usefixtures("at_a_terminal")
def test_among_programs_nobody_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.chat(["irc.here", "--account", "bob", "--once"]) == 2
    assert "on a terminal" in capsys.readouterr().err


@pytest.mark.usefixtures("at_a_terminal")
def test_chat_alone_tries_this_machine_and_then_asks_one_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visited, asked = Visited(there="irc.here"), list[str]()

    def answer(words: str) -> str:
        asked.append(words)
        return "irc.here:1"

    monkeypatch.setattr("chat.client.terminal.run", visited.run)
    monkeypatch.setattr("builtins.input", answer)
    assert cli.chat([]) == 0
    assert asked == ["No server runs on this machine. Which one? HOST[:PORT] "]
    assert [where[:2] for where in visited] == [("localhost", 2428), ("irc.here", 1)]


@pytest.mark.usefixtures("at_a_terminal")
def test_who_named_the_server_is_not_asked_for_another(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("chat.client.terminal.run", Visited().run)
    assert cli.chat(["irc.there"]) == 1
    assert capsys.readouterr().err == "chat: irc.there does not answer.\n"


@pytest.mark.parametrize("room", ["", "#", "two words", "#a,#b"])
def test_a_room_is_one_word(room: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.chat(["irc.here", room]) == 2
    assert capsys.readouterr().err == (
        f"chat: {room}: a room is one word, such as #lobby\n"
    )


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_timeout_is_a_number_of_seconds(
    seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.chat(["irc.here", f"--timeout={seconds}"])
    assert left.value.code == 2
    assert f"{seconds} is no number of seconds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("user", "nick"),
    [
        pytest.param("alice", "alice", id="one's own"),
        pytest.param("root", "guest", id="everybody's is nobody's"),
    ],
)
def test_who_gives_no_nick_goes_by_the_name_on_the_machine(
    user: str, nick: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", user)
    assert cli._own_name() == nick


def test_chat_says_when_nobody_is_there_to_chat_with(
    free_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.chat([f"127.0.0.1:{free_port}", "--nick", "bob"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("chat: ")
    assert said.err.count("\n") == 1


# Both.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "usage: python -m chat serve|connect ...\n", id="no word"),
        pytest.param(
            ["dance"], "usage: python -m chat serve|connect ...\n", id="a wrong word"
        ),
        pytest.param(
            ["serve", "--set", "weather=fine"],
            "chatd: weather: there is no such setting\n",
            id="serve is chatd",
        ),
    ],
)
def test_the_first_word_tells_which_program(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert capsys.readouterr() == ("", said)


def test_connect_is_chat(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["connect", "here:there"]) == 2
    assert capsys.readouterr().err == (
        "chat: here:there: a port is a number from 1 to 65535\n"
    )


@pytest.mark.parametrize(
    ("word", "names"),
    [
        pytest.param(
            "serve",
            [
                *("VERB", "--listen", "--data", "--config", "--set", "--print-config"),
                *("--poller", "--daemon", "--pidfile", "--log", "--log-level"),
            ],
            id="chatd",
        ),
        pytest.param(
            "connect",
            [
                "HOST[:PORT]",
                "ROOM",
                "--nick",
                "--plain",
                "--json",
                "--once",
                "--timeout",
            ],
            id="chat",
        ),
    ],
)
def test_the_help_names_every_flag(
    word: str, names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([word, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    options = said[said.index("\n\n") :]
    listed = [line.split()[0].rstrip(",") for line in options.splitlines() if line]
    assert [name for name in names if name not in listed] == []


@pytest.mark.parametrize(
    ("word", "program"),
    [
        pytest.param("serve", "chatd", id="chatd"),
        pytest.param("connect", "chat", id="chat"),
    ],
)
def test_a_flag_that_is_none_is_explained(
    word: str, program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([word, "--fly"])
    assert left.value.code == 2
    assert capsys.readouterr().err == (
        f"{program}: unrecognized arguments: --fly ({program} --help tells more)\n"
    )


def test_python_m_chat_is_this_very_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chat"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert (done.stdout, done.stderr) == (
        "",
        "usage: python -m chat serve|connect ...\n",
    )


# What the server remembers with.


def of_serving(*words: str) -> Namespace:
    return told(["serve", *words], cli.VERBS)


def test_a_store_is_kept_among_the_data(tmp_path: Path) -> None:
    config = replace(Config(), data=str(tmp_path))
    with closing(cli._store(of_serving(), config)) as store:
        secret = store.secret()
        assert (tmp_path / "chat.db").stat().st_mode & 0o777 == 0o600
    with closing(cli._store(of_serving(), config)) as store:
        assert store.secret() == secret


def test_nothing_is_written_without_a_store(tmp_path: Path) -> None:
    config = replace(Config(), data=str(tmp_path))
    forgetful = cli._configuration(of_serving("--no-store", "--data", str(tmp_path)))
    assert not forgetful.house(since=0).is_lasting
    with closing(cli._store(of_serving("--no-store"), config)) as store:
        assert store.load() == Kept()
    assert list(tmp_path.iterdir()) == []


def test_a_flag_says_what_to_wait_with(tmp_path: Path) -> None:
    flags = of_serving("--data", str(tmp_path), "--poller", "select")
    flags.set.append("server.poller=epoll")
    assert cli._configuration(flags).server.poller == "select"


def held(path: Path) -> int:
    """Hold the store at *path*, as another server does."""
    beside = os.open(path.with_name("chat.db.lock"), os.O_RDWR | os.O_CREAT)
    fcntl.flock(beside, fcntl.LOCK_EX)
    return beside


def test_a_store_is_for_one_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "chat.db"
    beside = held(path)
    assert cli.chatd(["--listen", "127.0.0.1:0", "--data", str(tmp_path)]) == 1
    os.close(beside)
    said = f"chatd: another process holds {path}; {cli._WITHOUT}\n"
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(
            lambda path: path.write_bytes(b"not a database" * 100),
            "{} is not a database; it was left as it is,",
            id="damaged",
        ),
        pytest.param(Path.mkdir, "{}: Is a directory;", id="something else"),
    ],
)
def test_a_store_that_cannot_be_opened_is_left_as_it_is(
    spoil: Callable[[Path], object],
    why: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "chat.db"
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    assert cli.chatd(["--listen", "127.0.0.1:0", "--data", str(tmp_path)]) == 1
    said = f"chatd: {why.format(path)} {cli._WITHOUT}\n"
    assert capsys.readouterr() == ("", said)
    assert (path.read_bytes() if path.is_file() else None) == before
