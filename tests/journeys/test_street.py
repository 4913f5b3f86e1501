"""The street: what real terminals, scripts, browsers and scanners do to a port.

One scene for each case that was met in the field; the name of the case is the
test's id.  What a rule means in detail is tested where the rule is kept.
"""

import errno
import os
import resource
import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import pytest

from chat.flags import PORT
from chat.server.liveness import SCRIPT_SECONDS
from chat.wire.lines import PATIENCE
from tests.conftest import SetTable
from tests.journeys.table import Person, Table
from tests.server.houses import House

IAC, SE, NOP, DM, BRK, IP, AO, AYT, EC, EL, GA, SB = (
    bytes([code])
    for code in (255, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250)
)
WILL, WONT, DO, DONT = (bytes([code]) for code in (251, 252, 253, 254))
ECHO, SGA, TIMING_MARK, NAWS = b"\x01", b"\x03", b"\x06", b"\x1f"
# PuTTY asks for our echo, and then sends every key.
KEYS: Final = IAC + DO + ECHO + IAC + DO + SGA

Scene = Callable[[SetTable], None]
SCENES: dict[str, Scene] = {}


def case(name: str) -> Callable[[Scene], Scene]:
    """Play the scene as the case of that name."""

    def add(scene: Scene) -> Scene:
        assert name not in SCENES
        SCENES[name] = scene
        return scene

    return add


def said_by(speaker: Person, listener: Person, data: bytes) -> list[str]:
    """What *listener* reads when *speaker* sends *data*; answers are passed over."""
    speaker.sends(data)
    speaker.reads()
    return listener.sees()


@case("IAC before any text")
def _iac_first(set_table: SetTable) -> None:
    table = set_table()
    (bob,) = table.seat("bob")
    for name, opening in (("ann", IAC + WILL + NAWS), ("ben", IAC + NOP)):
        person = table.connect(name)
        person.sends(opening + name.encode() + b"\r\n")
        assert f"You are {name}.".encode() in person.reads()
        assert bob.sees() == [f"-- {name} is here."]
        bob.types("next")
        person.ignores_the_rest()


@case("Unasked negotiation by us")
def _unasked(set_table: SetTable) -> None:
    table = set_table()
    alice = table.connect()
    table.wait(1)
    alice.types("alice", "/help", "/who", "hello", "/quit")
    assert IAC not in alice.reads()


@case("Option loops")
def _loops(set_table: SetTable) -> None:
    (alice,) = set_table().seat("alice")
    alice.sends(IAC + DO + ECHO)
    alice.reads()
    for _ in range(100):
        alice.sends(IAC + DO + ECHO + IAC + DO + ECHO)
    assert alice.reads() == b""
    for option in range(256):
        alice.sends((IAC + WILL + bytes([option])) * 10)
    # However much is asked, the answers come to an end.
    assert len(alice.reads()) < 1000


@case("DO TM after Ctrl-C")
def _timing_mark(set_table: SetTable) -> None:
    alice, bob = set_table().seat("alice", "bob")
    for key in (IP, BRK, bytes([238])):
        alice.sends(b"half a thought" + IAC + key + IAC + DO + TIMING_MARK)
        assert IAC + WONT + TIMING_MARK in alice.reads()
    assert said_by(alice, bob, b"a whole one\r\n") == ["alice: a whole one"]


@case("AYT, EC, EL, AO, NOP, GA, DM")
def _other_commands(set_table: SetTable) -> None:
    alice, bob = set_table().seat("alice", "bob")
    alice.sends(IAC + AYT)
    assert b"\r\n[Yes]\r\n" in alice.reads()
    erased = "Größe!".encode() + (IAC + EC) * 3 + b"e\r\n"
    assert said_by(alice, bob, erased) == ["alice: Gröe"]
    assert said_by(alice, bob, b"never mind" + IAC + EL + b"ok\r\n") == ["alice: ok"]
    for code in (AO, NOP, GA, DM):
        assert said_by(alice, bob, b"a" + IAC + code + b"b\r\n") == ["alice: ab"]


@case("Urgent data (DM out of band)")
def _urgent(_set_table: SetTable) -> None:
    house = House()
    with house.stack:
        alice, bob = house.dial(saying=b"alice\n"), house.dial(saying=b"bob\n")
        # As BSD telnets send Ctrl-C: the mark that ends it travels as urgent.
        alice.sendall(b"not this" + IAC + IP + IAC)
        alice.send(DM, socket.MSG_OOB)
        alice.sendall(b"this\r\n")
        for _ in range(5):
            house.server.turn()
        assert bob.recv(4096).endswith(b"\r\nalice: this\r\n")


@case("IAC SB never closed, or huge")
def _endless_option(set_table: SetTable) -> None:
    table = set_table()
    alice, bob = table.seat("alice", "bob")
    alice.sends(IAC + SB + NAWS)
    for _ in range(40):
        alice.sends(b"x" * 800)
        table.wait(1)
    (session, _) = table.server._roster
    assert session.pipeline._telnet is not None
    assert len(session.pipeline._telnet._sub) <= 257
    assert said_by(alice, bob, IAC + SE + b"hello\r\n") == ["alice: hello"]


@pytest.mark.parametrize(
    ("told", "columns"),
    [
        pytest.param(b"\0\0\0\0", 80, id="0x0"),
        pytest.param(b"\0\x28\0\x18", 40, id="40x24"),
        pytest.param(b"\0\1\0\1", 16, id="narrow"),
        pytest.param(b"\xff\xff\xff\xff\0\x18", 160, id="0xFF doubled, 65535 wide"),
    ],
)
def test_windows(table: Table, told: bytes, columns: int) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.sends(IAC + WILL + NAWS + IAC + SB + NAWS + told + IAC + SE)
    alice.reads()
    bob.types("so " * 300)
    lines = alice.sees()
    assert max(map(len, lines)) == columns or len("bob: ") + 900 > columns - 3
    assert columns - 3 <= max(map(len, lines)) <= columns
    assert [line[:5] == "bob: " for line in lines] == [True] + [False] * (
        len(lines) - 1
    )
    assert all(line.startswith(" ") for line in lines[1:])


@case("NAWS 0x0, 0xFF doubled, 65535 wide")
def _window(set_table: SetTable) -> None:
    test_windows(set_table(), b"\0\x28\0\x18", 40)


@case("CR LF, LF, CR NUL, lone CR")
def _ends(set_table: SetTable) -> None:
    table = set_table()
    alice, bob = table.seat("alice", "bob")
    assert said_by(alice, bob, b"one\r\ntwo\n") == ["alice: one", "alice: two"]
    # A lone CR is no end: what follows it would be a second line, forged.
    assert said_by(alice, bob, b"three\rbob: four\n") == ["alice: three␍bob: four"]
    (carol,) = table.seat("carol")
    table.clear()
    assert said_by(carol, bob, IAC + NOP + b"five\r\0") == ["carol: five"]
    table.clear()


@case("Empty lines")
def _empty(set_table: SetTable) -> None:
    table = set_table()
    (alice,) = table.seat("alice")
    (bob,) = table.seat_irc("bob")
    table.clear()
    alice.types("", "  ", "")
    bob.types("", "\r", "")
    assert (alice.sees(), bob.sees()) == ([], [])


@case("Backspace / DEL in character mode")
def _backspace(set_table: SetTable) -> None:
    alice, bob = set_table().seat("alice", "bob")
    alice.sends(KEYS)
    alice.reads()
    alice.sends("Größ\x7f\bß\r".encode())
    # A whole character goes, and its column with it; never a byte of one.
    assert alice.reads().decode() == "Größ\b \b\b \bß\r\n"
    assert bob.sees() == ["alice: Grß"]
    assert said_by(alice, bob, b"one two\x17three\r\0") == ["alice: one three"]
    assert said_by(alice, bob, b"all wrong\x15right\r\0") == ["alice: right"]


@case("0x04 Ctrl-D, 0x03")
def _control_keys(set_table: SetTable) -> None:
    table = set_table()
    alice, bob = table.seat("alice", "bob")
    alice.sends(KEYS)
    assert said_by(alice, bob, b"no\x03yes\r\0") == ["alice: yes"]
    (carol,) = table.seat("carol")
    table.clear()
    carol.sends(b"\x04")
    assert carol.sees() == ["-- Good-bye."]
    assert bob.sees() == ["-- carol left (Quit)."]
    table.clear()


@case("Half-close, `echo hi | nc -N`")
def _half_close(set_table: SetTable) -> None:
    table = set_table()
    (bob,) = table.seat("bob")
    for name, lines in (("ann", b"ann\nhi\n"), ("ben", b"NICK ben\nUSER b 0 * :b\n")):
        script = table.connect(name)
        script.sends(lines)
        script.finishes_talking()
        assert b"Welcome" in script.reads()
        assert script.is_cut_off()
        assert [line for line in bob.sees() if "hi" in line] == ["ann: hi"] * (
            name == "ann"
        )


@case("Partial last line at EOF")
def _partial_line(set_table: SetTable) -> None:
    table = set_table()
    (bob,) = table.seat("bob")
    script = table.connect()
    script.sends(b"cron\nthe backup is done")
    script.finishes_talking()
    assert "cron: the backup is done" in bob.sees()
    (ann,) = table.seat_irc("ann")
    bob.reads()
    ann.sends(b"PRIVMSG #lobby :I cannot come to")
    ann.finishes_talking()
    assert bob.sees() == ["-- ann left (Connection closed)."]
    script.ignores_the_rest()
    ann.ignores_the_rest()


@case("nc without -N")
def _no_end(set_table: SetTable) -> None:
    table = set_table()
    (bob,) = table.seat("bob")
    script = table.connect()
    script.sends(b"cron\nthe backup is done\n")
    assert "cron: the backup is done" in bob.sees()
    table.wait(SCRIPT_SECONDS / 2)
    bob.types("good")
    table.wait(SCRIPT_SECONDS / 2)
    assert bob.sees() == ["-- cron left (Nothing was said for ten minutes)."]
    script.ignores_the_rest()


@case("Over-long line")
def _over_long(set_table: SetTable) -> None:
    table = set_table()
    (alice,) = table.seat("alice")
    (bob,) = table.seat_irc("bob")
    table.clear()
    alice.sends(b"x" * 4097 + b"\nstill here\n")
    assert alice.sees() == [
        "-- That line was too long and nobody saw it. Try it in pieces."
    ]
    bob.sends(b"PRIVMSG #lobby :" + b"x" * 500 + b"\r\nPRIVMSG #lobby :me too\r\n")
    assert [line.partition(" PRIVMSG ")[2] or line for line in bob.sees()] == [
        "#lobby :still here",
        ":switchboard.local 417 bob :Input line was too long.",
    ]
    assert alice.sees() == ["bob: me too"]
    for _ in range(PATIENCE // 1000 + 1):
        alice.sends(b"x" * 1000)
        table.wait(1)
    assert alice.sees()[-1] == "-- Good-bye: a line without an end."
    bob.ignores_the_rest()


@case("Byte-at-a-time writer / slowloris")
def _slowloris(set_table: SetTable) -> None:
    table = set_table()
    alice = table.connect()
    for byte in b"NICK alice\r\nUSER a 0 * :a\r\n":
        alice.sends(bytes([byte]))
    assert b" 001 alice " in alice.reads()
    drip = table.connect()
    for _ in range(20):
        drip.sends(b"N")
        table.wait(3)
    assert drip.is_cut_off()


@case("Slow reader")
def _slow_reader(set_table: SetTable) -> None:
    table = set_table("limits.enabled=false", "limits.outbox_hard=100000")
    alice, sleeper, bob = table.seat("alice", "sleeper", "bob")
    gone = "-- sleeper left (Reads too slowly (SendQ exceeded))."
    heard: list[str] = []
    spoken = 0
    while gone not in heard:
        alice.types("z" * 2000)
        heard += bob.sees()
        spoken += 1
    assert heard.count("alice: " + "z" * 2000) == spoken
    assert alice.sees() == [gone]
    sleeper.ignores_the_rest()


@case("fd >= 1024, EMFILE")
def _descriptors(_set_table: SetTable) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1100:
        pytest.skip("this machine lends no program that many descriptors")
    house = House("limits.enabled=false")
    with house.stack, ExitStack() as end:
        alice = house.dial(saying=b"alice\n")
        alice.recv(4096)
        resource.setrlimit(resource.RLIMIT_NOFILE, (1100, hard))
        end.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (_soft, hard))
        # Everything below 1024 is taken: select could not see the next one.
        spare = os.open(os.devnull, os.O_RDONLY)
        end.callback(os.close, spare)
        while os.dup(spare) < 1023:
            continue
        end.callback(os.closerange, spare + 1, 1024)
        refused = house.dial(saying=b"bob\n")
        assert refused.recv(4096).startswith(b"ERROR :Every seat here is taken.")
        # And now there is no descriptor left at all.
        resource.setrlimit(resource.RLIMIT_NOFILE, (1025, hard))
        for _ in range(3):
            house.server.turn()
        alice.sendall(b"/who\n")
        house.server.turn()
        assert alice.recv(4096) == b"-- In #lobby: alice\r\n"
    assert errno.EMFILE


@case("Invalid UTF-8")
def _not_utf8(set_table: SetTable) -> None:
    table = set_table()
    (alice,) = table.seat("alice")
    (bob,) = table.seat_irc("bob")
    table.clear()
    alice.sends("Grüße\n".encode("latin-1") * 2)
    hint = (
        "-- Some of what you typed was not UTF-8 and shows as \ufffd."
        " If you can, set your terminal to UTF-8."
    )
    assert alice.sees() == [hint]
    assert [line.partition(" :")[2] for line in bob.sees()] == ["Gr\ufffd\ufffde"] * 2
    bob.sends(b"PRIVMSG #lobby :Gr\xfc\xdfe\r\n")
    assert bob.sees() == [
        ":switchboard.local FAIL * INVALID_UTF8 :Message is not valid UTF-8."
    ]
    assert alice.sees() == []


@case("Terminal escapes")
def _escapes(set_table: SetTable) -> None:
    table = set_table()
    (alice,) = table.seat("alice")
    bob, carol = table.seat_irc("bob", "carol")
    table.clear()
    hostile = "\x1b]0;pwned\x07 \x9b31m \u202egnp.exe \x02bold\x02 \x0304,01red"
    bob.types(f"PRIVMSG #lobby :{hostile}")
    assert alice.sees() == ["bob: ␛]0;pwned␇ \ufffd31m gnp.exe bold red"]
    (line,) = carol.sees()
    assert line.endswith("]0;pwned \x9b31m \u202egnp.exe \x02bold\x02 \x0304,01red")
    bob.types(f"QUIT :{hostile}")
    assert alice.sees() == [
        "-- bob left (Quit: ␛]0;pwned␇ \ufffd31m gnp.exe bold red)."
    ]
    table.clear()


@case("BOM first")
def _bom(set_table: SetTable) -> None:
    table = set_table()
    bom = b"\xef\xbb\xbf"
    alice, bot = table.connect(), table.connect()
    alice.sends(bom + b"alice\r\n")
    assert "-- You are alice. Type to talk; /help helps, /quit leaves." in alice.sees()
    bot.sends(bom + b"NICK bot\r\nUSER bot 0 * :bot\r\n")
    assert b" 001 bot " in bot.reads()


POST: Final = (
    b"POST / HTTP/1.1\r\nHost: chat.example:2428\r\nOrigin: https://evil.example\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 90\r\n\r\n"
    b"NICK evil\r\nUSER evil 0 * :evil\r\nJOIN #lobby\r\nPRIVMSG #lobby :obey\r\n"
)


@case("HTTP on the port")
def _http(set_table: SetTable) -> None:
    table = set_table()
    (bob,) = table.seat("bob")
    for request in (POST, b"GET / HTTP/1.1\r\nHost: chat.example\r\n\r\n"):
        browser = table.connect()
        for start in range(0, len(request), 7):
            browser.sends(request[start : start + 7])
        assert browser.reads().startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert browser.is_cut_off()
    assert bob.sees() == []


@case("Browser reach")
def _browser_reach(_set_table: SetTable) -> None:
    # The ports around IRC's that the Fetch standard calls bad: no browser would
    # ever connect, and one day a page will live on this port.
    # https://fetch.spec.whatwg.org/#port-blocking
    assert PORT not in {6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697}


@case("Blind cross-protocol (no read-back)")
def _blind(set_table: SetTable) -> None:
    table = set_table()
    (bob,) = table.seat("bob")
    # Whatever a page can make a browser send begins with a line of HTTP, or of TLS.
    for first in (b"PUT /x HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\n"):
        page = table.connect()
        page.sends(first + POST.partition(b"\r\n\r\n")[2])
        page.ignores_the_rest()
    assert bob.sees() == []


@case("TLS inside select")
def _stalled_tls(set_table: SetTable) -> None:
    table = set_table()
    alice, bob = table.seat("alice", "bob")
    # A handshake that never goes on holds nobody up, and is not waited for.
    stalled = table.connect()
    stalled.sends(b"\x16")
    assert said_by(alice, bob, b"hello\n") == ["alice: hello"]
    table.wait(60)
    assert stalled.is_cut_off()


@case("TLS ClientHello, SSH banner, PROXY header, Redis/SIP probes")
def _probes(set_table: SetTable) -> None:
    table = set_table()
    (bob,) = table.seat("bob")
    for probe in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
        b"PROXY TCP4 192.0.2.7 192.0.2.8 56324 2428\r\n",
        b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c",
        b"*1\r\n$4\r\nPING\r\n",
        b"OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\n\r\n",
        b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00",
    ):
        scanner = table.connect()
        scanner.sends(probe)
        assert b"You are" not in scanner.reads()
        assert scanner.is_cut_off(), probe
    assert bob.sees() == []
    tls = table.connect()
    tls.sends(b"\x16\x03\x01")
    assert tls.reads() == b"\x15\x03\x01\x00\x02\x02\x28"


@case("People's first words")
def _first_words(set_table: SetTable) -> None:
    table = set_table()
    for words, is_irc in {
        "NICK": False,
        "Cap": False,
        "ping": False,
        "Nick the plumber": True,
        "CAP LS 302": True,
        "@tag NICK x": True,
    }.items():
        somebody = table.connect()
        somebody.types(words)
        assert (b"Welcome to Switchboard" in somebody.reads()) is not is_irc
        somebody.ignores_the_rest()


@case("Who speaks first")
def _greeting(set_table: SetTable) -> None:
    table = set_table()
    slow, person = table.connect(), table.connect()
    table.wait(0.4)
    assert slow.sees() == person.sees() != []
    # An IRC client that was slow is greeted, too, and none the worse for it.
    slow.types("NICK slow", "USER slow 0 * :slow")
    assert b" 001 slow " in slow.reads()


@pytest.mark.parametrize("name", SCENES)
def test_case(set_table: SetTable, name: str) -> None:
    SCENES[name](set_table)
