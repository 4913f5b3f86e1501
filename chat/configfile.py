"""The configuration file: chat.toml read, written, and compared.

What is wrong in it is told with its line.  TOML's reader keeps no lines, so they
are found afterwards, by asking that very reader: a statement is the fewest lines
that it takes for one, and a statement sets a key if the reader finds the key in
it.  No second idea of what TOML is can come to another answer.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from chat import config
from chat.config import Config, Setting, WrongConfig, settings, tabled

_WIDTH: Final = 78
_WHERE: Final = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)")
_TABLE: Final = re.compile(r"\s*\[")
_EXAMPLE: Final = '[[operator]]\nname = "alice"\npassword = "scrypt$..."'


def read(file: Path, over: Config | None = None) -> Config:
    """What *file* sets, over the defaults or a configuration.

    Raises:
        WrongConfig: it cannot be read, or sets what cannot be; with its line.
    """
    try:
        text = file.read_bytes().decode()
    except OSError as error:
        raise WrongConfig(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise WrongConfig(f"{file}:{line}: this is not UTF-8") from None
    text = text.replace("\r\n", "\n")
    table = _parsed(file, text)
    try:
        read_config: Config = tabled(table, over or Config())
    except WrongConfig as wrong:
        raise WrongConfig(f"{file}:{line_of(wrong.path, text)}: {wrong}") from None
    return read_config


def line_of(path: config.Path, text: str) -> int:
    """The line, from 1, where *text* (good TOML) begins to set what is at *path*."""
    tables: dict[str, int] = {}
    header, below = "", path
    for line, statement in _statements(text):
        if _TABLE.match(statement):
            header, below = statement, path
            if statement.lstrip().startswith("[["):
                # The reader sees one entry; the file has had others before.
                number = tables[header] = tables.get(header, -1) + 1
                below = _renumbered(path, number)
            if _holds(header, below):
                return line
        elif _holds(f"{header}\n{statement}", below):
            return line
    raise AssertionError(f"{path} is not in the file that it comes from")


def written(values: Config) -> str:
    """A file that sets everything to what it is in *values*, and explains it."""
    parts = ["# Every setting, what it means and what it is now."]
    section = ""
    for setting in settings(values):
        prefix, _, name = setting.key.rpartition(".")
        if prefix and prefix != section:
            parts.append(f"[{prefix}]")
            section = prefix
        parts.append(_explained(setting, name))
    return "\n\n".join(parts) + "\n"


def changed(old: Config, new: Config) -> tuple[Config, list[str]]:
    """*new* as far as a running server can follow, and a line for each difference."""
    told = []
    for was, wanted in zip(settings(old), settings(new), strict=True):
        if was.value == wanted.value:
            continue
        if was.rule.is_fixed:
            told.append(f"{was.key} cannot change while running")
            new = _put(new, was.key.split("."), was.value)
        elif was.rule.is_secret:
            told.append(f"{was.key}: changed")
        else:
            told.append(f"{was.key}: {_toml(was.value)} -> {_toml(wanted.value)}")
    return new, told


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise WrongConfig(f"{file}: it is nested too deeply") from None
    except ValueError as error:
        found = _WHERE.fullmatch(str(error))
        if found is None:
            # Such as a number of five thousand digits, which has no place.
            raise WrongConfig(f"{file}: {error}") from None
        line = found[2] or text.rstrip("\n").count("\n") + 1
        raise WrongConfig(f"{file}:{line}: {found[1]}") from None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each key with its value and each table's header, and where it begins."""
    began, statement = 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        began = began if statement else number
        statement += line + "\n"
        try:
            empty = not tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        if not empty:
            yield began, statement
        statement = ""


def _holds(text: str, path: config.Path) -> bool:
    """Whether *text*, read as TOML, has something at *path*."""
    value: Any = tomllib.loads(text)
    for step in path:
        if isinstance(step, int) and isinstance(value, dict):
            # [operator.name] is about the last operator, which stands elsewhere.
            continue
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _renumbered(path: config.Path, number: int) -> config.Path:
    """*path* as it is if the list entry of that *number* is the only one."""
    for place, step in enumerate(path):
        if isinstance(step, int):
            return (*path[:place], step - number, *path[place + 1 :])
    return path


def _explained(setting: Setting, name: str) -> str:
    comment = "\n".join(wrap(setting.meaning, _WIDTH, break_on_hyphens=False))
    if not setting.rule.of:
        return f"{_commented(comment)}\n{name} = {_toml(setting.value)}"
    entries = [
        "\n".join(
            [f"[[{name}]]", *(f"{x.key} = {_toml(x.value)}" for x in settings(entry))]
        )
        for entry in setting.value
    ]
    return "\n\n".join([_commented(comment), *(entries or [_commented(_EXAMPLE)])])


def _commented(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def _toml(value: Any) -> str:
    """*value* as TOML writes it, in one line of harmless characters."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if not isinstance(value, str):
        return str(value).lower()
    # JSON escapes as TOML does, but leaves alone what TOML or a terminal minds.
    return "".join(
        each if each.isprintable() else f"\\U{ord(each):08x}"
        for each in json.dumps(value, ensure_ascii=False)
    )


def _put(values: Any, path: list[str], value: Any) -> Any:
    name, *rest = path
    inner = _put(getattr(values, name), rest, value) if rest else value
    return replace(values, **{name: inner})
