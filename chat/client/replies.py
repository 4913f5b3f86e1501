"""Replies: the server's answers, in words for a person.

IRC answers with three digits and a few parameters, the last of them usually a
sentence.  The ones that a person meets have a friendlier sentence here; some
say nothing that a person needs and stay quiet; every other one is shown as the
server worded it, so that no answer is ever swallowed.

Newer answers (``FAIL``, ``WARN`` and ``NOTE``) name what they are about, and a code,
before their sentence: https://ircv3.net/specs/extensions/standard-replies

The numbers: https://modern.ircdocs.horse/#numerics

Next: chat/client/commands.py
"""

from typing import Final

from chat.dialects.irc.message import Message

# {1} is the first parameter after our own nick.
_WORDS: Final = {
    "305": "You are back.",
    "306": "You are away.",
    "307": "{1} is known to the server's services.",
    "311": "{1} is {2}@{3} ({5})",
    "312": "{1} is on {2} ({3})",
    "313": "{1} is an operator of the server.",
    "317": "{1} last said something {2} seconds ago.",
    "319": "{1} is in {2}",
    "322": "{1} ({2}) {3}",
    "323": "Those are all rooms that match.",
    "330": "{1} is logged in as {2}.",
    "335": "{1} is a bot.",
    "367": "{2} is banned from {1}.",
    "368": "Nobody else is banned from {1}.",
    "671": "{1} is connected with TLS.",
    "900": "You are logged in as {2}.",
    "901": "You are logged out.",
    "301": "{1} is away: {2}",
    "341": "{1} has been invited to {2}.",
    "372": "{1}",
    "401": "There is no {1} here.",
    "402": "There is no server {1}.",
    "403": "There is no room {1}.",
    "404": "You may not speak in {1}.",
    "405": "You are in too many rooms to join {1}.",
    "406": "There was never a {1} here.",
    "417": "That line was too long for the server.",
    "421": "The server does not know {1}.",
    "432": "{1} cannot be a nick here.",
    "433": "{1} is taken; try another.",
    "436": "{1} is taken; try another.",
    "437": "{1} is not available just now.",
    "438": "You changed your nick too often; wait a little.",
    "441": "{1} is not in {2}.",
    "442": "You are not in {1}.",
    "443": "{1} is already in {2}.",
    "461": "{1} needs more than that.",
    "471": "{1} is full.",
    "473": "{1} is open to invited people only.",
    "474": "You are banned from {1}.",
    "475": "{1} needs a key: /join {1} KEY",
    "476": "{1} is no name for a room.",
    "479": "{1} is no name for a room.",
    "482": "Only an operator of {1} may do that.",
}

_STANDARD: Final = frozenset({"FAIL", "WARN", "NOTE"})
# Where the server's sentence is made for programs.
_FAILURES: Final[dict[tuple[str, ...], str]] = {
    ("CHATHISTORY", "INVALID_TARGET"): "There is nothing of {3} that you can read.",
    ("CHATHISTORY", "MESSAGE_ERROR"): "What was said cannot be read just now.",
}

# By tradition every line of the message of the day begins with it.
_DASH: Final = "- "

# The welcome's statistics, the ends of lists, who set a topic and when.
_QUIET: Final = frozenset(
    {"315", "318", "321"}
    | {"001", "002", "003", "004", "042", "221", "250", "251", "252", "253", "254"}
    | {"255", "265", "266", "324", "328", "329", "333", "375", "376", "396", "422"}
    | {"903"}
)


def is_reply(message: Message) -> bool:
    """*message* is an answer of the server's, and no news."""
    return message.command.isdigit() or message.command in _STANDARD


def in_words(message: Message) -> str:
    """What the answer *message* says to a person; '' when there is nothing."""
    number = message.command
    if number in _STANDARD:
        return _standard(message.params)
    if number in _QUIET:
        return ""
    try:
        return _WORDS[number].format(*message.params).removeprefix(_DASH).rstrip()
    except LookupError:
        # We have no words for it, or the server sent less than they need.
        return _as_worded(message.params[1:])


def _standard(params: tuple[str, ...]) -> str:
    try:
        return _FAILURES[params[:2]].format(*params)
    except LookupError:
        sentence, about = "".join(params[-1:]), " ".join(params[2:-1])
        return f"{sentence} ({about})" if about else sentence


def _as_worded(params: tuple[str, ...]) -> str:
    if not params:
        return ""
    *subjects, sentence = params
    return f"{' '.join(subjects)}: {sentence}" if subjects else sentence
