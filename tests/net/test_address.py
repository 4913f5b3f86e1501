"""Addresses: what may be written after ``--listen``, and what it stands for."""

from pathlib import Path

import pytest

from chat.net.address import Address, admin, parse


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        pytest.param(
            "auto://127.0.0.1:2428", [Address("127.0.0.1", 2428)], id="in full"
        ),
        pytest.param("127.0.0.1:2428", [Address("127.0.0.1", 2428)], id="no scheme"),
        pytest.param("0.0.0.0:80", [Address("0.0.0.0", 80)], id="everywhere"),
        pytest.param("*:80", [Address("0.0.0.0", 80)], id="a star is everywhere"),
        pytest.param("[::1]:2428", [Address("::1", 2428)], id="IPv6"),
        pytest.param("auto://[::]:1", [Address("::", 1)], id="everywhere in IPv6"),
        pytest.param("[0:0:0::1]:1", [Address("::1", 1)], id="IPv6 written short"),
        pytest.param("10.0.0.5:0", [Address("10.0.0.5", 0)], id="any free port"),
        pytest.param("10.0.0.5:65535", [Address("10.0.0.5", 65535)], id="last port"),
        pytest.param("10.0.0.5:00080", [Address("10.0.0.5", 80)], id="leading zeros"),
        pytest.param(
            "plain://10.0.0.5:80", [Address("10.0.0.5", 80, "plain")], id="plain"
        ),
        pytest.param("telnet://[::1]:23", [Address("::1", 23, "telnet")], id="telnet"),
        pytest.param("irc://*:6667", [Address("0.0.0.0", 6667, "irc")], id="IRC"),
        pytest.param(
            "unix:///run/chat.sock",
            [Address("", 0, "unix", path="/run/chat.sock")],
            id="a file",
        ),
        pytest.param(
            "unix://chat.sock", [Address("", 0, "unix", path="chat.sock")], id="near by"
        ),
        pytest.param(
            "unix://a://b:1", [Address("", 0, "unix", path="a://b:1")], id="any path"
        ),
        pytest.param(
            "unix://" + "x" * 107,
            [Address("", 0, "unix", path="x" * 107)],
            id="longest",
        ),
    ],
)
def test_an_address_is_one_place(text: str, addresses: list[Address]) -> None:
    assert parse(text) == addresses


@pytest.mark.parametrize(
    "text", ["2428", ":2428", "localhost:2428", "auto://2428", "auto://localhost:2428"]
)
def test_a_bare_port_is_loopback_in_both_families(text: str) -> None:
    assert parse(text) == [
        Address("127.0.0.1", 2428),
        Address("::1", 2428, may_fail=True),
    ]


def test_those_who_run_the_house_find_it_among_its_data() -> None:
    path = "/var/lib/chat/admin.sock"
    assert admin(Path("/var/lib/chat")) == Address("", 0, "admin", path=path)


def test_a_folder_may_be_too_deep_for_a_socket() -> None:
    with pytest.raises(ValueError, match="a socket's path is at most 107 bytes long"):
        admin(Path("/" + "x" * 100))


def test_nobody_asks_for_such_a_socket() -> None:
    with pytest.raises(ValueError, match="admin:// is not spoken here"):
        parse("admin:///run/admin.sock")


def test_a_bare_port_may_have_a_scheme() -> None:
    assert parse("irc://6667") == [
        Address("127.0.0.1", 6667, "irc"),
        Address("::1", 6667, "irc", may_fail=True),
    ]


@pytest.mark.parametrize("text", ["0", ":0", "localhost:0"])
def test_any_free_port_is_one_port_and_so_one_family(text: str) -> None:
    assert parse(text) == [Address("127.0.0.1", 0)]


NO_PORT = "a port is a number from 0 to 65535"
NO_ADDRESS = "give an address such as 127.0.0.1 or [::1], not a name"
SPOKEN = "only auto://, plain://, telnet://, irc://, unix://"
NOT_SPOKEN = f"is not spoken here, {SPOKEN}"
NOT_YET = f"does not exist yet, {SPOKEN}"
NO_PATH = "give a path, such as unix:///run/chat.sock"
LONG_PATH = "a socket's path is at most 107 bytes long"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", NO_PORT, id="nothing"),
        pytest.param("auto://", NO_PORT, id="only a scheme"),
        pytest.param("127.0.0.1:", NO_PORT, id="no port"),
        pytest.param("127.0.0.1", NO_PORT, id="a host without a port"),
        pytest.param("10.0.0.5:http", NO_PORT, id="a service's name"),
        pytest.param("10.0.0.5:-1", NO_PORT, id="below the first"),
        pytest.param("10.0.0.5:65536", NO_PORT, id="above the last"),
        pytest.param("10.0.0.5:00000099999", NO_PORT, id="zeros hide nothing"),
        pytest.param("10.0.0.5:" + "9" * 5000, NO_PORT, id="a very long number"),
        pytest.param("10.0.0.5:٢٤", NO_PORT, id="digits of another script"),
        pytest.param("10.0.0.5: 80", NO_PORT, id="a space"),
        pytest.param("chat.example:80", NO_ADDRESS, id="a name"),
        pytest.param("127.1:80", NO_ADDRESS, id="a short form"),
        pytest.param("256.0.0.1:80", NO_ADDRESS, id="no such address"),
        pytest.param("[::1:80", NO_ADDRESS, id="a bracket that does not close"),
        pytest.param("[127.0.0.1]:80", NO_ADDRESS, id="IPv4 in brackets"),
        pytest.param("::1:80", NO_ADDRESS, id="IPv6 without brackets"),
        pytest.param("irc://10.0.0.5", NO_PORT, id="no port behind a scheme"),
        pytest.param("http://[::1]:80", f"http:// {NOT_SPOKEN}", id="a web site's"),
        pytest.param("IRC://[::1]:80", f"IRC:// {NOT_SPOKEN}", id="in capitals"),
        pytest.param("://10.0.0.5:80", f":// {NOT_SPOKEN}", id="no scheme"),
        pytest.param("a://auto://1", f"a:// {NOT_SPOKEN}", id="two schemes"),
        pytest.param("ircs://1", f"ircs:// {NOT_YET}", id="IRC with TLS, one day"),
        pytest.param("ws://1", f"ws:// {NOT_YET}", id="WebSocket, one day"),
        pytest.param("wss://1", f"wss:// {NOT_YET}", id="with TLS, one day"),
        pytest.param("unix://", NO_PATH, id="no path"),
        pytest.param("unix:///" + "x" * 107, LONG_PATH, id="a path too long"),
        pytest.param("unix://" + "ø" * 54, LONG_PATH, id="too long in bytes"),
    ],
)
def test_anything_else_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"\A.*: ") as refused:
        parse(text)
    assert str(refused.value) == f"{text}: {why}"


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.5", False),
    ],
)
def test_loopback_is_this_machine_only(host: str, is_loopback: bool) -> None:
    assert Address(host, 1).is_loopback == is_loopback


def test_a_file_is_on_this_machine() -> None:
    (there,) = parse("unix://chat.sock")
    assert (there.is_loopback, there.is_v6, there.to_dial) == (True, False, "chat.sock")


@pytest.mark.parametrize(("host", "is_v6"), [("127.0.0.1", False), ("::1", True)])
def test_the_family_shows_in_the_address(host: str, is_v6: bool) -> None:
    assert Address(host, 1).is_v6 == is_v6


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:2428",
        "[::1]:2428",
        "irc://127.0.0.1:6667",
        "telnet://[::1]:23",
        "plain://0.0.0.0:1",
        "unix:///run/chat.sock",
        "unix://chat.sock",
    ],
)
def test_an_address_reads_as_it_is_written(text: str) -> None:
    assert [str(address) for address in parse(text)] == [text]


@pytest.mark.parametrize(
    ("host", "called"),
    [
        pytest.param("127.0.0.1", "localhost", id="loopback"),
        pytest.param("::1", "localhost", id="IPv6 loopback"),
        pytest.param("0.0.0.0", "localhost", id="every interface"),
        pytest.param("192.0.2.7", "192.0.2.7", id="one interface"),
    ],
)
def test_what_somebody_on_this_machine_would_call_it(host: str, called: str) -> None:
    assert Address(host, 2428).to_dial == called
