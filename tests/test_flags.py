"""Flags: what can be written on a command line, and what it means."""

import pytest

from chat import flags


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
