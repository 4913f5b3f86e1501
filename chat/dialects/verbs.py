"""Verbs: the one table of what can be typed after a slash, and its help.

Any beginning will do that only one verb has; who mistypes is told what comes
nearest.  Others' names for a verb (``/part`` for ``/leave``) are found as well, but
do not make a beginning ambiguous, and neither do verbs for those few who run the
house; only what cannot be taken back has to be meant by nothing else.

Next: chat/dialects/irc/message.py
"""

from difflib import get_close_matches
from textwrap import wrap
from typing import Final

from chat.dialects import comforts, membership, moderating, remembering, talking, words
from chat.dialects.conversation import Conversation, Group, Verb
from chat.dialects.dialect import Heard, House
from chat.wire.text import harmless

NO_SUCH: Final = "-- There is no /{name}. /help lists what there is."
NEAREST: Final = "-- There is no /{name}. Did you mean /{near}?"
SEVERAL: Final = "-- /{name} could be {these}."
TO_BE_SAID: Final = (
    "-- There is no /{name}. To say a line that begins with /, double it."
)
_HELP_FIRST: Final = (
    "-- Just type and press Enter: everyone in the room reads it.",
    "-- A line that begins with / is a command; its first letters are enough:",
)
_HELP_LAST: Final = "-- /help COMMAND tells more about one. // at the start says a /."
# A line in which nothing can be wrapped any better.
_COLUMNS: Final = 79
# How much of a name must be right for it to be meant: /tpoic and /jion are near,
# /wave is not /leave.
_NEAR: Final = 0.7
# Longer than any name, and finding the nearest takes time that grows with it.
_LONGEST: Final = 20


def help_(talk: Conversation, rest: str) -> Heard | None:
    """Tell how it works, or how one verb does."""
    if not rest:
        return [talk.answer(*_all(talk.house), *talk.asked())]
    found = find(rest.partition(" ")[0].removeprefix("/"))
    if isinstance(found, str):
        return [talk.answer(found)]
    lines = (f"-- {found.usage}: {found.meaning}.", f"-- {found.more}")
    return [talk.answer(*lines, *talk.asked())]


def find(name: str) -> Verb | str:
    """The verb that *name* stands for, or a line that says why it is none."""
    typed = name.lower()
    if verb := _BY_NAME.get(typed):
        return verb
    for names in (_COMMON, _BY_NAME):
        begun = {
            verb.name: verb for key, verb in names.items() if key.startswith(typed)
        }
        if begun.keys() & _FINAL:
            # Others' names count here: who means /query by /q must not leave.
            begun = {
                verb.name: verb
                for key, verb in _BY_NAME.items()
                if key.startswith(typed) and verb.group is not Group.OFFICE
            }
        if len(begun) == 1:
            return next(iter(begun.values()))
        if begun and typed:
            return SEVERAL.format(name=harmless(name), these=_either(list(begun)))
    return _none_such(name)


def _all(house: House) -> list[str]:
    rows = [
        f"--   {verb.usage:<21} {verb.meaning}"
        for verb in VERBS
        if verb.group is Group.EVERYDAY
    ]
    lists = [
        line
        for group in Group
        if group is not Group.EVERYDAY
        for line in _list(group, house)
    ]
    return [*_HELP_FIRST, *rows, *lists, _HELP_LAST]


def _list(group: Group, house: House) -> list[str]:
    if group is Group.EARLIER and not house.limits.history:
        return []
    heading = group.value.format(span=words.kept_for(house))
    names = " ".join(f"/{verb.name}" for verb in VERBS if verb.group is group)
    return wrap(f"-- {heading} {names}", _COLUMNS, subsequent_indent="--   ")


def _either(names: list[str]) -> str:
    *others, last = (f"/{name}" for name in names)
    return f"{', '.join(others)} or {last}"


def _none_such(name: str) -> str:
    shown = harmless(name)
    if "/" in name:
        return TO_BE_SAID.format(name=shown)
    near = get_close_matches(name.lower()[:_LONGEST], _BY_NAME, n=1, cutoff=_NEAR)
    if near and len(name) <= _LONGEST:
        return NEAREST.format(name=shown, near=near[0])
    return NO_SUCH.format(name=shown)


_HELP: Final = Verb(
    "/help [COMMAND]",
    "this list, or more about one",
    help_,
    "For example: /help join",
    aliases=("h", "?", "man", "commands"),
    works_without_name=True,
)
VERBS: Final = (
    *talking.VERBS,
    *comforts.VERBS,
    *remembering.VERBS,
    *membership.VERBS,
    *moderating.VERBS,
    _HELP,
)
_BY_NAME: Final = {
    **{alias: verb for verb in VERBS for alias in verb.aliases},
    **{verb.name: verb for verb in VERBS},
}
# /inv means /invite still, though /invite-link begins like it.
_COMMON: Final = {
    verb.name: verb
    for verb in VERBS
    if verb.group is not Group.OFFICE and "-" not in verb.name
}
# What one does not want to have done by mistake.
_FINAL: Final = {"quit", "leave"}
