"""The rules of the house, so that they hold without anybody remembering them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from chat.client import commands as client_commands
from chat.config import Config, Setting, settings
from chat.configfile import written
from chat.dialects import excuses, verbs
from chat.dialects.conversation import Verb
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


@pytest.mark.parametrize("verb", verbs.VERBS, ids=lambda verb: verb.name)
def test_every_command_on_plain_has_help(verb: Verb) -> None:
    assert verb.usage.startswith(f"/{verb.name}")
    assert verb.meaning
    assert verb.more.endswith((".", "!")) or f"/{verb.name}" in verb.more


@pytest.mark.parametrize("name", irc_commands.COMMANDS)
def test_every_irc_command_says_what_it_does(name: str) -> None:
    doc = irc_commands.COMMANDS[name].answer.__doc__
    assert doc
    assert doc.startswith(name)


def strings(node: ast.AST) -> Iterator[str]:
    """The literal texts in *node*, an f-string's pieces among them."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def numbers_sent() -> list[str]:
    """The numerics that the dialect can send, as its modules spell them."""
    modules = map(ast.parse, map(text_of, MODULES_OF_IRC))
    found = (
        number
        for module in modules
        for text in strings(module)
        for number in re.findall(r"^ ?(\d{3}) ?$", text)
    )
    return sorted(set(found))


def ids_of_tests() -> set[str]:
    """The words of the ids of IRC's tests."""
    words: set[str] = set()
    for folder in ("dialects/irc", "journeys"):
        for path in (ROOT / "tests" / folder).glob("test_*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.keyword) and node.arg == "id":
                    words.update(*map(str.split, strings(node.value)))
    return words


MODULES_OF_IRC = [
    path for path in MODULES if path.parts[:3] == ("chat", "dialects", "irc")
]
IDS = ids_of_tests()


@pytest.mark.parametrize("name", [*irc_commands.COMMANDS, *numbers_sent()])
def test_every_irc_command_and_number_has_a_test_of_its_name(name: str) -> None:
    assert name in IDS


def test_the_numbers_are_found() -> None:
    assert {"001", "004", "366", "433", "734"} <= set(numbers_sent())
    assert len(numbers_sent()) > 100


@pytest.mark.parametrize("name", client_commands.COMMANDS)
def test_every_command_of_the_client_has_help(name: str) -> None:
    command = client_commands.COMMANDS[name]
    assert command.help


@pytest.mark.parametrize("reason", get_args(Reason), ids=lambda reason: reason.__name__)
def test_every_refusal_has_words_and_a_number(reason: type[Reason]) -> None:
    facts: dict[str, Any] = dict.fromkeys(reason.__match_args__, "#x")
    refused = reason(**facts)
    assert excuses.of_refusal(refused)
    numbered = Irc(Config().house(since=0)).refuse(refused).decode()
    assert re.fullmatch(
        r":switchboard\.local (?:263|[4-7]\d\d) \* .*:.+\.\r\n", numbered
    )


def row_of(setting: Setting) -> str:
    """What README's table says of *setting*."""
    value = setting.value
    if isinstance(value, tuple):
        value = ",".join(value)
    shown = str(value)
    if isinstance(value, str) and value:
        shown = f"`{value}`"
    if isinstance(value, bool):
        shown = f"`{value}`".lower()
    cells = f"`{setting.key}`", shown, setting.meaning
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def test_the_readme_has_a_table_of_all_settings() -> None:
    readme = (ROOT / "README.md").read_text()
    head = "| setting | default | meaning |\n|---|---|---|\n"
    rows = "".join(f"{row_of(setting)}\n" for setting in settings(Config()))
    assert head + rows in readme


@pytest.mark.parametrize("setting", list(settings(Config())), ids=lambda each: each.key)
def test_every_setting_is_explained_by_print_config(setting: Setting) -> None:
    told = " ".join(written(Config()).replace("\n# ", " ").split())
    name = setting.key.rpartition(".")[2]
    last = "[[operator]]" if setting.rule.of else f"{name} ="
    assert f" {setting.meaning} {last}" in told
