"""The listener: who is let in, and what may be in the way."""

import errno
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from chat.net.address import ADMIN, Address
from chat.net.connection import _OPTIONS
from chat.net.listener import CannotListen, Exhausted, Listener, open_all
from tests.net.fakes import no_more_descriptors

ANYWHERE = Address("127.0.0.1", 0)
# TEST-NET-1 (RFC 5737): no machine has it.
NOT_OURS = Address("192.0.2.1", 0)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener(ANYWHERE)
    yield listener
    listener.close()


def call(listener: Listener) -> socket.socket:
    """Connect to *listener*."""
    return socket.create_connection((listener.address.host, listener.address.port))


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_any_free_port_becomes_a_known_one(listener: Listener) -> None:
    assert listener.address == Address("127.0.0.1", listener.address.port)
    assert listener.address.port > 0


def test_nobody_is_waiting(listener: Listener) -> None:
    assert listener.accept() is None


def test_who_calls_is_let_in_once(listener: Listener) -> None:
    with call(listener) as caller:
        connection = listener.accept()
        assert connection is not None
        assert listener.accept() is None
        caller.sendall(b"hi")
        caller.shutdown(socket.SHUT_WR)
        assert connection.host == "127.0.0.1"
        assert connection.descriptor not in {listener.descriptor, -1}
        connection.close()


def test_callers_are_let_in_in_order(listener: Listener) -> None:
    callers = [call(listener) for _ in range(3)]
    for caller in callers:
        connection = listener.accept()
        assert connection is not None
        connection.finish_talking()
        assert caller.recv(1) == b""
        connection.close()
        caller.close()


def test_a_classroom_fits_into_the_backlog(listener: Listener) -> None:
    callers = [call(listener) for _ in range(200)]
    connections = [listener.accept() for _ in callers]
    assert None not in connections
    for connection, caller in zip(connections, callers, strict=True):
        assert connection is not None
        connection.close()
        caller.close()


def test_ipv6_is_one_family_of_its_own() -> None:
    try:
        six = Listener(Address("::1", 0))
    except CannotListen:
        pytest.skip("this machine has no ::1")
    try:
        # The same port is still free in the other family.
        Listener(Address("127.0.0.1", six.address.port)).close()
        with call(six):
            connection = six.accept()
            assert connection is not None
            assert connection.host == "::1"
            connection.close()
    finally:
        six.close()


def test_it_names_itself_for_the_log(listener: Listener) -> None:
    port = listener.address.port
    expected = f"<Listener {listener.descriptor} 127.0.0.1:{port}>"
    assert repr(listener) == expected


def test_closing_frees_the_address() -> None:
    again = Listener(ANYWHERE)
    again.close()
    assert not is_open(again.descriptor)
    Listener(again.address).close()


def test_a_restart_does_not_wait_for_old_conversations() -> None:
    first = Listener(ANYWHERE)
    with call(first) as caller:
        connection = first.accept()
        assert connection is not None
        # Who closes first keeps the address in TIME_WAIT.
        connection.close()
        assert caller.recv(1) == b""
    first.close()
    Listener(first.address).close()


# What is in the way.


def test_a_port_in_use_is_told_to_the_operator(listener: Listener) -> None:
    with pytest.raises(CannotListen) as failed:
        Listener(listener.address)
    assert str(failed.value) == (
        f"cannot listen on {listener.address}: the port is in use"
    )


def test_an_address_that_is_not_ours_is_told_to_the_operator() -> None:
    with pytest.raises(CannotListen) as failed:
        Listener(NOT_OURS)
    words = os.strerror(errno.EADDRNOTAVAIL).lower()
    assert str(failed.value) == f"cannot listen on 192.0.2.1:0: {words}"


def test_a_machine_with_nothing_left_cannot_listen() -> None:
    with no_more_descriptors(), pytest.raises(CannotListen) as failed:
        Listener(ANYWHERE)
    words = os.strerror(errno.EMFILE).lower()
    assert str(failed.value) == f"cannot listen on 127.0.0.1:0: {words}"


def test_exhaustion_is_told_apart_from_nobody(listener: Listener) -> None:
    with call(listener):
        with no_more_descriptors(), pytest.raises(Exhausted) as failed:
            listener.accept()
        assert str(failed.value) == os.strerror(errno.EMFILE).lower()
        # Whoever was waiting still is.
        connection = listener.accept()
        assert connection is not None
        connection.close()


class Failing:
    """A listening socket whose ``accept`` fails."""

    def __init__(self, number: int) -> None:
        self._number = number

    def accept(self) -> Any:
        raise OSError(self._number, os.strerror(self._number))


def a_listener_that_fails_with(number: int) -> Listener:
    listener = Listener(ANYWHERE)
    listener.close()
    listener._socket = cast(socket.socket, Failing(number))
    return listener


@pytest.mark.parametrize("number", [errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_there_are_several_ways_to_have_nothing_left(number: int) -> None:
    with pytest.raises(Exhausted) as failed:
        a_listener_that_fails_with(number).accept()
    assert str(failed.value) == os.strerror(number).lower()


def test_who_left_while_waiting_is_nobody() -> None:
    assert a_listener_that_fails_with(errno.ECONNABORTED).accept() is None


# Several at once.


def test_all_are_opened_in_order() -> None:
    listeners = open_all([ANYWHERE, ANYWHERE])
    hosts = [listener.address.host for listener in listeners]
    ports = {listener.address.port for listener in listeners}
    for listener in listeners:
        listener.close()
    assert hosts == ["127.0.0.1", "127.0.0.1"]
    assert len(ports) == 2


def test_one_that_may_fail_is_left_out() -> None:
    optional = Address(NOT_OURS.host, 0, may_fail=True)
    [only] = open_all([optional, ANYWHERE, optional])
    only.close()
    assert only.address.host == "127.0.0.1"


def test_nothing_at_all_is_an_error_though_all_may_fail() -> None:
    optional = Address(NOT_OURS.host, 0, may_fail=True)
    with pytest.raises(CannotListen, match=r"\Acannot listen on 192\.0\.2\.1:0: "):
        open_all([optional, optional])


def test_each_keeps_its_scheme(tmp_path: Path) -> None:
    addresses = [Address("127.0.0.1", 0, "irc"), a_file(tmp_path / "s"), ANYWHERE]
    listeners = open_all(addresses)
    schemes = [listener.address.scheme for listener in listeners]
    for listener in listeners:
        listener.close()
    assert schemes == ["irc", "unix", "auto"]


class KernelWithoutIPv6(socket.socket):
    """What ``socket.socket`` is where the kernel was started without IPv6."""

    def __init__(self, family: int, kind: int) -> None:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
        super().__init__(family, kind)


def test_a_kernel_without_ipv6_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    six = Address("::1", 0, may_fail=True)
    monkeypatch.setattr("chat.net.listener.socket.socket", KernelWithoutIPv6)
    try:
        [four] = open_all([ANYWHERE, six])
    finally:
        monkeypatch.undo()
    four.close()
    assert four.address.host == "127.0.0.1"


def test_one_that_must_not_fail_closes_them_all(listener: Listener) -> None:
    lowest = os.dup(0)
    os.close(lowest)
    with pytest.raises(CannotListen, match="the port is in use"):
        open_all([ANYWHERE, ANYWHERE, listener.address])
    assert not is_open(lowest)


# A socket that is a file.


def a_file(path: Path | str) -> Address:
    return Address("", 0, "unix", path=str(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.sock"


def dial(path: Path) -> socket.socket:
    """Connect to the file at *path*."""
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.connect(str(path))
    return caller


def leave_a_dead_one(path: Path) -> None:
    """A server has listened there, and was killed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))


def complaint(path: Path | str) -> str:
    """Why nobody can listen at *path*."""
    with pytest.raises(CannotListen) as failed:
        Listener(a_file(path))
    where, _, why = str(failed.value).rpartition(": ")
    assert where == f"cannot listen on unix://{path}"
    return why


def test_who_calls_at_a_file_has_no_address(path: Path) -> None:
    with closing(Listener(a_file(path))) as listener, dial(path) as caller:
        assert repr(listener) == f"<Listener {listener.descriptor} unix://{path}>"
        connection = listener.accept()
        assert connection is not None
        assert listener.accept() is None
        assert connection.host == "unix"
        caller.sendall(b"hi")
        assert connection.receive() == b"hi"
        connection.close()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_the_file_is_for_its_owner_and_group(path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with closing(Listener(a_file(path))):
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
    finally:
        assert os.umask(before) == mask


def test_the_file_of_those_who_run_the_house_is_for_its_owner(path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(Listener(Address("", 0, ADMIN, path=str(path)))):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_the_mask_is_put_back_when_binding_fails(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        missing = tmp_path / "no" / "folder"
        assert complaint(missing) == os.strerror(errno.ENOENT).lower()
    finally:
        assert os.umask(before) == 0o022


def test_a_dead_servers_file_is_replaced(path: Path) -> None:
    leave_a_dead_one(path)
    with closing(Listener(a_file(path))), dial(path):
        pass
    assert not path.exists()


def test_a_living_servers_file_is_in_use(path: Path) -> None:
    with closing(Listener(a_file(path))):
        assert complaint(path) == "the socket is in use"
        dial(path).close()


def test_a_server_that_is_busy_lives(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as busy:
        busy.bind(str(path))
        busy.listen(0)
        with dial(path):
            assert complaint(path) == "the socket is in use"
    assert path.exists()


def test_somebody_elses_kind_of_socket_is_left_alone(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(str(path))
        assert complaint(path) == os.strerror(errno.EPROTOTYPE).lower()
        assert path.exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_no_socket_is_left_alone(path: Path, kind: str) -> None:
    match kind:
        case "file":
            path.write_text("dear diary")
        case "folder":
            path.mkdir()
        case _:
            leave_a_dead_one(path.with_name("dead"))
            path.symlink_to(path.with_name("dead"))
    assert complaint(path) == "a file that is no socket is in the way"
    assert os.path.lexists(path)
    assert kind != "file" or path.read_text() == "dear diary"


def test_a_path_that_no_socket_can_have_is_told_to_the_operator() -> None:
    assert complaint("x" * 200) == "af_unix path too long"


def test_closing_takes_the_file_away(path: Path) -> None:
    Listener(a_file(path)).close()
    assert not path.exists()


def test_closing_takes_nobody_elses_file_away(path: Path) -> None:
    first = Listener(a_file(path))
    path.unlink()
    with closing(Listener(a_file(path))):
        first.close()
        dial(path).close()


def test_closing_does_not_mind_that_the_file_is_gone(path: Path) -> None:
    listener = Listener(a_file(path))
    path.unlink()
    listener.close()
    assert not is_open(listener.descriptor)


def test_a_path_means_what_it_meant_at_the_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    listener = Listener(a_file(path.name))
    monkeypatch.chdir("/")
    listener.close()
    assert not path.exists()


@pytest.mark.parametrize(
    "hands_on",
    [
        pytest.param(None, id="as this system does it"),
        pytest.param(False, id="where nothing is handed on"),
    ],
)
def test_whoever_is_let_in_is_a_conversation_from_the_beginning(
    listener: Listener, *, hands_on: bool | None
) -> None:
    listener._hands_on = hands_on
    for _ in range(2):
        with call(listener):
            connection = listener.accept()
            assert connection is not None
            with (
                closing(connection),
                socket.socket(fileno=connection.descriptor) as ours,
            ):
                for level, name, value in _OPTIONS:
                    # One that is on may be any number.
                    found = ours.getsockopt(level, name)
                    assert found == value if value > 1 else found, name
                ours.detach()
