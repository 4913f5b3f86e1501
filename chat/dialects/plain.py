"""Plain: chat for a person at a bare terminal, on nc or telnet.

Nothing has to be known beforehand.  Whoever connects and waits is greeted and
asked for a name; after that every line is said to the room, and a line that
begins with ``/`` is a command.  One table holds the commands, so that /help
cannot forget one.

The speaker's own terminal has already shown what he typed: there is no echo.

Where the width of the window is known, everything is wrapped to it.  A terminal
that wraps by itself goes on in the first column, and there ``bob: hi`` in the
midst of eve's line would look like a line of bob's.

Next: chat/dialects/conversation.py
"""

from dataclasses import replace
from typing import Final

from chat.dialects import answers, earlier, verbs, words
from chat.dialects.conversation import Conversation
from chat.dialects.dialect import Breath, Heard, House, Replays, Told, Wish
from chat.dialects.excuses import ASK_NAME, NAME_FIRST, of_refusal
from chat.dialects.membership import change_password
from chat.domain.answers import (
    Answer,
    CredentialSet,
    CredentialWanted,
    HouseIs,
    Inviting,
    MasksAre,
    MembersAre,
    NotHere,
    PeopleAre,
    Redeemed,
    RoomsAre,
)
from chat.domain.claims import TOKEN
from chat.domain.commands import AskHouse, Depart
from chat.domain.events import (
    AccountChanged,
    Entered,
    Event,
    Happened,
    Invited,
    KeepingChanged,
    Kicked,
    Left,
    Renamed,
    RoomChanged,
    Said,
    Speech,
    Welcomed,
    Whispered,
)
from chat.domain.names import fold
from chat.domain.recalled import (
    FoundAre,
    HistoryIs,
    MissedIs,
    Recalled,
    UnreadAre,
)
from chat.domain.refusals import (
    Busy,
    GuestsStayOut,
    LooksLike,
    NickImpossible,
    NickInUse,
    NickReserved,
    NoSuchNick,
    NotThere,
    Reason,
    TooManyGuesses,
    WrongPassword,
    WrongToken,
)
from chat.wire.lines import ENDLESS, TOO_LONG, Broken, Line
from chat.wire.text import harmless

# Longer than anybody types and shorter than anything that hurts.
LINE_LIMIT: Final = 4096
_BOM: Final = "\ufeff"
# What one is shown unasked has to leave the rest of a small window as it was.
_REPLAYS: Final = Replays(most=20, at_first=10, has_digest=True)
_CTRL_D: Final = "\x04"
# Nobody who is asked for a name and types this wants to be called so.
_NO_NAMES: Final = frozenset({"help", "quit", "exit"})
# Why nobody comes in under a name: whoever hears this has passed the door before,
# where only the other reasons are given.
_OF_A_NAME: Final = (
    NickInUse | NickImpossible | NickReserved | LooksLike | GuestsStayOut
)
_OF_THE_DOOR: Final = WrongPassword | Busy | TooManyGuesses


class Plain(Conversation):
    """One person's side of a conversation: what is heard, and what is told."""

    line_limit = LINE_LIMIT

    def __init__(self, house: House, *, is_private: bool = True) -> None:
        super().__init__(house, is_private=is_private)
        self._was_told_of_utf8 = False
        # What the present line was refused for already.
        self._refused: Reason | None = None

    def greet(self) -> Heard:
        """Ask who is here; the answer becomes the greeting."""
        return [AskHouse()]

    def hear(self, line: Line) -> Heard:
        """A name, then talk and commands.  Empty lines mean nothing."""
        self._refused, self.banned, self.is_at_the_door = None, "", False
        self.claimed = ""
        if not isinstance(line, bytes):
            return self._hear_broken(line)
        if len(line) > LINE_LIMIT:
            # It came before it was known that this is a person.
            return self._hear_broken(TOO_LONG)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            hint = self._of_utf8()
            return hint + self._hear_text(line.decode(errors="replace"))
        return self._hear_text(text.removeprefix(_BOM))

    def breath(self, _lines: list[Line]) -> Breath | None:
        """None: each line is heard by itself."""
        return None

    def hear_last(self, rest: bytes) -> Heard:
        """A line without an end was still meant (``printf hi | nc -N``)."""
        heard = self.hear(rest) if rest else []
        return [*heard, Depart("Connection closed")]

    def tell(self, event: Event) -> Told:
        """*event* to this very person, who may have brought it about."""
        if isinstance(event, Recalled):
            self._learn_recalled(event)
            return earlier.told(self, event)
        if isinstance(event, Speech):
            return self.kind.render(event)
        if not isinstance(event, Happened):
            return self._tell_answer(event)
        if not self._is_own(event):
            return self._overheard(event)
        if isinstance(event, Whispered) and self._is_me(event.who.nick):
            return self._whispered_elsewhere(event)
        text = words.of_own_event(event)
        if isinstance(event, Left | Kicked):
            text += f"\n{self.left(event.room)}"
        if isinstance(event, Entered):
            text += self._is_off_record(event)
        self._learn(event)
        return self.kind.telling(event, text)

    def refuse(self, reason: Reason) -> bytes:
        """Why not, once for each line; and who has no name yet is asked again."""
        if reason == self._refused or self._is_pardoned(reason):
            return b""
        self._refused = reason
        if self.is_at_the_door:
            self.is_let_in = isinstance(reason, _OF_A_NAME)
        if isinstance(reason, WrongToken) and not self.speaks_for:
            # It has ended: what comes next is the password again.
            self.is_invited = False
        if isinstance(reason, NickReserved) and self.may_claim:
            return self.kind.encoded(self.claim(reason.nick))
        text = f"-- {of_refusal(reason)}"
        if isinstance(reason, WrongPassword) and self.claimed and self.may_claim:
            # Who was asked for a name now would be called like his password.
            return self.kind.encoded(f"{text}\n{self.claim(self.claimed)}")
        if not self.speaks_for and ASK_NAME not in text and not self._is_over(reason):
            text += f"\n{ASK_NAME}"
        return self.kind.encoded(text)

    def challenge(self, _message: bytes) -> bytes:
        """Nothing: a person types a password."""
        return b""

    @property
    def replays(self) -> Replays:
        """The last lines of each room, and on coming back where there is more."""
        return _REPLAYS

    def labelled(self, _label: str, _told: list[Told]) -> Told:
        """Nothing is labelled in this language."""
        return b""

    def follow_up(self) -> Heard:
        """What was to be done as soon as one had been told of something."""
        following, self.following = self.following, []
        return following

    def are_you_there(self) -> bytes:
        """Nothing: a person is not to be asked every minute."""
        return b""

    def farewell(self, reason: str) -> bytes:
        """Good-bye, and why."""
        return self.kind.encoded(words.farewell(reason))

    def resize(self, columns: int) -> None:
        """From now on wrap what is sent to that width."""
        self.kind = self.kind.at_width(columns)

    def _is_off_record(self, event: Entered) -> str:
        is_news = self.house.limits.history and not event.is_recorded
        return f"\n{words.NOT_KEPT}" if is_news else ""

    def _tell_answer(self, answer: Answer) -> Told:
        self._learn_answer(answer)
        match answer:
            case HouseIs() if not self.speaks_for:
                return self.answer(words.greeting(self.house, answer))
            case Redeemed():
                return self.answer(*answers.pieces(answer), *self.asked())
            case Inviting(room=room) if fold(room) in self.rooms:
                # The room is told who invites whom, and that is where one is.
                return b""
            case NotHere(nick, text) if not self.is_news(nick, text):
                return b""
            case MembersAre() | PeopleAre() | RoomsAre() | MasksAre():
                # They may be thousands.
                return map(self.answer, answers.pieces(answer))
            case _:
                return self.answer(*answers.pieces(answer))

    def _learn_answer(self, answer: Answer) -> None:
        match answer:
            case Redeemed():
                self.is_invited = True
            case CredentialSet():
                self.lacks_password = False
            case CredentialWanted():
                self.lacks_password = True
                self.following += change_password(self)
            case _:
                pass

    def _learn_recalled(self, answer: Recalled) -> None:
        if isinstance(answer, HistoryIs | MissedIs | UnreadAre):
            self.goes_on(earlier.more_of(answer))
        if isinstance(answer, MissedIs) and answer.excerpt.left_out:
            self.more = earlier.more(answer)
        match answer:
            case HistoryIs() | UnreadAre() | FoundAre():
                self.more = earlier.more(answer)
            case MissedIs(excerpt) if excerpt.is_private and not self.whisperer:
                # Who wrote while one was away may be answered like anybody else.
                if not all(earlier.is_own(self, line) for line in excerpt.lines):
                    self.whisperer = excerpt.target
            case _:
                pass

    def _is_own(self, event: Happened) -> bool:
        """Whether *event* is told otherwise to this person than to the others."""
        match event:
            case Kicked(nick=nick) | Invited(nick=nick):
                return self._is_me(nick)
            case Said() | RoomChanged() | KeepingChanged():
                return False
            case _:
                return True

    def _is_me(self, nick: str) -> bool:
        return fold(nick) == fold(self.speaks_for)

    def _learn(self, event: Happened) -> None:
        match event:
            case Welcomed():
                self.speaks_for = event.who.nick
            case AccountChanged():
                self._learn_account(event.account)
            case Renamed():
                self.speaks_for = event.nick
            case Entered():
                self.entered(event.room)
            case Whispered() if words.of_event(event):
                self.whisperer = event.who.nick
            case _:
                pass

    def _learn_account(self, account: str) -> None:
        if account != self.account:
            # What was true of the last one is not of this one.
            self.lacks_password = False
        self.account = account
        if account and not self.speaks_for:
            # Whoever has an account needs no other word, and is who it is.
            self.is_let_in = True
            self.following += self.introduce(account)

    def _whispered_elsewhere(self, event: Whispered) -> bytes:
        if self._is_me(event.to):
            return self.kind.render(event)
        return self.kind.telling(event, words.from_elsewhere(event))

    def _overheard(self, event: Happened) -> bytes:
        """What bystanders read; from outside it has to be told which room it is."""
        kind = self.kind
        match event:
            case Kicked(room=room) | RoomChanged(room=room):
                kind = replace(
                    kind, shows_room=kind.shows_room or not self._is_in(room)
                )
            case _:
                pass
        return kind.render(event)

    def _is_in(self, room: str) -> bool:
        return fold(room) in self.rooms

    def _is_pardoned(self, reason: Reason) -> bool:
        """Who is banned has been put out only if he was there to be put out."""
        match reason:
            case NotThere(nick=nick) | NoSuchNick(nick=nick):
                return bool(self.banned) and fold(nick) == self.banned
            case _:
                return False

    def _is_over(self, reason: Reason) -> bool:
        """Whether the house has closed its door, so that no name would help."""
        return self.is_at_the_door and isinstance(reason, _OF_THE_DOOR)

    def _hear_broken(self, line: Broken) -> Heard:
        if line is ENDLESS:
            return [Depart(words.ENDLESS)]
        assert line is TOO_LONG
        shown: Heard = [] if self.question is None else [Wish.SHOW_INPUT]
        self.question = None
        return [*shown, self.answer(words.TOO_LONG, *self.asked())]

    def _of_utf8(self) -> Heard:
        """What one should know who types something else; once is enough."""
        if self._was_told_of_utf8:
            return []
        self._was_told_of_utf8 = True
        return [self.answer(words.NOT_UTF8)]

    def _hear_text(self, text: str) -> Heard:
        if text == _CTRL_D:
            return [Depart("Quit")]
        if self.question is not None:
            return self._answered(text)
        if not harmless(text).strip():
            return []
        if text.startswith("/") and not text.startswith("//"):
            return self._command(text[1:])
        return self.say(text.removeprefix("/")) if self.speaks_for else self._name(text)

    def _name(self, text: str) -> Heard:
        name = text.strip()
        word, _, token = name.rpartition(" ")
        if name.lower() in _NO_NAMES or (
            word.strip().lower() == "join" and token.startswith(TOKEN)
        ):
            return self._command(name)
        return self.introduce(name)

    def _answered(self, text: str) -> Heard:
        """What was asked for is not shown to anybody, whatever it begins with."""
        question, self.question = self.question, None
        assert question is not None
        if text.strip() == "/telnet":
            self.question = question
            return [Wish.TELNET, Wish.HIDE_INPUT, self.answer(words.NOW_HIDDEN)]
        if text.strip() == "/quit":
            return [Wish.SHOW_INPUT, Depart("Quit")]
        return question(text)

    def _command(self, text: str) -> Heard:
        name, _, rest = text.partition(" ")
        verb = verbs.find(name)
        if isinstance(verb, str):
            return [self.answer(verb, *self.asked())]
        if not self.speaks_for and not verb.works_without_name:
            return [self.answer(f"-- {NAME_FIRST}")]
        heard = verb.action(self, rest.strip())
        if heard is None:
            usage = words.USAGE.format(usage=verb.usage)
            return [self.answer(usage, *self.asked())]
        return heard
