"""The daemon, for real: it says where it listens, and leaves when it is told."""

import os
import pty
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import dropwhile, islice
from pathlib import Path

import pytest

from chat.net.address import Address, parse
from chat.net.listener import Listener
from chat.server.daemon import _announce
from tests.fakes import IMPATIENT

CHAT = (sys.executable, "-W", "default", "-m", "chat")


def chatd(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run ``chatd`` to its end."""
    return subprocess.run(  # noqa: S603 - our own
        [*CHAT, *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environment},
    )


@contextmanager
def a_daemon(
    listen: list[str], data: Path, *more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m chat serve``, which is killed at the end if it still runs."""
    flags = [flag for place in listen for flag in ("--listen", place)]
    with subprocess.Popen(  # noqa: S603 - our own
        [*CHAT, "serve", *flags, "--data", str(data), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def port_of(process: subprocess.Popen[bytes]) -> int:
    """The port that it announces, which it does as soon as it listens."""
    assert process.stdout is not None
    words = process.stdout.readline().split()
    process.stdout.readline()
    assert words[:2] == [b"Listening", b"on"]
    return int(words[2].rstrip(b",").rpartition(b":")[2])


def read_until(peer: socket.socket, words: bytes) -> bytes:
    """What *peer* reads up to *words*, or to the end if they never come."""
    heard = b""
    while words not in heard and (data := peer.recv(4096)):
        heard += data
    return heard


# Runs `chatd` where no file can be written to, as on a full disk.
FULL = """
import resource, signal, sys
from chat.cli import chatd
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
sys.exit(chatd(sys.argv[1:]))
"""


def on_a_full_disk(data: Path, *more: str) -> "subprocess.Popen[bytes]":
    flags = ("--listen", "127.0.0.1:0", "--data", str(data), *more)
    return subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", FULL, *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_on_a_full_disk_people_can_talk(tmp_path: Path) -> None:
    with on_a_full_disk(tmp_path, "--no-store") as process:
        address = ("127.0.0.1", port_of(process))
        with socket.create_connection(address, timeout=20) as alice:
            alice.sendall(b"alice\n")
            assert b"You are alice." in read_until(alice, b"#lobby, with nobody")
        process.terminate()
        _, complaint = process.communicate(timeout=20)
    assert process.returncode == 0
    why = f"chatd: cannot write {tmp_path / 'chatd.pid'}: File too large\n"
    assert complaint.decode().startswith(why)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        pytest.param(["--no-store", "--daemon"], "cannot write {}/chatd.pid", id="pid"),
        pytest.param([], "{}/chat.db: the disk fails; and --no-store", id="store"),
    ],
)
def test_what_a_full_disk_makes_impossible_is_told_in_a_line(
    more: list[str], why: str, tmp_path: Path
) -> None:
    with on_a_full_disk(tmp_path, *more) as process:
        _, complaint = process.communicate(timeout=20)
    assert process.returncode == 1
    last = complaint.decode().splitlines()[-1]
    assert last.startswith(f"chatd: {why.format(tmp_path)}")
    assert b"Traceback" not in complaint


@pytest.mark.parametrize("poller", list(IMPATIENT))
def test_it_serves_whatever_it_waits_with(poller: str, tmp_path: Path) -> None:
    with a_daemon(["127.0.0.1:0"], tmp_path, "--poller", poller) as process:
        address = ("127.0.0.1", port_of(process))
        with socket.create_connection(address, timeout=20) as alice:
            alice.sendall(b"alice\n")
            assert b"You are alice." in read_until(alice, b"#lobby, with nobody")
        process.terminate()
        assert process.wait(20) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_a_good_bye_to_everybody(
    number: signal.Signals, tmp_path: Path
) -> None:
    with a_daemon(["127.0.0.1:0"], tmp_path) as process:
        address = ("127.0.0.1", port_of(process))
        with socket.create_connection(address, timeout=20) as alice:
            alice.sendall(b"alice\n")
            assert b"You are alice." in read_until(alice, b"#lobby, with nobody")
            process.send_signal(number)
            farewell = read_until(alice, b"nothing, up to the end")
        rest, log = process.communicate(timeout=20)
        assert farewell.endswith(b"-- Good-bye: The server is shutting down.\r\n")
        assert (process.returncode, rest) == (0, b"")
        assert b"leaving, with 1 to say good-bye to" in log


# What is of use to others only, or to nobody: each would cost a server memory for good.
NOT_FOR_SERVERS = {
    "asyncio",
    "chat.archive",
    "chat.bench",
    "chat.caretaker",
    "chat.client",
    "chat.console",
    "concurrent",
    "email",
    "http",
    "importlib.metadata",
    "importlib.resources",
    "multiprocessing",
    "prompt_toolkit",
    "pydoc",
    "ssl",
    "unittest",
    "urllib.request",
    "xml",
    "zipfile",
}


def test_a_server_loads_nothing_that_it_does_not_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    with a_daemon(["127.0.0.1:0"], tmp_path) as process:
        port_of(process)
        process.terminate()
        _, log = process.communicate(timeout=20)
    loaded = {line.rpartition("|")[2].strip() for line in log.decode().splitlines()}
    assert "chat.server.loop" in loaded
    assert loaded & NOT_FOR_SERVERS == set()


def test_on_a_signal_it_tells_how_it_is(tmp_path: Path) -> None:
    with a_daemon(["127.0.0.1:0"], tmp_path) as process:
        port_of(process)
        process.send_signal(signal.SIGUSR1)
        assert process.stderr is not None
        lines = (line.decode().split()[1] for line in process.stderr)
        # Somebody may run these tests as root, which the log begins with.
        told = list(islice(dropwhile(lambda word: word != "loop:", lines), 10))
        assert told == [
            *("loop:", "faults:", "door:", "poller:"),
            *("sessions:", "offload:", "librarian:", "keeper:", "outboxes:"),
            "fan-out:",
        ]


def test_a_port_in_use_is_one_line_for_the_operator(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        where = f"127.0.0.1:{other.getsockname()[1]}"
        with a_daemon([where], tmp_path) as process:
            said, complaints = process.communicate(timeout=20)
    assert (process.returncode, said) == (2, b"")
    assert (
        complaints.decode() == f"chatd: cannot listen on {where}: the port is in use\n"
    )


def announced(
    addresses: list[Address], capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """What is said by a server that listens on *addresses*."""
    with ExitStack() as end:
        listeners = [
            end.enter_context(closing(Listener(Address("127.0.0.1", 0))))
            for _ in addresses
        ]
        for listener, address in zip(listeners, addresses, strict=True):
            listener.address = address
        _announce(listeners)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("text", "whom", "how"),
    [
        pytest.param(
            "127.0.0.1:2428", "this machine only", "nc localhost 2428", id="loopback"
        ),
        pytest.param(
            "0.0.0.0:2428",
            "anyone who can reach it",
            "nc localhost 2428",
            id="the world",
        ),
        pytest.param(
            "plain://192.0.2.7:1",
            "anyone who can reach it",
            "nc 192.0.2.7 1",
            id="for people",
        ),
        pytest.param(
            "telnet://[::1]:23", "this machine only", "telnet localhost 23", id="telnet"
        ),
        pytest.param(
            "irc://127.0.0.1:6667",
            "this machine only",
            "/connect localhost 6667, in an IRC client",
            id="IRC",
        ),
        pytest.param(
            "unix:///run/chat.sock",
            "this machine only",
            "nc -U /run/chat.sock",
            id="a file",
        ),
        pytest.param(
            "unix://our chat",
            "this machine only",
            "nc -U 'our chat'",
            id="a file with a space",
        ),
    ],
)
def test_it_says_where_and_to_whom_it_is_open(
    text: str, whom: str, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert announced(parse(text), capsys) == [
        f"Listening on {text}, open to {whom}.",
        f"Try it: {how}",
    ]


def test_of_several_places_people_are_told_of_one_for_people(
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = ["irc://0.0.0.0:6667", "telnet://127.0.0.1:23", "127.0.0.1:2428"]
    addresses = [address for text in texts for address in parse(text)]
    assert announced(addresses, capsys) == [
        "Listening on irc://0.0.0.0:6667, open to anyone who can reach it.",
        "Listening on telnet://127.0.0.1:23, open to this machine only.",
        "Listening on 127.0.0.1:2428, open to this machine only.",
        "Try it: telnet localhost 23",
    ]


def test_it_listens_wherever_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "chat.sock"
    listen = ["127.0.0.1:0", f"unix://{path}", "irc://127.0.0.1:0"]
    with a_daemon(listen, tmp_path) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().decode() for _ in range(4)]
        assert said[1] == f"Listening on unix://{path}, open to this machine only.\n"
        assert said[2].startswith("Listening on irc://127.0.0.1:")
        with socket.socket(socket.AF_UNIX) as alice:
            alice.settimeout(20)
            alice.connect(str(path))
            alice.sendall(b"alice\n")
            assert b"You are alice." in read_until(alice, b"#lobby, with nobody")
        process.terminate()
        rest, _ = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, b"")
    assert not path.exists()


# In the background.


@contextmanager
def in_the_background(data: Path, *flags: str, **environment: str) -> Iterator[int]:
    """A daemon of its own session, and its port; it is stopped at the end."""
    where = ("--data", str(data), "--listen", "127.0.0.1:0")
    started = chatd("serve", "--daemon", *where, *flags, **environment)
    assert (started.returncode, started.stderr) == (0, "")
    try:
        yield int(started.stdout.split()[2].rstrip(",").rpartition(":")[2])
    finally:
        # It may have been stopped already, which is no harm.
        chatd("stop", "--data", str(data), *flags)


@contextmanager
def an_ear(folder: Path) -> Iterator[socket.socket]:
    """A supervisor's socket: what a server tells there, it has done."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(folder / "notify"))
        ear.settimeout(20)
        yield ear


def test_a_daemon_is_started_asked_and_stopped(tmp_path: Path) -> None:
    here = ("--data", str(tmp_path))
    with in_the_background(tmp_path) as port:
        pid = int((tmp_path / "chatd.pid").read_text())
        assert os.getsid(pid) not in (pid, os.getsid(0))
        assert Path(f"/proc/{pid}/cwd").readlink() == Path("/")
        streams = [Path(f"/proc/{pid}/fd/{number}").readlink() for number in range(3)]
        assert streams == [Path("/dev/null")] * 3
        asked = chatd("status", *here)
        status = (
            rf"Process {pid} serves since 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"
            rf" \(0:0\d:\d\d\)\.\nswitchboard\.local .* with 0 people .*\n(\S+: .*\n)+"
        )
        assert re.fullmatch(status, asked.stdout)
        assert (asked.returncode, asked.stderr) == (0, "")
        again = chatd("serve", "--listen", "0", "--daemon", *here)
        assert (again.returncode, again.stdout) == (1, "")
        held = tmp_path / "chatd.pid"
        said = f"chatd: a server runs already, as process {pid} ({held})\n"
        assert again.stderr == said
        with socket.create_connection(("127.0.0.1", port), timeout=20) as alice:
            alice.sendall(b"alice\n")
            assert b"You are alice." in read_until(alice, b"#lobby, with nobody")
            stopped = chatd("stop", *here)
            assert read_until(alice, b"nothing, up to the end").endswith(
                b"-- Good-bye: The server is shutting down.\r\n"
            )
        assert (stopped.returncode, stopped.stdout) == (
            0,
            f"Process {pid} has ended.\n",
        )
        assert not held.exists()
    for word in ("status", "stop"):
        asked = chatd(word, *here)
        assert (asked.returncode, asked.stdout) == (1, "")
        assert asked.stderr == f"chatd: no server runs ({held})\n"
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    # It is made a second after the start.
    assert modes.pop("search.db", 0o600) == 0o600
    assert modes == dict.fromkeys(["chatd.log", "chat.db", "chat.db.lock"], 0o600)


def test_a_hang_up_changes_a_limit_and_follows_the_log(tmp_path: Path) -> None:
    settings = tmp_path / "chat.toml"
    log, moved = tmp_path / "its log", tmp_path / "its old log"
    with (
        an_ear(tmp_path) as ear,
        in_the_background(
            tmp_path, "--log", str(log), NOTIFY_SOCKET=ear.getsockname()
        ) as port,
    ):
        pid = int((tmp_path / "chatd.pid").read_text())
        assert ear.recv(1000).startswith(f"READY=1\nMAINPID={pid}\n".encode())

        def hang_up(text: str) -> None:
            """Have *text* in force, or refused."""
            settings.write_text(text)
            os.kill(pid, signal.SIGHUP)
            assert ear.recv(1000).startswith(b"RELOADING=1")
            assert ear.recv(1000) == b"READY=1"

        log.rename(moved)
        hang_up("[limits]\nper_address = 0\n")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as bob:
            assert b"too many connections" in read_until(bob, b"\n")
        hang_up("[limits]\n\nper_address = 'many'\n")
        # Whatever is in the file, the server can be found.
        assert chatd("status", "--data", str(tmp_path)).returncode == 0
        hang_up("server.name = 'elsewhere'\n[limits]\n")
    lines = [line.partition(" ")[2] for line in log.read_text().splitlines()]
    refused = "limits.per_address: it has to be a whole number from 0 to 2147483647"
    assert lines == [
        "limits.per_address: 64 -> 0",
        "turned away 127.0.0.1: There are too many connections from your address.",
        f"the configuration stays as it was: {settings}:3: {refused}",
        "server.name cannot change while running",
        "limits.per_address: 0 -> 64",
        "leaving, with 0 to say good-bye to",
    ]
    assert "limits" not in moved.read_text()


def test_a_daemon_needs_no_stream_to_be_started(tmp_path: Path) -> None:
    command = [*CHAT, "serve", "--daemon", "--listen", "127.0.0.1:0"]
    script = f'exec "$@" --data {tmp_path} <&- >&- 2>&-'
    done = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-c", script, "sh", *command], timeout=30, check=False
    )
    asked = chatd("status", "--data", str(tmp_path))
    stopped = chatd("stop", "--data", str(tmp_path))
    assert (done.returncode, asked.returncode, stopped.returncode) == (0, 0, 0)


def test_a_daemon_that_cannot_serve_says_so_before_it_goes(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        where = f"127.0.0.1:{other.getsockname()[1]}"
        words = ("--daemon", "--listen", where, "--data", str(tmp_path))
        started = chatd("serve", *words)
    assert (started.returncode, started.stdout) == (2, "")
    assert started.stderr == f"chatd: cannot listen on {where}: the port is in use\n"
    assert list(tmp_path.iterdir()) == []


def test_a_pidfile_that_is_left_over_is_no_obstacle(tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"
    # This very process is alive, and no server.
    pidfile.write_text(f"{os.getpid()}\n")
    with in_the_background(tmp_path, "--pidfile", str(pidfile)):
        assert int(pidfile.read_text()) != os.getpid()
    assert not pidfile.exists()


def test_a_supervisor_passes_a_socket_and_is_told(tmp_path: Path) -> None:
    # What systemd does: the process that becomes chatd says who it is.
    as_systemd = (
        "import os, sys; os.environ['LISTEN_PID'] = str(os.getpid());"
        " os.dup2(int(sys.argv[1]), 3); os.execv(sys.executable, sys.argv[2:])"
    )
    with socket.create_server(("127.0.0.1", 0)) as opened, an_ear(tmp_path) as ear:
        command = [sys.executable, "-c", as_systemd, str(opened.fileno()), *CHAT]
        with subprocess.Popen(  # noqa: S603 - our own
            [*command, "serve", "--data", str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[opened.fileno()],
            env={**os.environ, "LISTEN_FDS": "1", "NOTIFY_SOCKET": ear.getsockname()},
        ) as process:
            port = port_of(process)
            assert port == opened.getsockname()[1]
            where = f"Serving on 127.0.0.1:{port}"
            assert ear.recv(1000).decode() == (
                f"READY=1\nMAINPID={process.pid}\nSTATUS={where}"
            )
            process.send_signal(signal.SIGHUP)
            assert ear.recv(1000).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
            assert ear.recv(1000) == b"READY=1"
            process.send_signal(signal.SIGTERM)
            assert ear.recv(1000) == b"STOPPING=1"
            assert process.wait(timeout=20) == 0


# With its terminal.


@pytest.mark.parametrize(
    ("hears", "stays"),
    [
        pytest.param("", False, id="as it was started"),
        pytest.param("trap '' HUP;", True, id="unless it was told not to, as by nohup"),
    ],
)
def test_it_ends_with_the_terminal_that_it_was_started_in(
    tmp_path: Path, hears: str, stays: bool
) -> None:
    flags = ("--listen", "127.0.0.1:0", "--data", str(tmp_path))
    shell = ("sh", "-c", f'{hears} exec "$@"', "sh", *CHAT, "serve", *flags)
    with an_ear(tmp_path) as ear:
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["NOTIFY_SOCKET"] = ear.getsockname()
            os.execv("/bin/sh", shell)  # noqa: S606 - our own
        assert ear.recv(1000).startswith(b"READY=1")
        # Whose terminal is closed is sent a SIGHUP.
        os.close(terminal)
        assert ear.recv(1000).startswith(b"RELOADING=1" if stays else b"STOPPING=1")
        if stays:
            os.kill(pid, signal.SIGTERM)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
