"""The visit: one person's stay with one server, over several connections.

A state machine like the session, one floor up: a session ends with its
connection, and the visit begins the next one in the same rooms, with the lines
that were not sent.  `begin` says that a connection stands, `lose` that it does
not stand any more; what comes in between goes to the session.  Time and chance
are passed in.

Everybody else lost the server too, and a line that is said before they are back
is lost on them.  So what waits is not sent before those are there who were there
before, but for their sake nobody waits longer than they can be expected to take.

It also asks what only the person can decide: whether to send a long paste, and
whether to send lines that were typed long ago.  Until there is an answer
nothing else that is typed goes anywhere.

Who was never let in does not come back: then the address is wrong, or the
server means it.

Next: chat/client/session.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chat.client.commands import spelled_out
from chat.client.happenings import Ask, Effect, Note
from chat.client.login import Login
from chat.client.session import Session, lines
from chat.client.unsent import Line, Unsent
from chat.dialects.irc.message import Message

# A paste of up to so many lines is said without asking.
_MOST_UNASKED: Final = 3
# So much of a paste is shown with the question.
_MOST_SHOWN: Final = 10
_LONGEST_PAUSE: Final = 60
# Nobody waits longer for the others to come back.
_LONGEST_GATHERING: Final = 15
# A connection that lasted so long was a good one: the pauses begin anew.
_GOOD_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What the person has to answer with yes or no, and what follows."""

    words: str
    yes: Callable[[], list[Effect]]
    no: Callable[[], list[Effect]]


class Visit:
    """Who we want to be, where, and what was said too early."""

    def __init__(
        self,
        *,
        nick: str,
        room: str,
        unsent: Unsent | None = None,
        asks: bool = True,
        login: Login | None = None,
    ) -> None:
        """Be *nick* in *room*; unless one *asks*, everything is sent unasked.

        With a *login*, come in only as that account.
        """
        self.unsent = Unsent() if unsent is None else unsent
        elsewhere = dict.fromkeys(line.room for line in self.unsent if line.room)
        elsewhere.pop(room, None)
        self._login = login
        self.session = Session(
            nick=nick,
            room=room,
            also=tuple(elsewhere),
            unsent=self.unsent,
            login=login,
        )
        self._asks = asks
        # What has to be answered, the first one first.
        self._questions: list[Question] = []
        # What is being asked that must not show.
        self.secret: Ask | None = None
        self.is_connected = False
        # The server has let us in at least once.
        self.was_let_in = False
        # Nothing will follow: the person left, or the server never let us in.
        self.is_over = False
        # After `lose`: why, and how many seconds until the next attempt.
        self.why = ""
        self.pause = 0.0
        self._pauses = 0
        self._since = 0.0
        # Who was in which room when the connection broke.
        self._company: dict[str, set[str]] = {}

    def begin(self, now: float) -> list[Effect]:
        """A connection stands: what to say first."""
        self.is_connected, self._since = True, now
        self.unsent.is_gathering = bool(self._company)
        effects = [] if self.was_let_in else _waiting(list(self.unsent))
        return [*effects, *self._ask_about_stale(now), *self.session.greet()]

    def hear(self, message: Message) -> list[Effect]:
        """Take in what the server says."""
        if message.command == "001":
            self.was_let_in = True
        effects = self.session.hear(message)
        # Only now is it known who is there, or is it somebody else's coming.
        if self.unsent.is_gathering and message.command in {"366", "JOIN"}:
            effects += self._look_round(message)
        return effects

    @property
    def gathering_seconds(self) -> float:
        """How long to wait for the others, from the beginning of a connection.

        Their pauses are like ours.  Whoever tried just before the server was
        back has doubled his, and there is the jitter.
        """
        return min(2.5 * self.pause + 1, _LONGEST_GATHERING)

    def go_on(self) -> list[Effect]:
        """Wait for nobody any more."""
        if not self.unsent.is_gathering:
            return []
        self.unsent.is_gathering = False
        return self.session.catch_up()

    def _look_round(self, message: Message) -> list[Effect]:
        missing = self._missing()
        if not missing or not self.unsent.waiting:
            return self.go_on()
        if message.command == "JOIN":
            return []
        return [Note(f"Waiting a moment for {', '.join(sorted(missing)[:5])}.")]

    def _missing(self) -> set[str]:
        """Those who were there and are not back; everybody, before we know."""
        state, missing = self.session.state, set[str]()
        for name, nicks in self._company.items():
            room = state.room(name)
            here = room.members if room and not room.is_new else {}
            missing |= {nick for nick in nicks if state.fold(nick) not in here}
        return missing

    def type(self, text: str, now: float) -> list[Effect]:
        """Take in what the person typed."""
        asked, self.secret = self.secret, None
        if asked and text.strip() != "/quit":
            return asked.answered(text.strip())
        text = spelled_out(text)
        if text.partition(" ")[0] == "/quit":
            return self._leave(text, now)
        if self.question:
            return self._answer(self.question, text.strip().lower())
        pasted = lines(text)
        if self._asks and len(pasted) > _MOST_UNASKED:
            return self._ask_about_paste(pasted, now)
        return self.session.type(text, at=now)

    def ask(self, asked: Ask) -> None:
        """Have the next thing that is typed be a password."""
        self.secret = asked

    @property
    def is_leaving(self) -> bool:
        """The person wants to go; what was typed before may still be on its way."""
        return self.session.state.leaving or any(
            line.is_farewell for line in self.unsent
        )

    def _leave(self, text: str, now: float) -> list[Effect]:
        self._questions.clear()
        if self.is_connected:
            return self.session.type(text, at=now)
        self.session.state.leaving = True
        return []

    def lose(self, why: str, now: float, *, jitter: float) -> list[Effect]:
        """There is no connection, because *why*; *jitter* is anything from 0 to 1.

        Afterwards `is_over`, or else `pause` says when to try again.
        """
        why = self.why = self.session.farewell or why
        if self.is_leaving or not self.was_let_in:
            self.is_over = True
            return []
        if self.is_connected and now - self._since >= _GOOD_SECONDS:
            self._pauses = 0
        self.pause = pause(self._pauses, jitter)
        self._pauses += 1
        self.is_connected, self.secret = False, None
        again = _waiting(self.unsent.lose())
        state = self.session.state
        if state.rooms:
            self._company = {
                room.name: {
                    nick for nick in room.members.values() if nick != state.nick
                }
                for room in state.rooms.values()
            }
        former = self.session
        also, room = former.itinerary()
        self.session = Session(
            nick=self.session.wanted_nick,
            room=room,
            also=also,
            unsent=self.unsent,
            login=self._login,
        )
        self.session.succeed(former)
        told = f"{why.rstrip('.')}. Trying again in {self.pause:.0f} s."
        return [Note(told), *again]

    # Questions.

    @property
    def question(self) -> Question | None:
        """What has to be answered before anything else."""
        return self._questions[0] if self._questions else None

    def _answer(self, question: Question, answer: str) -> list[Effect]:
        if answer not in {"y", "yes", "n", "no"}:
            return [Note(f"Please answer y or n. {question.words}")]
        del self._questions[0]
        effects = question.yes() if answer.startswith("y") else question.no()
        return effects + ([Note(self.question.words)] if self.question else [])

    def _ask(self, question: Question) -> list[Effect]:
        self._questions.append(question)
        return [Note(question.words)]

    def _ask_about_paste(self, pasted: list[str], now: float) -> list[Effect]:
        shown: list[Effect] = [Note(f"| {line}") for line in pasted[:_MOST_SHOWN]]
        more = len(pasted) - _MOST_SHOWN
        if more > 0:
            shown.append(Note(f"| and {more} more"))
        question = Question(
            f"Send {len(pasted)} lines? y/n",
            yes=lambda: self.session.type("\n".join(pasted), at=now),
            no=lambda: [Note("Nothing of it was sent.")],
        )
        return shown + self._ask(question)

    def _ask_about_stale(self, now: float) -> list[Effect]:
        stale = self.unsent.stale(now)
        if not (stale and self._asks) or self.unsent.is_held:
            return []
        self.unsent.is_held = True
        minutes = int(now - stale[0].at) // 60
        question = Question(
            f"Send {_count(stale)} from up to {minutes} minutes ago? y/n",
            yes=self._let_go,
            no=lambda: self._throw_away(stale),
        )
        return self._ask(question)

    def _throw_away(self, stale: list[Line]) -> list[Effect]:
        # In the meantime some may have been proved to have been heard.
        stale = [line for line in stale if line in self.unsent.waiting]
        for line in stale:
            self.unsent.settle(line)
        return [Note(f"Thrown away: {_count(stale)}."), *self._let_go()]

    def _let_go(self) -> list[Effect]:
        self.unsent.is_held = False
        return self.session.catch_up()


def pause(pauses: int, jitter: float) -> float:
    """Seconds to wait after so many *pauses*: 1, 2, 4 ... 60, a fifth up or down.

    *jitter* spreads those out who lost the server at the same instant.
    """
    longest = min(2.0 ** min(pauses, 6), _LONGEST_PAUSE)
    return min(max(longest * (0.8 + 0.4 * jitter), 1.0), _LONGEST_PAUSE)


def _waiting(unsent: list[Line]) -> list[Effect]:
    return [Note(f"Waiting to be sent: {line.text}") for line in unsent]


def _count(unsent: list[Line]) -> str:
    return "one line" if len(unsent) == 1 else f"{len(unsent)} lines"
