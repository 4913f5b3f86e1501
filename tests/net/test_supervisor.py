"""The supervisor: sockets that were passed to us, and telling how we are."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.net import supervisor
from chat.net.address import Address
from chat.net.listener import CannotListen
from chat.net.supervisor import Passed, Supervisor, passed_in


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket that a supervisor listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.setblocking(False)
        yield ear


def test_it_is_told_facts(ear: socket.socket) -> None:
    Supervisor(ear.getsockname()).tell("READY=1", "STATUS=Here")
    assert ear.recv(1000) == b"READY=1\nSTATUS=Here"


def test_its_name_need_not_be_a_file() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(b"\0chatd test %d" % os.getpid())
        ear.setblocking(False)
        Supervisor(f"@chatd test {os.getpid()}").tell("READY=1")
        assert ear.recv(1000) == b"READY=1"


@pytest.mark.parametrize("where", ["", "/nowhere/at/all", "x" * 500])
def test_nobody_listening_is_no_reason_to_stop(where: str) -> None:
    Supervisor(where).tell("READY=1")


def test_a_supervisor_who_is_busy_costs_no_time(ear: socket.socket) -> None:
    told = Supervisor(ear.getsockname())
    for _ in range(5000):
        told.tell("STATUS=" + "x" * 1000)
    assert ear.recv(7) == b"STATUS="


@pytest.mark.parametrize(
    ("variables", "patience"),
    [
        pytest.param({}, 0.0, id="nothing"),
        pytest.param({"WATCHDOG_USEC": "30000000"}, 30.0, id="half a minute"),
        pytest.param(
            {"WATCHDOG_USEC": "500000", "WATCHDOG_PID": str(os.getpid())}, 0.5, id="us"
        ),
        pytest.param(
            {"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "1"}, 0.0, id="somebody else"
        ),
        pytest.param({"WATCHDOG_USEC": "soon"}, 0.0, id="no number"),
    ],
)
def test_it_says_how_patient_it_is_and_only_to_us(
    variables: dict[str, str], patience: float
) -> None:
    environment = {"HOME": "/", "NOTIFY_SOCKET": "/run/notify", **variables}
    assert Supervisor.named_in(environment).patience == patience
    assert environment == {"HOME": "/"}


# Sockets from outside.


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_a_passed_socket_accepts() -> None:
    opened = listening()
    port = opened.getsockname()[1]
    with closing(Passed(opened.detach(), "auto")) as listener:
        assert listener.address == Address("127.0.0.1", port, "auto")
        assert listener.accept() is None
        with socket.create_connection(("127.0.0.1", port)):
            connection = listener.accept()
            assert connection is not None
            connection.close()
        assert not os.get_inheritable(listener.descriptor)


def test_a_passed_socket_of_ipv6_accepts() -> None:
    try:
        opened = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no ::1")
    port = opened.getsockname()[1]
    with closing(Passed(opened.detach(), "auto")) as listener:
        assert listener.address == Address("::1", port, "auto")


def test_a_passed_socket_that_is_a_file_accepts_and_the_file_stays(
    tmp_path: Path,
) -> None:
    path = tmp_path / "chat.sock"
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))
        opened.listen()
        descriptor = opened.detach()
    with closing(Passed(descriptor, "auto")) as listener:
        assert listener.address == Address("", 0, "unix", path=str(path))
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(str(path))
            connection = listener.accept()
            assert connection is not None
            assert connection.host == "unix"
            connection.close()
    assert path.exists()


def test_who_comes_through_a_passed_socket_has_the_options_of_a_conversation() -> None:
    with closing(Passed(listening().detach(), "auto")) as listener:
        address = listener.address.host, listener.address.port
        with socket.create_connection(address):
            accepted = listener.accept()
            assert accepted is not None
            with closing(accepted), socket.socket(fileno=accepted.descriptor) as ours:
                assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
                assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0
                ours.detach()


def test_a_passed_socket_may_have_a_name_that_is_no_file() -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(b"\0chatd test %d" % os.getpid())
        opened.listen()
        descriptor = opened.detach()
    with closing(Passed(descriptor, "auto")) as listener:
        assert listener.address.path == f"@chatd test {os.getpid()}"


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param((socket.AF_INET, socket.SOCK_STREAM), id="that does not listen"),
        pytest.param((socket.AF_INET, socket.SOCK_DGRAM), id="of datagrams"),
        pytest.param((socket.AF_UNIX, socket.SOCK_STREAM), id="a file's, neither"),
    ],
)
def test_a_socket_of_no_use_is_refused(
    kind: tuple[socket.AddressFamily, socket.SocketKind],
) -> None:
    with socket.socket(*kind) as opened:
        descriptor = opened.detach()
    with pytest.raises(CannotListen, match=r"does not listen on an address$"):
        Passed(descriptor, "auto")


def test_what_is_no_socket_is_refused(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(CannotListen, match=f"descriptor {descriptor} is none"):
            Passed(descriptor, "auto")
    finally:
        os.close(descriptor)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[socket.socket]]:
    """Two listening sockets whose descriptors follow each other."""
    opened = [listening(), listening()]
    first = 200
    for number, each in enumerate(opened):
        os.dup2(each.fileno(), first + number)
    monkeypatch.setattr(supervisor, "_FIRST", first)
    yield opened
    for each in opened:
        each.close()


def passed(**variables: str) -> dict[str, str]:
    return {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", **variables}


@pytest.mark.parametrize(
    ("names", "schemes"),
    [
        pytest.param("irc:plain", ["irc", "plain"], id="schemes"),
        pytest.param("unix", ["auto", "auto"], id="what it is not"),
        pytest.param("chatd.socket", ["auto", "auto"], id="a unit, and nothing"),
        pytest.param("", ["auto", "auto"], id="nothing"),
    ],
)
def test_sockets_are_taken_in_order_and_by_name(
    two: list[socket.socket], names: str, schemes: list[str]
) -> None:
    environment = passed(LISTEN_FDNAMES=names)
    listeners = passed_in(environment)
    found = [(each.address.port, each.address.scheme) for each in listeners]
    for each in listeners:
        each.close()
    ports = [each.getsockname()[1] for each in two]
    assert found == list(zip(ports, schemes, strict=True))
    assert environment == {}


def test_sockets_for_somebody_else_are_left_alone() -> None:
    environment = passed(LISTEN_PID="1")
    assert passed_in(environment) == []
    assert environment == {}


@pytest.mark.usefixtures("two")
def test_if_one_is_of_no_use_none_is_taken() -> None:
    with pytest.raises(CannotListen):
        passed_in(passed(LISTEN_FDS="3"))
    for descriptor in (200, 201):
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)
