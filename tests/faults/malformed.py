"""Group D, malformed input: lines that are none, and text that is no text."""

import ssl
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from tests.faults.bystanders import Case, Lobby
from tests.faults.chatd import ROOT, UNLIMITED, house
from tests.faults.exhaustion import passes
from tests.faults.judge import YES, Scenario, Seen, Skipped, at_most, exactly
from tests.faults.people import Crowd, Person
from tests.faults.probe import measuring, pair

NEVER: Final = 999.0
MB: Final = 1_000_000


def endless(size: int) -> Seen:
    """*size* bytes without an end of line, from a member on IRC and one on plain.

    Both are deaf to all that they are told, and go on until they are cut off.
    """
    data = b"x" * size
    with house(UNLIMITED) as (chatd, crowd):
        probe = pair(crowd)
        base = chatd.given()
        (irc,) = crowd.seat(1, "endless")
        plain = crowd.comes("endless")
        crowd.all_see([plain], b"-- You are in", within=5.0)
        chatd.forget_peak()
        before, begin = chatd.peak(), time.monotonic()
        with measuring(crowd, probe) as measured:
            for person in (irc, plain):
                person.stop_reading()
                person.sends(data)
            cut = crowd.until(lambda: chatd.given() == base, within=10.0)
            took = time.monotonic() - begin
        grown, used = chatd.peak() - before, chatd.cpu()
        crowd.wait(2.0)
        used = chatd.cpu() - used
        return {
            "cut after s": took if cut else NEVER,
            "told why": all(was_told(crowd, person) for person in (irc, plain)),
            "p99 of the others ms": measured.latency.p99,
            "RSS + MiB": grown,
            "CPU afterwards %": used / 2 * 100,
        }


def was_told(crowd: Crowd, person: Person) -> bool:
    """Whether *person* finds the reason when he reads at last."""
    person.go_on_reading()
    return crowd.all_see([person], b"without an end", within=1.0) is not None


def megabyte() -> Seen:
    return endless(MB)


def sixty_four_megabytes() -> Seen:
    return endless(64 * MB)


SAY: Final = b"PRIVMSG #lobby :"

ENDS: Final = (
    Case("NUL", (SAY + b"a\0b\r\n",), 1),
    Case("CR", (SAY + b"a\r" + SAY + b"b\r\n",), 1),
    Case("LF", (SAY + b"a\n" + SAY + b"b\n",), 2, plain=b"mal: a\nmal: b$"),
    Case("CRLF split", (SAY + b"a\r", b"\n"), 1, plain=b"mal: a$", irc=b":a$"),
    Case("empty", (b"\r\n\n \r\n\r\n",), 0),
    Case("plain NUL", (b"a\0b\n",), 1, is_irc=False),
    Case("plain CR", (b"a\rbob: b\n",), 1, is_irc=False),
    Case("plain CR CR LF", (b"a\r\r\n",), 1, is_irc=False),
    Case("plain empty", (b"\r\n\n  \r\n",), 0, is_irc=False),
    Case("plain NEL, LS", ("a\x85b\u2028c\u2029d\n".encode(),), 1, is_irc=False),
)

FAIL: Final = b"INVALID_UTF8"
NOT_UTF8: Final = {
    "FF FE": b"\xfe\xfex",
    "overlong": b"\xc0\xafx",
    "surrogate": b"\xed\xa0\x80x",
    "cut off": b"\xe2\x82x",
    "Latin-1": b"\xe9t\xe9",
    "over 10FFFF": b"\xf4\x90\x80\x80x",
}
CODING: Final = (
    *(Case(n, (SAY + b + b"\r\n",), 0, FAIL) for n, b in NOT_UTF8.items()),
    *(
        Case(f"plain {n}", (b + b"\n",), 1, b"not UTF-8", is_irc=False)
        for n, b in NOT_UTF8.items()
    ),
)

# Clear the screen, ring, a C1 introducer, an override, DEL, VT, a line separator.
EVIL: Final = "a\x1b[2J\x07\u009b31m\u202eb\x7f\x0b\u2066c\u2028d\u200fe".encode()
CONTROLS: Final = (
    Case("text", (SAY + EVIL + b"\r\n",), 1, irc=b" :a"),
    Case("notice", (b"NOTICE #lobby :" + EVIL + b"\r\n",), 1),
    Case("action", (SAY + b"\x01ACTION " + EVIL + b"\x01\r\n",), 1),
    Case("topic", (b"JOIN #new\r\nTOPIC #lobby :" + EVIL + b"\r\n",), 1),
    Case("part", (b"PART #lobby :" + EVIL + b"\r\n",), 1, plain=b"mal left"),
    Case("quit", (b"QUIT :" + EVIL + b"\r\n",), 1, plain=b"mal left"),
    Case("nick", (b"NICK " + EVIL + b"\r\n",), 0, answer=b" 432 "),
    Case("room", (b"JOIN #" + EVIL + b"\r\n",), 0),
    Case(
        "formatting is kept for IRC",
        (SAY + b"\x02bold\x02 \x0304,01red\x03 \x1di\x1d\r\n",),
        1,
        plain=b"mal: bold red i$",
        irc=b":\x02bold\x02 \x0304,01red\x03 \x1di\x1d$",
    ),
    Case("plain text", (EVIL + b"\n",), 1, is_irc=False),
    Case("plain /me", (b"/me " + EVIL + b"\n",), 1, is_irc=False),
    Case("plain /quit", (b"/quit " + EVIL + b"\n",), 1, is_irc=False),
    Case("plain /nick", (b"/nick " + EVIL + b"\n",), 0, is_irc=False),
)

TAGS: Final = (
    Case(
        "4096 bytes of tags and 512 of body",
        (b"@+x=" + b"v" * 4091 + b" " + SAY.ljust(510, b"z") + b"\r\n",),
        # With the sender's name in front it is too long for one.
        2,
        irc=rb"^@[^ ]*\+x=v{4091}[ ;]",
    ),
    Case("4097", (b"@+x=" + b"v" * 4092 + b" " + SAY + b"z\r\n",), 0, b" 417 "),
    Case("a body of 513", (SAY.ljust(511, b"z") + b"\r\n",), 0, b" 417 "),
    Case("twice", (b"@+x=1;+x=2 " + SAY + b"a\r\n",), 1, irc=rb"^@[^ ]*\+x=2 .* :a$"),
    Case("cut off", (b"@+x=v\\ " + SAY + b"a\r\n",), 1, irc=rb"\+x=v .* :a$"),
    Case("unknown", (b"@+x=\\v\\b " + SAY + b"a\r\n",), 1, irc=rb"\+x=vb .* :a$"),
    Case("known", (b"@+x=\\s\\: " + SAY + b"a\r\n",), 1, irc=rb"\+x=\\s\\: .* :a$"),
    Case("no body", (b"@+x=v\r\n@\r\n@ \r\n: \r\n:\r\n",), 0),
    Case("not a client's", (b"@x=v " + SAY + b"a\r\n",), 1, irc=rb"^(?!.*x=v).* :a$"),
)


def telnet(name: str, *pieces: bytes, heard: bytes = b"", most: int = 1) -> Case:
    """A case of somebody on plain, of whom just *heard* is heard."""
    return Case(name, pieces, most, plain=heard, is_irc=False)


IAC: Final = b"\xff"
TELNET: Final = (
    telnet("DO ECHO", b"he\xff\xfd\x01llo\n", heard=b"^mal: hello$"),
    telnet("one by one", *(b"h", b"\xff", b"\xfd", b"\x63", b"i\n"), heard=b"mal: hi$"),
    telnet("window size", b"\xff\xfa\x1f\0P\0\x18\xff\xf0hi\n", heard=b"^mal: hi$"),
    telnet("no command", b"\xff\xf1a\n", heard=b"^mal: .*a$"),
    telnet("Ctrl-C", b"secret\xff\xf4\xff\xfd\x06ok\n", heard=b"^mal: ok$"),
    telnet("Ctrl-D", b"\xff\xf1\x04\n", heard=b"^-- mal left", most=0),
    telnet("are you there", b"\xff\xf6hi\n", heard=b"^mal: hi$"),
    telnet("no end of SB", b"\xff\xfa\x18" + b"x" * 30_000 + b"\n", most=0),
    telnet("a thousand WILLs", b"\xff\xfb\x05" * 1000 + b"hi\n", heard=b"^mal: hi$"),
    telnet(
        "CR NUL", b"\xff\xf1hi\r\0there\r\0", heard=b"^mal: hi\nmal: there$", most=2
    ),
)


def cases(table: Sequence[Case]) -> Seen:
    """Play each case of *table* before bystanders."""
    with house(UNLIMITED) as (chatd, crowd):
        lobby = Lobby(chatd, crowd)
        before = chatd.rss()
        seen: dict[str, float] = {case.name: lobby.holds(case) for case in table}
        seen["RSS + MiB"] = chatd.rss() - before
        return seen


def hello() -> bytes:
    """The first bytes of somebody who speaks TLS."""
    outgoing = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(
        ssl.MemoryBIO(), outgoing, server_hostname="x"
    )
    with suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def strangers() -> Seen:
    """Browsers, TLS and SSH on the port for chat; nobody hears of them."""
    firsts = {
        "GET": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST": b"POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\nNICK x\r\nhello\r\n",
        "TLS": hello(),
        "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
        "late GET": b"GET / HTTP/1.1\r\n\r\n",
    }
    seen: dict[str, float] = {}
    with house(UNLIMITED) as (chatd, crowd):
        (witness,) = crowd.seat(1)
        for name, first in firsts.items():
            logged = chatd.log().count(b"\n")
            person = crowd.comes()
            crowd.wait(0.6 if name.startswith("late") else 0.0)
            person.sends(first)
            seen[f"{name} closed"] = crowd.all_end([person], within=1.0)
            crowd.wait(0.1)
            seen[f"{name} log lines"] = chatd.log().count(b"\n") - logged
        seen["heard by others"] = len(witness.inbox)
    return seen


STRANGERS: Final = ("GET", "POST", "TLS", "SSH", "late GET")


def fuzz() -> Seen:
    """The project's own fuzzer, with its fixed seeds."""
    script = ROOT / "scripts" / "fuzz"
    if not script.exists():
        raise Skipped("there is no scripts/fuzz")
    done = subprocess.run(  # noqa: S603 - ourselves
        [script, "--lines", "50000"], cwd=ROOT, capture_output=True, check=False
    )
    return {"passed": done.returncode == 0}


def traps() -> Seen:
    """Where Python's own ideas of lines, digits and letters are tested."""
    return {
        "passed": passes(
            "tests/wire/test_text.py",
            "tests/wire/test_lines.py",
            "tests/domain/test_names.py",
            "tests/dialects/irc/test_message.py",
        )
    }


def no_tls() -> Seen:
    raise Skipped("there is no TLS yet")


def no_accounts() -> Seen:
    raise Skipped("there are no accounts yet")


def of_cases(name: str, title: str, table: Sequence[Case]) -> Scenario:
    """The scenario in which all of *table* is played."""

    def play() -> Seen:
        return cases(table)

    promises = {case.name: YES for case in table} | {"RSS + MiB": at_most(1)}
    return Scenario(name, title, play, promises)


ENDLESS: Final = {
    "cut after s": at_most(6),
    "told why": YES,
    "p99 of the others ms": at_most(10),
    "RSS + MiB": at_most(1),
    "CPU afterwards %": at_most(1),
}

MALFORMED: Final = (
    Scenario("D1", "1 MB without an end of line", megabyte, ENDLESS, is_alone=True),
    Scenario(
        "D2",
        "64 MB without an end of line",
        sixty_four_megabytes,
        ENDLESS,
        is_alone=True,
    ),
    of_cases("D3", "ends of lines never make a second line", ENDS),
    of_cases("D4", "what is not UTF-8 is never relayed", CODING),
    of_cases("D5", "no terminal is sent what it would obey", CONTROLS),
    Scenario("D6-D7", "50,000 lines of fuzz", fuzz, {"passed": YES}, patience=120),
    Scenario("D8", "Python's traps (unit tests)", traps, {"passed": YES}),
    of_cases("D9", "tags up to their limits, and beyond", TAGS),
    of_cases("D10", "telnet is swallowed", TELNET),
    Scenario(
        "D11",
        "strangers are closed at once, with a line in the log",
        strangers,
        {f"{name} closed": YES for name in STRANGERS}
        | {f"{name} log lines": exactly(1) for name in STRANGERS}
        | {"heard by others": exactly(0)},
    ),
    Scenario("D12", "garbage on the TLS port", no_tls, {}),
    Scenario("D13", "AUTHENTICATE", no_accounts, {}),
)
