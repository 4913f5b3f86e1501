"""Comforts: the verbs for how things look, and about the house itself.

Next: chat/dialects/verbs.py
"""

from dataclasses import replace
from typing import Final

from chat.dialects import zones
from chat.dialects.conversation import Conversation, Group, Verb
from chat.dialects.dialect import Heard, Wish
from chat.domain.commands import AskHouse, AskTime
from chat.wire.text import harmless

TELNET: Final = "-- Speaking telnet. If your terminal does, lines will fit its window."
TIMES: Final = (
    "-- Lines begin with the time, as it is in {zone}. /time ZONE changes that,"
    " /time off ends it."
)
NO_TIMES: Final = "-- Lines begin without the time."
NO_ZONE: Final = (
    "-- No zone is called {zone}. Try a city or a distance: /time Berlin, /time +2"
)
COLOURS: Final = "-- Names are shown in color."
NO_COLOURS: Final = "-- Names are shown without color."
NO_MOTD: Final = "-- There is no message of the day."


def time(talk: Conversation, rest: str) -> Heard | None:
    """Show the time of day before each line that happens, or stop doing so."""
    if not rest:
        return [AskTime()]
    wanted = rest.lower()
    if wanted == "off":
        talk.kind = replace(talk.kind, zone="")
        return [talk.answer(NO_TIMES)]
    zone = talk.zone if wanted == "on" else zones.find(rest)
    if zone is None:
        return [talk.answer(NO_ZONE.format(zone=harmless(rest)))]
    talk.zone = zone
    talk.kind = replace(talk.kind, zone=zone)
    return [talk.answer(TIMES.format(zone=zone))]


def color(talk: Conversation, rest: str) -> Heard | None:
    """Show names in colour, or stop doing so."""
    wanted = rest.lower()
    if wanted not in ("on", "off"):
        return None
    has_colours = wanted == "on"
    talk.kind = replace(talk.kind, has_colours=has_colours)
    return [talk.answer(COLOURS if has_colours else NO_COLOURS)]


def telnet(talk: Conversation, _rest: str) -> Heard | None:
    """Ask the terminal how wide it is, in a language that it may speak."""
    return [Wish.TELNET, talk.answer(TELNET)]


def motd(talk: Conversation, _rest: str) -> Heard | None:
    """Show the message of the day."""
    lines = [f"-- {harmless(line)}" for line in talk.house.motd]
    return [talk.answer(*(lines or [NO_MOTD]))]


def about(talk: Conversation, _rest: str) -> Heard | None:
    """Tell what this house is, since when, and how many are here."""
    house = talk.house
    since = zones.date(house.since)
    line = f"-- {house.network} runs {house.version}, and has been open since {since}."
    return [talk.answer(line), AskHouse()]


VERBS: Final = (
    Verb(
        "/time on|off|ZONE",
        "show when things are said",
        time,
        "ZONE is where you are, or how far from UTC: /time Europe/Berlin, /time +2."
        " Alone it tells what time it is.",
        aliases=("times", "timestamps", "clock", "date"),
    ),
    Verb(
        "/color on|off",
        "show names in color",
        color,
        "Everybody has a color of their own then, always the same: /color on",
        group=Group.MORE,
        aliases=("colour", "colors", "colours"),
    ),
    Verb(
        "/telnet",
        "have lines fit your window",
        telnet,
        "For programs that speak telnet, but only when spoken to. On nc it shows"
        " nothing but a few odd signs.",
        group=Group.MORE,
        works_without_name=True,
    ),
    Verb(
        "/motd",
        "the message of the day",
        motd,
        "What those who run the house want to say.",
        group=Group.MORE,
        works_without_name=True,
    ),
    Verb(
        "/about",
        "what this place is",
        about,
        "What runs here, since when, and how many are here.",
        group=Group.MORE,
        aliases=("version", "uptime", "info", "lusers"),
    ),
)
