"""IRC clients for tests: strangers and alice, and what comes of their lines."""

from typing import Final

from chat.dialects.dialect import Heard
from chat.dialects.irc.session import Irc
from chat.domain.commands import Introduce
from tests.dialects.scenes import HOUSE, welcomed

ALICE_COMES: Final = Introduce("alice", "al", "Alice A.")


def a_stranger() -> Irc:
    """Somebody who has not registered."""
    return Irc(HOUSE)


def alice(caps: str = "") -> Irc:
    """Alice, who is in, with those *caps*."""
    irc = Irc(HOUSE)
    if caps:
        irc.hear(f"CAP REQ :{caps}".encode())
        irc.hear(b"CAP END")
    irc.tell(welcomed())
    return irc


def hears(irc: Irc, *lines: str) -> Heard:
    """All that comes of *lines*."""
    return [item for line in lines for item in irc.hear(line.encode())]
