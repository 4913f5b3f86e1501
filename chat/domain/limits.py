"""Limits: how long and how many, as the operator set them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What the hub enforces.  Lengths are in bytes of UTF-8."""

    nick_length: int = 32
    room_length: int = 64
    topic_length: int = 390
    # None is no limit.
    rooms_per_user: int | None = 100
