"""Limits: how long and how many, as the operator set them."""

from dataclasses import dataclass
from typing import Final

# So many bytes UTF-8 has for one character, at the most.
_WIDEST: Final = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What the hub enforces.  Lengths are in bytes of UTF-8."""

    nick_length: int = 32
    room_length: int = 64
    topic_length: int = 390
    # None is no limit.
    rooms_per_user: int | None = 100
    # What is cut rather than refused.
    away_length: int = 200
    reason_length: int = 300
    realname_length: int = 150
    key_length: int = 23
    # In each list of a room, and for each who watches.
    masks_per_list: int = 100
    watched: int = 100
    # Who may make an account, "open", "invited" or "closed", and who comes in
    # without: "open", "named" (as guest-...) or "none".
    registration: str = "open"
    guests: str = "open"
    # In milliseconds: how long a guest may hold an account's nick, and how long an
    # empty room that nobody has asked to be kept stays.
    held_nick: int = 30_000
    empty_room: int = 0
    # Whether what is said is kept at all.
    history: bool = True
    # For how many days, 0 for ever; and the most lines of one page of it.
    history_days: int = 0
    history_page: int = 100

    def cut_reason(self, text: str) -> str:
        """*text* as a reason may be: it stands behind names in a line of IRC."""
        return cut(text, self.reason_length)


def cut(text: str, most: int) -> str:
    """*text* in at most *most* bytes, cut at a character."""
    if len(text) * _WIDEST <= most:
        return text
    return text.encode()[:most].decode(errors="ignore")
