"""The daemon, for real: it says where it listens, and leaves when it is told."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from chat.net.address import Address, parse
from chat.net.listener import Listener
from chat.server.daemon import _announce


@contextmanager
def a_daemon(listen: list[str], data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m chat serve``, which is killed at the end if it still runs."""
    command = [sys.executable, "-W", "default", "-m", "chat", "serve"]
    flags = [flag for place in listen for flag in ("--listen", place)]
    with subprocess.Popen(  # noqa: S603 - our own
        [*command, *flags, "--data", str(data)],
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


def test_on_a_signal_it_tells_how_it_is(tmp_path: Path) -> None:
    with a_daemon(["127.0.0.1:0"], tmp_path) as process:
        port_of(process)
        process.send_signal(signal.SIGUSR1)
        assert process.stderr is not None
        told = [process.stderr.readline().decode().split()[1] for _ in range(7)]
        assert told == [
            *("loop:", "faults:", "door:", "poller:"),
            *("sessions:", "outboxes:", "fan-out:"),
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
