"""Sniffing: every row is how some program, or somebody, really begins."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.sniff import Language, Stranger, language
from chat.domain.commands import Depart
from chat.wire.lines import ENDLESS, TOO_LONG, Line


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"CAP LS 302", id="weechat, irssi, most of today's"),
        pytest.param(b"CAP LS", id="an older one"),
        pytest.param(b"CAP REQ :server-time", id="one that asks blindly"),
        pytest.param(b"NICK alice", id="a simple one"),
        pytest.param(b"NICK :alice", id="with a colon"),
        pytest.param(b"nick alice", id="by hand: commands have no case"),
        pytest.param(b"PASS secret", id="with a password"),
        pytest.param(b"USER alice 0 * :Alice", id="USER first"),
        pytest.param(b"user a b c d", id="USER by hand"),
        pytest.param(b"AUTHENTICATE PLAIN", id="hasty SASL"),
        pytest.param(b"WEBIRC pw gateway host 10.0.0.1", id="a gateway"),
        pytest.param(b"PING token", id="a monitor"),
        pytest.param(b"PING :1700000000", id="a monitor's clock"),
        pytest.param(b":alice NICK alice", id="with a source"),
        pytest.param(b"@label=1 CAP LS 302", id="with tags"),
        pytest.param(b"  NICK   alice ", id="with spaces to spare"),
    ],
)
def test_an_irc_client(first: bytes) -> None:
    assert language(first) is Language.IRC


@pytest.mark.parametrize(
    "first",
    [
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
        pytest.param(b"M-SEARCH * HTTP/1.1", id="a player on the network"),
    ],
)
def test_a_browser_or_its_like(first: bytes) -> None:
    assert language(first) is Language.HTTP


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"alice", id="a name"),
        pytest.param("Zoë".encode(), id="a name with a dot or two"),
        pytest.param(b"\xef\xbb\xbfalice", id="a name from a file with a BOM"),
        pytest.param(b"", id="only Enter"),
        pytest.param(b"   ", id="only spaces"),
        pytest.param(b"hello everybody", id="a greeting"),
        pytest.param(b"/help", id="a command of ours"),
        pytest.param(b"get out of here", id="no request"),
        pytest.param(b"Nick", id="a person of that name"),
        pytest.param(b"ping", id="ping alone"),
        pytest.param(b"pass", id="pass alone"),
        pytest.param(b"cap", id="cap alone"),
        pytest.param(b"user friendly chat!", id="too few words for USER"),
        pytest.param(b"webirc a b c", id="too few words for WEBIRC"),
        pytest.param(b"nickname alice", id="nearly NICK"),
        pytest.param(b":)", id="a smile"),
        pytest.param(b"@alice", id="somebody's handle"),
        pytest.param(b"GET /", id="HTTP/0.9, which nothing speaks"),
        pytest.param(b"GET / HTTP", id="no version"),
        pytest.param(b"GET  / HTTP/1.1", id="two spaces"),
        pytest.param(b"GET / HTTP/1.1 and so on", id="more than a request"),
        pytest.param(b"QUIT", id="one who thinks better of it"),
    ],
)
def test_a_person(first: bytes) -> None:
    assert language(first) is Language.PLAIN


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"EHLO scanner.example", id="SMTP"),
        pytest.param(b"OPTIONS sip:nm SIP/2.0", id="SIP"),
        pytest.param(b"OPTIONS / RTSP/1.0", id="RTSP"),
        pytest.param(b"PROXY TCP4 10.0.0.1 10.0.0.2 5 6", id="a load balancer"),
        pytest.param(b"\xff\xfb\x1f\xff\xfb ", id="telnet options"),
        pytest.param(b"\x80\x2e\x01\x03", id="SSL 2"),
    ],
)
def test_a_program_that_is_neither_is_taken_for_a_person(first: Line) -> None:
    assert language(first) is Language.PLAIN


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.6", id="SSH"),
        pytest.param(b"*1", id="Redis"),
        pytest.param(b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", id="TLS"),
        pytest.param(b"\0\0\0\0", id="NUL"),
        pytest.param(TOO_LONG, id="a line over the limit"),
        pytest.param(ENDLESS, id="no line at all"),
    ],
)
def test_what_is_no_language_of_ours(first: Line) -> None:
    assert language(first) is Language.NONE
    assert Stranger().hear(first) == [
        b"ERROR :That is no language of this house.\r\n",
        Depart("No language"),
    ]


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_in_some_language(first: bytes) -> None:
    assert language(first) in Language


@given(
    target=st.from_regex(rb"[!-~]{1,50}", fullmatch=True),
    verb=st.from_regex(rb"[A-Z]{1,10}", fullmatch=True),
)
@settings(deadline=None, max_examples=50)
def test_no_request_is_ever_taken_for_chat(verb: bytes, target: bytes) -> None:
    assert language(verb + b" " + target + b" HTTP/1.1") is Language.HTTP
