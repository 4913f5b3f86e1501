"""Flags: what can be written on a command line, and what it means."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chat import cli, flags


@pytest.mark.parametrize(
    ("text", "room"),
    [
        pytest.param("ops", "#ops", id="without its mark"),
        pytest.param("#ops", "#ops", id="with it"),
    ],
)
def test_rooms(text: str, room: str) -> None:
    assert flags.room(text) == room


@pytest.mark.parametrize(
    ("text", "server"),
    [
        pytest.param("chat.example", ("chat.example", flags.PORT), id="a host"),
        pytest.param("chat.example:99", ("chat.example", 99), id="and a port"),
        pytest.param("[::1]:99", ("::1", 99), id="IPv6"),
        pytest.param(":99", ("localhost", 99), id="a port alone"),
    ],
)
def test_servers(text: str, server: tuple[str, int]) -> None:
    assert flags.server(text) == server


@pytest.mark.parametrize(
    ("text", "why"),
    [("::1", "brackets"), ("h:0", "port"), ("h:70000", "port"), ("h:x", "port")],
)
def test_what_is_no_server_is_explained(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        flags.server(text)


def test_wrong_usage_is_one_line_and_status_two(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        flags.of_chat().parse_args(["--nonsense"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("chat: unrecognized arguments: --nonsense")
    assert said.count("\n") == 1


# The verbs of `chatd`.


def understood(words: str) -> dict[str, Any]:
    """What `chatd` understands that is not usual."""
    given = vars(flags.told(words.split(), cli.VERBS))
    front = vars(flags.told([], cli.VERBS))
    return {
        key: value
        for key, value in given.items()
        if key not in ("verb", "rest") and value != front.get(key, "nothing")
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("--listen 1 serve --listen 2", {"listen": ["1", "2"]}, id="serve"),
        pytest.param("--data /d stop", {"data": Path("/d")}, id="in front of a verb"),
        pytest.param("stop --data /d", {"data": Path("/d")}, id="behind it"),
    ],
)
def test_verbs_of_the_server(words: str, told: dict[str, Any]) -> None:
    assert understood(words) == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("account list", {"what": "list", "json": False}, id="list"),
        pytest.param(
            "account --data /d list --json --set a=1",
            {"what": "list", "json": True, "data": Path("/d"), "set": ["a=1"]},
            id="list, with flags all over the place",
        ),
        pytest.param(
            "--data /d account show --json bob",
            {"what": "show", "json": True, "data": Path("/d"), "name": "bob"},
            id="show",
        ),
        pytest.param(
            "account suspend bob",
            {"what": "suspend", "json": False, "name": "bob"},
            id="suspend",
        ),
        pytest.param(
            "account delete bob --yes",
            {"what": "delete", "json": False, "name": "bob", "yes": True},
            id="delete",
        ),
        pytest.param(
            "account reset bob --json",
            {"what": "reset", "json": True, "name": "bob"},
            id="reset",
        ),
        pytest.param(
            "--set a=1 forget --account bob --set b=2",
            {"account": "bob", "yes": False, "set": ["a=1", "b=2"]},
            id="forget",
        ),
        pytest.param(
            "status --pidfile /p", {"json": False, "pidfile": Path("/p")}, id="status"
        ),
        pytest.param("backup /b", {"file": Path("/b")}, id="backup"),
        pytest.param("restore /b", {"file": Path("/b")}, id="restore"),
        pytest.param(
            "export --room ops --since 7d --text --closed",
            {"room": "#ops", "since": timedelta(7), "text": True, "json": False}
            | {"closed": True},
            id="export",
        ),
        pytest.param("audit --json", {"json": True, "since": None}, id="audit"),
        pytest.param("doctor", {}, id="doctor"),
    ],
)
def test_verbs_for_those_who_look_after_a_house(
    words: str, told: dict[str, Any]
) -> None:
    assert understood(words) == told


@pytest.mark.parametrize(
    ("text", "since"),
    [
        pytest.param("7d", timedelta(days=7), id="days"),
        pytest.param("3h", timedelta(hours=3), id="hours"),
        pytest.param("20m", timedelta(minutes=20), id="minutes"),
        pytest.param("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC), id="a date"),
        pytest.param(
            "2026-11-01T12:30", datetime(2026, 11, 1, 12, 30, tzinfo=UTC), id="a time"
        ),
        pytest.param(
            "2026-11-01T12:30+02:00",
            datetime(2026, 11, 1, 10, 30, tzinfo=UTC),
            id="elsewhere",
        ),
    ],
)
def test_since_when(text: str, since: datetime | timedelta) -> None:
    assert understood(f"audit --since {text}")["since"] == since


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param("dance", "chatd: argument VERB: invalid choice", id="no verb"),
        pytest.param("serve bob", "chatd: unrecognized arguments: bob", id="too much"),
        pytest.param("account", "chatd account: the following", id="no sub-verb"),
        pytest.param(
            "account dance", "chatd account: argument WHAT: invalid", id="no such one"
        ),
        pytest.param(
            "account show", "chatd account show: the following", id="nobody shown"
        ),
        pytest.param(
            "account list bob", "chatd account list: unrecognized", id="one is no list"
        ),
        pytest.param("account show bob --yes", "chatd account show: un", id="not its"),
        pytest.param("forget bob", "chatd forget: the following", id="no --account"),
        pytest.param("export --json --text", "chatd export: argument", id="both"),
        pytest.param(
            "export --room a,b",
            "chatd export: argument --room: a,b: a room is one word",
            id="two rooms",
        ),
        pytest.param(
            "audit --since then",
            "chatd audit: argument --since: then is no date such as 2026-11-01,"
            " and no time such as 7d or 3h",
            id="no time",
        ),
        pytest.param("backup", "chatd backup: the following", id="nowhere to"),
        pytest.param("stop --json", "chatd: unrecognized arguments", id="not stop's"),
    ],
)
def test_wrong_usage_of_a_verb_is_one_line_and_status_two(
    words: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        flags.told(words.split(), cli.VERBS)
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (2, 1)
    assert said.startswith(complaint)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        pytest.param("--help", [*cli.VERBS], id="chatd"),
        pytest.param(
            "account --help",
            ["list", "show", "suspend", "resume", "delete", "reset"],
            id="account",
        ),
        pytest.param("account delete --help", ["NAME", "--yes"], id="account delete"),
        pytest.param("forget --help", ["--account", "--yes", "backups"], id="forget"),
        pytest.param("status --help", ["--json", "--pidfile"], id="status"),
        pytest.param("backup --help", ["FILE"], id="backup"),
        pytest.param("export --help", ["--room", "--since", "--json"], id="export"),
        pytest.param("audit --help", ["--since", "--json", "--data"], id="audit"),
        pytest.param("doctor --help", ["--data", "--config"], id="doctor"),
    ],
)
def test_every_verb_has_help(
    words: str, named: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        flags.told(words.split(), cli.VERBS)
    assert ended.value.code == 0
    said = re.sub(r"-\n *", "-", capsys.readouterr().out)
    assert [name for name in named if name not in said] == []
