"""Canaries: passwords that can be found again, and are found nowhere.

A real server keeps a real store, and logs all that it can.  People say every kind
of password to it, right ones and wrong ones.  Then everything that it has left
behind is searched, and what others on the machine could see while it ran.
"""

import re
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.passwords import hashed
from tests.journeys.programs import PATIENCE_SECONDS

# It cannot be part of anything else, and is long enough for a password.
CANARY = "ca-na-ry"
LISTENING = re.compile(r"Listening on 127\.0\.0\.1:(\d+)")
SETTINGS = f"""
limits.enabled = false
server.password = "{hashed(f"{CANARY}-house")}"
accounts.kdf_iterations = 4096

[[operator]]
name = "root"
password = "{hashed(f"{CANARY}-oper")}"
"""


def plain(account: str, password: str) -> str:
    """What SASL PLAIN sends."""
    return b64encode(f"\0{account}\0{password}".encode()).decode()


RIGHT = plain("alice", f"{CANARY}-changed")
WRONG = plain("alice", f"{CANARY}-sasl")


class House:
    """A server of its own, with a folder and a log of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "chat.toml").write_text(SETTINGS)
        places = ["--data", home / "data", "--config", home / "chat.toml"]
        logs = ["--log", home / "log", "--log-level", "debug"]
        self._process = subprocess.Popen(  # noqa: S603 - our own
            [
                *(sys.executable, "-m", "chat", "serve", "--listen", "127.0.0.1:0"),
                *map(str, places + logs),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        assert self._process.stdout
        for line in self._process.stdout:
            self.said += line
            if found := LISTENING.search(line):
                self.port = int(found[1])
                return
        raise AssertionError(self.said)

    def visit(self, *lines: str, until: str) -> str:
        """Say *lines* on a new connection; what is read *until* that comes."""
        address = ("127.0.0.1", self.port)
        with socket.create_connection(address, PATIENCE_SECONDS) as peer:
            peer.sendall("".join(f"{line}\r\n" for line in lines).encode())
            read = b""
            while until.encode() not in read:
                more = peer.recv(4096)
                assert more, f"never said {until!r}: {read.decode()}"
                read += more
        return read.decode()

    def seen_by_others(self) -> str:
        """What ``ps`` shows of it."""
        process = Path(f"/proc/{self._process.pid}")
        shown = [process / name for name in ("cmdline", "environ", "comm")]
        return "".join(path.read_text() for path in shown if path.exists())

    def leaves(self) -> dict[str, bytes]:
        """End it; all that is left of it, by where."""
        self.close()
        files = [path for path in self.home.rglob("*") if path.is_file()]
        left = {path.name: path.read_bytes() for path in files}
        return {**left, "output": self.said.encode()}

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            more, _ = self._process.communicate(timeout=PATIENCE_SECONDS)
            self.said += more


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(House(tmp_path)) as house:
        yield house


def alice_comes_by(house: House) -> None:
    """She registers, changes the password, locks a room, and runs the house."""
    read = house.visit(
        *(f"PASS {CANARY}-house", "NICK alice", "USER alice 0 * :Alice"),
        f"PRIVMSG NickServ :REGISTER {CANARY}-register",
        f"PRIVMSG NickServ :SET PASSWORD {CANARY}-register {CANARY}-changed",
        f"NICKSERV IDENTIFY {CANARY}-identify",
        *("JOIN #tea", f"MODE #tea +Pk {CANARY}-key", "PRIVMSG #tea :hello"),
        *(f"OPER root {CANARY}-guess", f"OPER root {CANARY}-oper"),
        "PING :and that was all",
        until="and that was all",
    )
    for number in (" 001 ", " 900 ", " 464 ", " 381 "):
        assert number in read, f"{number} is missing: {read}"


def others_come_by(house: House) -> None:
    """They log in, register, and get everything wrong that one can."""
    house.visit(
        f"PASS {CANARY}-wrong", "NICK eve", "USER e 0 * :e", until="ERROR :Closing"
    )
    read = house.visit(
        *(f"PASS {CANARY}-house", "CAP REQ sasl", "NICK carol", "USER c 0 * :c"),
        *("AUTHENTICATE PLAIN", f"AUTHENTICATE {WRONG}"),
        *("AUTHENTICATE PLAIN", f"AUTHENTICATE {RIGHT}", "CAP END"),
        *(f"JOIN #tea {CANARY}-key", "PING :and that was all"),
        until="and that was all",
    )
    assert " 904 " in read
    assert " 903 " in read
    house.visit(
        *(f"PASS {CANARY}-house", "NICK dora", "USER d 0 * :d"),
        f"JOIN #tea {CANARY}-lock",
        *(f"REGISTER * * {CANARY}-account", "PING :and that was all"),
        until="and that was all",
    )
    house.visit(f"PASS alice:{CANARY}-pass", "NICK x", "USER x 0 * :x", until=" 464 ")
    house.visit(
        *("dave", f"{CANARY}-house", "/register", f"{CANARY}-typed", "/quit"),
        until="Good-bye",
    )


def test_no_password_is_found_in_what_a_server_leaves_behind(house: House) -> None:
    alice_comes_by(house)
    others_come_by(house)
    seen = house.seen_by_others()
    left = house.leaves()
    # It did write down what it should.
    assert b"hello" in left["chat.db"]
    assert b"has come" in left["log"]
    for canary in (CANARY, RIGHT, WRONG):
        assert canary not in seen
        assert [name for name, data in left.items() if canary.encode() in data] == []
    assert (house.home / "data").stat().st_mode & 0o77 == 0
