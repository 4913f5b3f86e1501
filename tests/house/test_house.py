"""The rules of the house, so that they hold without anybody remembering them."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from chat.client import commands as client_commands
from chat.config import Config, keys
from chat.dialects import plain, words
from chat.dialects.irc import commands as irc_commands
from chat.dialects.irc.session import Irc
from chat.domain.refusals import Reason

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.relative_to(ROOT)
    for path in (ROOT / "chat").rglob("*.py")
    if path.name != "__init__.py"
)
MAP = (ROOT / "ARCHITECTURE.md").read_text()
NAMED = set(re.findall(r"`((?:\w+/)*\w+)`", MAP))

# Enough for one idea; more wants a second module.
BUDGET = 400


def text_of(module: Path) -> str:
    return (ROOT / module).read_text()


def name_of(module: Path) -> str:
    """A module as the map names it: ``net/poller`` for chat/net/poller.py."""
    return module.relative_to("chat").with_suffix("").as_posix()


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_module_is_over_its_budget(module: Path) -> None:
    assert len(text_of(module).splitlines()) <= BUDGET


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_is_on_the_map(module: Path) -> None:
    assert name_of(module) in NAMED


def test_the_map_names_nothing_that_is_not_there() -> None:
    rooms = {path.parent for path in MODULES}
    there = {name_of(module) for module in MODULES}
    there |= {room.relative_to("chat").as_posix() for room in rooms}
    assert {name for name in NAMED if "/" in name} - there == set()


def test_the_map_fits_on_a_few_screens() -> None:
    assert len(MAP.splitlines()) < 150


# The way in has no logic of its own.
@pytest.mark.parametrize(
    "module", sorted(set(MODULES) - {Path("chat/__main__.py")}), ids=str
)
def test_every_module_has_tests_where_one_looks_for_them(module: Path) -> None:
    mirrored = Path("tests") / module.relative_to("chat").parent
    assert (ROOT / mirrored / f"test_{module.name}").exists()


def test_the_trail_leads_from_the_way_in_to_the_other_persons_screen() -> None:
    trail = [Path("chat/__main__.py")]
    while following := re.search(r"^Next: (\S+)$", text_of(trail[-1]), re.MULTILINE):
        trail.append(Path(following[1]))
        assert trail[-1] in MODULES, f"{trail[-2]} points to nowhere"
        assert trail[-1] not in trail[:-1], f"{trail[-2]} leads in a circle"
    assert trail[-1] == Path("chat/client/terminal.py")
    off_the_trail = {
        module for module in MODULES if "\nNext: " in text_of(module)
    } - set(trail)
    assert off_the_trail == set(), "these point somewhere, and nothing leads to them"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_says_what_it_is(module: Path) -> None:
    assert text_of(module).startswith('"""')


def test_hardly_anything_is_left_out_of_coverage() -> None:
    excused = sum(text_of(module).count("pragma: no cover") for module in MODULES)
    assert excused <= 5


@pytest.mark.parametrize("name", plain.VERBS)
def test_every_command_on_plain_is_in_its_help(name: str) -> None:
    verb = plain.VERBS[name]
    assert verb.usage.startswith(f"/{name}")
    assert verb.meaning


@pytest.mark.parametrize("name", irc_commands.COMMANDS)
def test_every_irc_command_says_what_it_does(name: str) -> None:
    doc = irc_commands.COMMANDS[name].answer.__doc__
    assert doc
    assert doc.startswith(name)


@pytest.mark.parametrize("name", client_commands.COMMANDS)
def test_every_command_of_the_client_has_help(name: str) -> None:
    command = client_commands.COMMANDS[name]
    assert command.help


@pytest.mark.parametrize("reason", get_args(Reason), ids=lambda reason: reason.__name__)
def test_every_refusal_has_words_and_a_number(reason: type[Reason]) -> None:
    facts: dict[str, Any] = dict.fromkeys(reason.__match_args__, "#x")
    refused = reason(**facts)
    assert words.of_refusal(refused)
    numbered = Irc(Config().house(since=0)).refuse(refused).decode()
    assert re.fullmatch(r":switchboard\.local [4-7]\d\d \* .*:.+\.\r\n", numbered)


@pytest.mark.parametrize("key", keys())
def test_every_setting_is_explained_in_the_readme(key: str) -> None:
    assert f"`{key}`" in (ROOT / "README.md").read_text()
