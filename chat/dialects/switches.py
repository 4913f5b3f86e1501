"""Switches: how a room is set up, in words that a person would use.

One table serves the command that changes it (``/room closed``), the answer that
shows it, its help, and the line that bystanders read.

Next: chat/dialects/answers.py
"""

from dataclasses import dataclass
from typing import Final

from chat.domain.answers import RoomIs
from chat.domain.commands import Change, Setting
from chat.domain.masks import MUTE
from chat.wire.text import harmless

_ANYBODY: Final = "!*@*"


@dataclass(frozen=True, slots=True)
class Switch:
    """Something about a room that is one way or the other.

    `ways` are what is typed after ``/room`` to turn it on, and off; `states` what
    is true then; `deeds` what whoever turns it is said to do.
    """

    setting: Setting
    ways: tuple[str, str]
    states: tuple[str, str]
    deeds: tuple[str, str]


SWITCHES: Final = (
    Switch(
        Setting.INVITE_ONLY,
        ("closed", "open"),
        ("Only who is invited comes in", "Everybody may come in"),
        ("lets only invited people in", "lets everybody in"),
    ),
    Switch(
        Setting.MODERATED,
        ("quiet", "loud"),
        ("Only who has a voice talks", "Everybody may talk"),
        ("lets only those with a voice talk", "lets everybody talk"),
    ),
    Switch(
        Setting.NO_OUTSIDERS,
        ("inside", "anywhere"),
        ("Only who is inside talks", "People outside may talk, too"),
        ("lets only people inside talk", "lets people outside talk, too"),
    ),
    Switch(
        Setting.SECRET,
        ("hidden", "listed"),
        ("/rooms does not list it", "/rooms lists it"),
        ("hides the room from /rooms", "lists the room in /rooms"),
    ),
    Switch(
        Setting.GUARDS_TOPIC,
        ("topic operators", "topic anyone"),
        ("Only who runs it changes its topic", "Anyone changes its topic"),
        (
            "lets only those who run the room change its topic",
            "lets anyone change its topic",
        ),
    ),
    Switch(
        Setting.KEPT,
        ("kept", "unkept"),
        (
            "It stays, and stays theirs who run it",
            "Once it is empty for long, it is gone",
        ),
        (
            "has the room stay, empty or not, and stay theirs who run it",
            "lets the room go once it is empty for long",
        ),
    ),
    Switch(
        Setting.OFF_RECORD,
        ("unrecorded", "recorded"),
        ("Nothing said in it is kept", "What is said in it is kept"),
        (
            "takes the room off the record: nothing said from now on is kept",
            "puts the room on record: what is said from now on is kept",
        ),
    ),
    Switch(
        Setting.KEY,
        ("key WORD", "key none"),
        ("Who comes in has to know a word: {value}", "No word is needed to come in"),
        ("lets in only who knows the word {value}", "lets people in without a word"),
    ),
    Switch(
        Setting.LIMIT,
        ("limit NUMBER", "limit none"),
        ("No more than {value} people fit in", "As many fit in as come"),
        ("lets in no more than {value} people", "lets in as many as come"),
    ),
)

# The lists, and what members are: deeds only, for they are not shown by /room.
_DEEDS: Final[dict[Setting, tuple[str, str]]] = {
    Setting.BAN: ("keeps {value} out", "no longer keeps {value} out"),
    Setting.EXEMPT: ("exempts {value} from bans", "no longer exempts {value}"),
    Setting.WELCOME: (
        "welcomes {value} without an invitation",
        "no longer welcomes {value} without an invitation",
    ),
    Setting.OPERATOR: ("lets {value} run the room", "no longer lets {value} run it"),
    Setting.VOICE: ("gives {value} a voice", "takes the voice from {value}"),
    **{switch.setting: switch.deeds for switch in SWITCHES},
}
_MUTES: Final = ("does not let {value} be heard", "lets {value} be heard again")

# What is typed after /room: words that say it all, and words that want a value.
_WHOLE: Final[dict[str, Change]] = {
    way: Change(switch.setting, on)
    for switch in SWITCHES
    for way, on in zip(switch.ways, (True, False), strict=True)
    if way == way.lower()
}
_WITH_VALUE: Final[dict[str, tuple[Setting, bool]]] = {
    "key": (Setting.KEY, True),
    "limit": (Setting.LIMIT, True),
    "exempt": (Setting.EXEMPT, True),
    "unexempt": (Setting.EXEMPT, False),
    "welcome": (Setting.WELCOME, True),
    "unwelcome": (Setting.WELCOME, False),
}


def change(text: str) -> Change | None:
    """What ``/room`` *text* asks for, or None if nobody knows."""
    said = " ".join(text.split())
    if found := _WHOLE.get(said.lower()):
        return found
    way, _, value = said.partition(" ")
    wanted = _WITH_VALUE.get(way.lower())
    if wanted is None or not value or " " in value:
        return None
    return Change(*wanted, value)


def told(who: str, made: Change) -> str:
    """One sentence for bystanders: *who* made that change."""
    deeds, value = _DEEDS[made.setting], made.value
    if made.setting is Setting.BAN and value.startswith(MUTE):
        deeds = _MUTES
    deed = deeds[0] if made.on else deeds[1]
    return f"{who} {deed.replace('{value}', person(value))}."


def person(mask: str) -> str:
    """Whom a mask is about, as short as it can be said: ``bob``, ``192.0.2.1``."""
    about = mask.removeprefix(MUTE).removesuffix(_ANYBODY).removeprefix("*!*@")
    return harmless(about or mask)


def states(room: RoomIs) -> list[str]:
    """How the room is set up, each with what would change it."""
    return [_state(switch, room) for switch in SWITCHES]


def _state(switch: Switch, room: RoomIs) -> str:
    if switch.setting is Setting.LIMIT:
        is_on, value = room.limit is not None, str(room.limit)
    else:
        is_on, value = switch.setting in room.settings, harmless(room.key)
    state = switch.states[0 if is_on else 1].replace("{value}", value)
    return f"{state.removesuffix(': ') + '.':<42} /room {switch.ways[is_on]}"


def ways() -> str:
    """All that can stand after ``/room``, for its help."""
    return ", ".join(f"{on} or {off}" for on, off in (s.ways for s in SWITCHES))
