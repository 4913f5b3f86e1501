"""Sniffing: every row is how some program, or somebody, really begins."""

import ssl
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.sniff import BOM, Language, Sealed, Stranger, language, opening
from chat.domain.commands import Depart
from chat.wire.lines import ENDLESS, TOO_LONG, Line, LineBuffer
from tests.dialects.probes import HELLO_12, HELLO_13, PROBES, PROXY_V2, Probe

IRC = [
    pytest.param(b"CAP LS 302", id="weechat, irssi, most of today's"),
    pytest.param(b"CAP LS", id="an older one"),
    pytest.param(b"CAP REQ :server-time", id="one that asks blindly"),
    pytest.param(b"NICK alice", id="a simple one"),
    pytest.param(b"NICK :alice", id="with a colon"),
    pytest.param(b"nick alice", id="by hand: commands have no case"),
    pytest.param(b"PASS secret", id="with a password"),
    pytest.param(b"USER alice 0 * :Alice", id="USER first"),
    pytest.param(b"USER alice 0 * :\x16Alice\x11", id="a name in colours"),
    pytest.param(b"user a b c d", id="USER by hand"),
    pytest.param(b"AUTHENTICATE PLAIN", id="hasty SASL"),
    pytest.param(b"WEBIRC pw gateway host 10.0.0.1", id="a gateway"),
    pytest.param(b"PING token", id="a monitor"),
    pytest.param(b"PING :1700000000", id="a monitor's clock"),
    pytest.param(b":alice NICK alice", id="with a source"),
    pytest.param(b"@label=1 CAP LS 302", id="with tags"),
    pytest.param(b"  NICK   alice ", id="with spaces to spare"),
]

HTTP = [
    pytest.param(b"GET / HTTP/1.1", id="a browser"),
    pytest.param(b"GET /favicon.ico HTTP/1.1", id="its next request"),
    pytest.param(b"GET http://10.0.0.5:2428/ HTTP/1.1", id="through a proxy"),
    pytest.param(b"POST /cgi-bin/x?a=b%20c HTTP/1.1", id="a form"),
    pytest.param(b"HEAD / HTTP/1.0", id="curl -I of old"),
    pytest.param(b"OPTIONS * HTTP/1.1", id="OPTIONS"),
    pytest.param(b"CONNECT 10.0.0.5:443 HTTP/1.1", id="an open proxy's probe"),
    pytest.param(b"PRI * HTTP/2.0", id="HTTP/2 without asking"),
    pytest.param(b"PROPFIND /dav HTTP/1.1", id="WebDAV"),
    pytest.param(b"NICK / HTTP/1.1", id="a verb that IRC has too"),
    pytest.param(b"USER a b c HTTP/1.1", id="IRC to the last word but one"),
    pytest.param(b"M-SEARCH * HTTP/1.1", id="a player on the network"),
    pytest.param(b"get / http/1.1", id="in small letters"),
    pytest.param(b"GET  / \tHTTP/1.1 ", id="spaces that a lenient parser forgives"),
    pytest.param(b"GET /two words HTTP/1.1", id="a target with a space in it"),
    pytest.param(b"GET /\xff\x16 HTTP/1.1", id="a target with anything in it"),
    pytest.param(b"GET / HTTP/2", id="half a version"),
    pytest.param(b"GET /", id="HTTP/0.9, and who tries the port by hand"),
    pytest.param(b"GET / ", id="with a space behind it"),
    pytest.param(b"POST /api/login", id="a request whose version got lost"),
]

PLAIN = [
    pytest.param(b"alice", id="a name"),
    pytest.param("Zoë".encode(), id="a name with a dot or two"),
    pytest.param(b"Zo\xeb", id="the same in Latin-1"),
    pytest.param(b"hello everybody", id="a greeting"),
    pytest.param(b"/help", id="a command of ours"),
    pytest.param(b"get out of here", id="no request"),
    pytest.param(b"get /help", id="no request either"),
    pytest.param(b"Nick", id="a person of that name"),
    pytest.param(b"ping", id="ping alone"),
    pytest.param(b"pass", id="pass alone"),
    pytest.param(b"cap", id="cap alone"),
    pytest.param(b"user friendly chat!", id="too few words for USER"),
    pytest.param(b"webirc a b c", id="too few words for WEBIRC"),
    pytest.param(b"nickname alice", id="nearly NICK"),
    pytest.param(b":)", id="a smile"),
    pytest.param(b"@alice", id="somebody's handle"),
    pytest.param(b"GET / HTTP", id="no version"),
    pytest.param(b"GET / HTTP/1.1 and so on", id="more than a request"),
    pytest.param(b"HTTP/1.1 200 OK", id="an answer, which asks for nothing"),
    pytest.param(b"QUIT", id="one who thinks better of it"),
    pytest.param(b"helo bob", id="a greeting with a slip"),
    pytest.param(b"PROXY", id="a person of that name, too"),
    pytest.param(b"proxy tcp4 ever", id="and what he likes"),
    pytest.param(b"SSH-fan", id="somebody's taste"),
    pytest.param(b"*waves*", id="a wave"),
    pytest.param(b"I use python/3.11", id="nobody's request"),
    pytest.param(b"al\x1b[D\x1b[Dice", id="arrows, which a terminal sends on"),
    pytest.param(b"bob\x08\x08\x7f\x7falice", id="two ways to rub out"),
    pytest.param(b"\x01\x05\x0balice\x07\t", id="keys that move in other programs"),
    pytest.param(b"\x03", id="Ctrl-C, of who edits by himself"),
    pytest.param(b"\x04", id="Ctrl-D"),
    pytest.param(b"\x1dquit", id="Ctrl-], of who thinks it is telnet"),
    pytest.param(b"\x02alice\x0f", id="in bold"),
]

NONE = [
    pytest.param(b"SSH-2.0-OpenSSH_9.6", id="SSH"),
    pytest.param(b"SSH-1.99-Cisco-1.25", id="SSH of old"),
    pytest.param(b"*1", id="Redis"),
    pytest.param(b"OPTIONS sip:nm SIP/2.0", id="SIP"),
    pytest.param(b"OPTIONS / RTSP/1.0", id="RTSP"),
    pytest.param(b"OPTIONS icap://10.0.0.1/x ICAP/1.0", id="ICAP"),
    pytest.param(b"EHLO scanner.example", id="SMTP"),
    pytest.param(b"HELO scanner.example", id="SMTP of old"),
    pytest.param(b"PROXY TCP4 10.0.0.1 10.0.0.2 5 6", id="a load balancer"),
    pytest.param(b"PROXY TCP6 ::1 ::1 5 6", id="a load balancer on IPv6"),
    pytest.param(b"PROXY UNKNOWN", id="a load balancer that asks for itself"),
    pytest.param(b"PROXY UNKNOWN ::1 ::1 5 6", id="and tells all the same"),
    pytest.param(b"\0\0\0\0", id="NUL"),
    pytest.param(b"NICK alice\0", id="NUL behind a command"),
    pytest.param(b"GET /\0 HTTP/1.1", id="NUL in a request"),
    pytest.param(b"\x05\x16\x03", id="a handshake that is not at the beginning"),
    pytest.param(b"a\x11", id="^Q"),
    pytest.param(b"a\x13", id="^S"),
    pytest.param(b"a\x16", id="^V"),
    pytest.param(b"a\x1a", id="^Z"),
    pytest.param(b"a\x1c", id="^\\"),
    pytest.param(TOO_LONG, id="a line over the limit"),
    pytest.param(ENDLESS, id="no line at all"),
]

NOTHING = [
    pytest.param(b"", id="only Enter"),
    pytest.param(b"   ", id="only spaces"),
    pytest.param(b"\t\r", id="only what cannot be seen"),
]


@pytest.mark.parametrize("first", IRC)
def test_an_irc_client(first: bytes) -> None:
    assert language(first) is Language.IRC


@pytest.mark.parametrize("first", HTTP)
def test_a_browser_or_its_like(first: bytes) -> None:
    assert language(first) is Language.HTTP


@pytest.mark.parametrize("first", PLAIN)
def test_a_person(first: bytes) -> None:
    assert language(first) is Language.PLAIN


@pytest.mark.parametrize("first", NONE)
def test_what_is_no_language_of_ours(first: Line) -> None:
    assert language(first) is Language.NONE
    assert Stranger().hear(first) == [
        b"ERROR :That is no language of this house.\r\n",
        Depart("No language"),
    ]


@pytest.mark.parametrize("first", NOTHING)
def test_an_empty_line_tells_nothing(first: bytes) -> None:
    assert language(first) is None


# Doors.


@pytest.mark.parametrize("door", ["auto", "unix"])
@pytest.mark.parametrize("first", [b"NICK alice", b"alice"])
def test_some_doors_settle_nothing(first: bytes, door: str) -> None:
    assert language(first, door) is language(first)


@pytest.mark.parametrize("door", ["plain", "telnet"])
@pytest.mark.parametrize("first", [*IRC, *PLAIN])
def test_some_doors_are_for_people(first: bytes, door: str) -> None:
    assert language(first, door) is Language.PLAIN


@pytest.mark.parametrize("first", [*IRC, *PLAIN])
def test_one_door_is_for_irc(first: bytes) -> None:
    assert language(first, "irc") is Language.IRC


@pytest.mark.parametrize("door", ["auto", "plain", "telnet", "irc", "unix"])
@pytest.mark.parametrize("first", [*HTTP, *NONE, *NOTHING, HELLO_12])
def test_no_door_is_for_anything_else(first: Line, door: str) -> None:
    assert language(first, door) is language(first)


# Before the first line has its end.


@pytest.mark.parametrize(
    ("begun", "known"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"\x16", None, id="half of what TLS begins with"),
        pytest.param(b"\x16\x03", Language.TLS, id="TLS"),
        pytest.param(b"\x16\x03\x01\0", Language.TLS, id="TLS, and more of it"),
        pytest.param(b"\x16\x02", None, id="nearly TLS"),
        pytest.param(b"\0", Language.NONE, id="NUL"),
        pytest.param(b"PRI\0", Language.NONE, id="NUL behind letters"),
        pytest.param(PROXY_V2[:4], None, id="PROXY begins with two empty lines"),
        pytest.param(PROXY_V2[:12], Language.NONE, id="PROXY, version 2"),
        pytest.param(b"alice", None, id="a name, so far"),
        pytest.param(b"GET / HTTP/1.1", None, id="a request, so far"),
        pytest.param(b"NICK alice", None, id="IRC, so far"),
        pytest.param(b"\x04", None, id="Ctrl-D"),
        pytest.param(b"SSH-2.0-", None, id="SSH, which sends lines"),
    ],
)
def test_what_is_known_before_a_line_ends(begun: bytes, known: Language | None) -> None:
    assert opening(begun) is known


SOME_BYTES = st.lists(
    st.sampled_from([b"\x16", b"\x03", b"\0", b"\r", b"a", b" ", b"NICK", b"HTTP/1.1"])
).map(b"".join)


@given(begun=SOME_BYTES, more=SOME_BYTES, door=st.sampled_from(["auto", "irc"]))
@settings(deadline=None)
def test_what_follows_does_not_change_it(begun: bytes, more: bytes, door: str) -> None:
    if known := opening(begun):
        assert opening(begun + more) is known
        assert language(begun + more, door) is known


def decided(arrivals: Iterable[bytes]) -> Language | None:
    """The language of a conversation, once it can be told."""
    lines = LineBuffer(8192)
    for data in arrivals:
        lines.feed(data)
        for line in lines.take(100):
            if spoken := language(line):
                return spoken
        if known := opening(lines.partial):
            return known
    return None


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.program)
def test_probes_are_told_however_they_arrive(probe: Probe) -> None:
    whole, in_pieces = decided([probe.sends]), decided(probe.pieces)
    assert (whole, in_pieces) == (probe.language, probe.language)


# Any bytes at all.


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_in_some_language_or_empty(first: bytes) -> None:
    spoken = language(first)
    assert (spoken is None) == (first.strip() == b"")


@given(
    target=st.from_regex(rb"[!-~]{1,50}", fullmatch=True),
    verb=st.from_regex(rb"[A-Za-z]{1,10}", fullmatch=True),
    door=st.sampled_from(["auto", "plain", "telnet", "irc", "unix"]),
)
@settings(deadline=None, max_examples=50)
def test_no_request_is_ever_taken_for_chat(
    verb: bytes, target: bytes, door: str
) -> None:
    assert language(verb + b" " + target + b" HTTP/1.1", door) is Language.HTTP


def test_the_mark_before_a_text_is_the_one_of_unicode() -> None:
    assert BOM.decode() == "\N{ZERO WIDTH NO-BREAK SPACE}"


# TLS.


@pytest.mark.parametrize("hello", [HELLO_12, HELLO_13, TOO_LONG])
def test_tls_is_answered_in_tls(hello: Line) -> None:
    assert Sealed(was_greeted=False).hear(hello) == [
        b"\x15\x03\x01\x00\x02\x02\x28",
        Depart("No TLS here"),
    ]


def test_after_words_for_people_nothing_is_said_in_tls() -> None:
    sealed = Sealed(was_greeted=True)
    assert sealed.hear(HELLO_12) == [b"", Depart("No TLS here")]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_tls_client_understands_the_answer(version: ssl.TLSVersion) -> None:
    context = ssl.create_default_context()
    context.minimum_version = context.maximum_version = version
    arriving, leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(arriving, leaving, server_hostname="chat.example")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    hello = leaving.read()
    assert opening(hello) is Language.TLS
    answer = Sealed(was_greeted=False).hear(hello)[0]
    assert isinstance(answer, bytes)
    arriving.write(answer)
    with pytest.raises(ssl.SSLError, match=r"(?i)alert.handshake.failure"):
        client.do_handshake()
