"""The console: asking a house, the one that runs or the one that is opened for it."""

import io
import json
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat import console
from chat.config import Config, configured
from chat.console import Console
from chat.domain.ports import Store
from chat.domain.records import KeptAccount
from chat.net import address
from chat.net.connection import Connection, pair
from chat.net.listener import Listener
from chat.server.pidfile import Failed
from chat.store.memory import MemoryStore
from chat.wire.outbox import Outbox
from tests.fakes import FakeDisk


class Answering:
    """A house that says what it is told to, whatever it is asked."""

    def __init__(self, *answers: bytes) -> None:
        self.ours, self._theirs = pair()
        self._answers = list(answers)
        self.asked = ""

    def turn(self) -> None:
        """Hear what was asked, and say the next thing."""
        self.asked += (self._theirs.receive() or b"").decode()
        if not self._answers:
            self._theirs.close()
            return
        said = self._answers.pop(0)
        outbox = Outbox(soft=len(said), hard=len(said))
        outbox.append(said)
        self._theirs.flush(outbox)

    def close(self) -> None:
        self.ours.close()
        self._theirs.close()


def asking(*answers: bytes) -> tuple[Answering, Console]:
    house = Answering(*answers)
    return house, Console(house.ours, house.turn)


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        pytest.param([b". ok\n"], [], id="nothing"),
        pytest.param([b"bob\ncarol\n. ok\n"], ["bob", "carol"], id="some lines"),
        pytest.param([b"bo", b"b\n. o", b"k\n"], ["bob"], id="in pieces"),
        pytest.param(["zoë\n. ok\n".encode()], ["zoë"], id="in UTF-8"),
        pytest.param([b"..  since\n. ok\n"], [".  since"], id="a dot of its own"),
        pytest.param([b".. ok\n. ok\n"], [". ok"], id="what looks like the end"),
    ],
)
def test_an_answer_goes_up_to_its_end(answers: list[bytes], lines: list[str]) -> None:
    house, asker = asking(*answers)
    with closing(house):
        assert asker.ask("account", "list") == lines
        assert house.asked == "account list\n"


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        pytest.param([b". failed: No account.\n"], "No account.", id="declined"),
        pytest.param([b"bob\n. failed: Out.\n"], "Out.", id="after some lines"),
        pytest.param([], "the server does not answer", id="gone"),
        pytest.param([b"bob\n"], "the server does not answer", id="gone meanwhile"),
    ],
)
def test_a_house_that_declines_says_why(answers: list[bytes], why: str) -> None:
    house, asker = asking(*answers)
    with closing(house), pytest.raises(Failed, match=f"^{why}$"):
        asker.ask("account", "show", "bob")


def test_a_house_that_hung_up_does_not_answer() -> None:
    house, asker = asking(b". ok\n")
    house.close()
    with pytest.raises(Failed, match=r"\Athe server does not answer\Z"):
        asker.ask("account", "list")


def test_one_request_after_the_other() -> None:
    house, asker = asking(b"bob\n. ok\n", b". failed: No.\n", b"carol\n. ok\n")
    with closing(house):
        assert asker.ask("account", "list") == ["bob"]
        with pytest.raises(Failed):
            asker.ask("account", "list")
        assert asker.ask("account", "list") == ["carol"]


# What the command line asks.


def flags(**given: str | bool) -> Namespace:
    return Namespace(**{"json": False, **given})


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        pytest.param(flags(what="list"), "account list", id="list"),
        pytest.param(flags(what="list", json=True), "--json account list", id="json"),
        pytest.param(flags(what="show", name="zoë"), "account show zoë", id="show"),
        pytest.param(
            flags(what="suspend", name="bob"), "account suspend bob", id="suspend"
        ),
    ],
)
def test_what_is_asked_about_accounts(given: Namespace, asked: str) -> None:
    house, asker = asking(b"fine\n. ok\n")
    with closing(house):
        assert console.account(given, asker) == ["fine"]
        assert house.asked == f"{asked}\n"


@pytest.mark.parametrize(
    "name", ["", " ", "bob carol", "bob\nforget carol", "bob\u2028carol", "\x1b[2J"]
)
def test_two_words_are_no_name(name: str) -> None:
    house, asker = asking()
    with closing(house), pytest.raises(Failed, match=r"\Athere is no account "):
        console.account(flags(what="delete", name=name), asker)
    assert house.asked == ""


def test_a_code_is_drawn_and_told_once() -> None:
    house, asker = asking(b"done\n. ok\n", b"done\n. ok\n", b"done\n. ok\n")
    with closing(house):
        told = [
            console.account(flags(what="reset", name="bob"), asker) for _ in range(2)
        ]
        [written] = console.account(flags(what="reset", name="bob", json=True), asker)
    *codes, last = re.findall(r"account reset bob (\S+)\n", house.asked)
    assert told == [["done", f"The code: {code}"] for code in codes]
    assert json.loads(written) == {"account": "bob", "code": last}
    assert len({*codes, last}) == 3
    assert all(re.fullmatch("[a-z2-9]{4}(-[a-z2-9]{4}){3}", code) for code in codes)


def test_who_is_not_there_gets_no_code() -> None:
    house, asker = asking(b". failed: There is no account bob.\n")
    with closing(house), pytest.raises(Failed) as failed:
        console.account(flags(what="reset", name="bob"), asker)
    assert str(failed.value) == "There is no account bob."


def test_what_is_forgotten() -> None:
    house, asker = asking(b"gone\n. ok\n")
    with closing(house):
        assert console.forget(flags(account="bob"), asker) == ["gone"]
        assert house.asked == "forget bob\n"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Somebody is at a terminal, and types that."""

    def types(text: str) -> None:
        stdin = io.StringIO(text)
        monkeypatch.setattr(stdin, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", stdin)

    return types


def test_who_means_it_types_the_name(
    typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed("bob\n")
    console.confirm("bob will be gone.", "bob")
    assert capsys.readouterr().out == "bob will be gone. Type bob to go on: "


@pytest.mark.parametrize("text", ["", "\n", "yes\n", "carol\n"])
def test_who_types_anything_else_did_not_mean_it(
    typed: Callable[[str], None], text: str
) -> None:
    typed(text)
    with pytest.raises(Failed, match=r"\Anothing was changed\Z"):
        console.confirm("bob will be gone.", "bob")


def test_where_nobody_can_be_asked_it_has_to_be_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("bob\n"))
    with pytest.raises(ValueError, match="--yes"):
        console.confirm("bob will be gone.", "bob")


# Which house is asked.


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return configured([f"data={tmp_path}"])


def no_store() -> Store:
    raise Failed("there is no store in it")


def test_a_house_is_opened_where_none_runs(config: Config) -> None:
    with console.reached(config, MemoryStore) as asker:
        first, *_ = asker.ask("status")
        assert asker.ask("--json", "status")
    assert re.fullmatch(r"switchboard\.local .* with 0 people and 1 open room\.", first)


def test_a_house_that_is_opened_declines_as_well(config: Config) -> None:
    with console.reached(config, MemoryStore) as asker, pytest.raises(Failed) as why:
        asker.ask("dance")
    assert str(why.value) == "There is no such request; `help` lists them."


def test_what_could_not_be_written_was_not_done(config: Config) -> None:
    disk = FakeDisk()
    disk.write([KeptAccount(7, "bob", "bob", 0, "x")])
    disk.trouble = "the disk is full"
    with (
        pytest.raises(Failed, match="cannot be written to just now"),
        console.reached(config, lambda: disk) as asker,
    ):
        asker.ask("account", "suspend", "bob")
    assert disk.is_closed


def test_what_could_be_written_after_all_was_done(config: Config) -> None:
    disk = FakeDisk()
    disk.write([KeptAccount(7, "bob", "bob", 0, "x")])
    with console.reached(config, lambda: disk) as asker:
        disk.trouble = "another process is writing to it"
        said = console.account(flags(what="reset", name="bob"), asker)
        disk.trouble = ""
    assert said[-1].startswith("The code: ")
    [bob] = disk.load().accounts
    assert bob.code
    assert disk.is_closed


def test_without_server_and_store_both_are_told(config: Config) -> None:
    with pytest.raises(Failed) as why, console.reached(config, no_store):
        pass
    assert str(why.value) == (
        f"no server answers in {config.data} (no such file or directory),"
        " and there is no store in it"
    )


def test_a_folder_too_deep_for_a_socket_has_none() -> None:
    with pytest.raises(Failed, match="at most 107 bytes"):
        console.dialled(Path("/" + "x" * 200))


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    with closing(Listener(address.admin(tmp_path))) as listener:
        yield listener


def accepted(listener: Listener) -> Connection:
    connection = listener.accept()
    assert connection is not None
    return connection


def test_a_server_that_runs_is_asked(listener: Listener, tmp_path: Path) -> None:
    with console.of_server(console.dialled(tmp_path)) as asker:
        server = accepted(listener)
        outbox = Outbox(soft=100, hard=100)
        outbox.append(b"bob\n. ok\n")
        server.flush(outbox)
        assert asker.ask("account", "list") == ["bob"]
        assert server.receive() == b"account list\n"
        server.close()


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    with (
        console.of_server(console.dialled(tmp_path)) as asker,
        closing(accepted(listener)),
        pytest.raises(Failed) as why,
    ):
        asker.ask("account", "list")
    assert str(why.value) == "the server does not answer"


def test_the_status_is_asked_of_a_server_alone(tmp_path: Path) -> None:
    with pytest.raises(
        Failed, match=r"\Ano server answers in .* \(no such file or directory\)"
    ):
        console.status(tmp_path, is_json=False)
