"""The daemon, for real: it says where it listens, and leaves when it is told."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from chat.net.address import Address
from chat.net.listener import Listener
from chat.server.daemon import _announce


@contextmanager
def a_daemon(listen: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m chat serve``, which is killed at the end if it still runs."""
    command = [sys.executable, "-W", "default", "-m", "chat", "serve"]
    with subprocess.Popen(  # noqa: S603 - our own
        [*command, "--listen", listen, "--data", str(data)],
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
    with a_daemon("127.0.0.1:0", tmp_path) as process:
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
    with a_daemon("127.0.0.1:0", tmp_path) as process:
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
        with a_daemon(where, tmp_path) as process:
            said, complaints = process.communicate(timeout=20)
    assert (process.returncode, said) == (2, b"")
    assert (
        complaints.decode() == f"chatd: cannot listen on {where}: the port is in use\n"
    )


@pytest.mark.parametrize(
    ("host", "whom"),
    [
        pytest.param("127.0.0.1", "this machine only", id="loopback"),
        pytest.param("0.0.0.0", "anyone who can reach it", id="the world"),
    ],
)
def test_it_says_where_and_to_whom_it_is_open(
    host: str, whom: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Listener(Address("127.0.0.1", 0))) as listener:
        listener.address = Address(host, 2428)
        _announce([listener])
    assert capsys.readouterr().out == (
        f"Listening on {host}:2428, open to {whom}.\nTry it: nc localhost 2428\n"
    )
