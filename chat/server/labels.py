"""Labels: what a session is told in answer to a line that it has labelled.

While what the line asks for is carried out, all that its session is told is held
back: answers, what its rooms say of it, and its own echo.  Then the dialect makes one
answer of it.  Some answers come late, because the work is done aside; what others say
meanwhile belongs to none, so holding back is a matter of moments and not of turns.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from chat.dialects.dialect import Told
from chat.server.fanout import FanOut
from chat.server.session import Session


@dataclass(slots=True)
class Answer:
    """The label, and what was told so far."""

    label: str
    told: list[Told] = field(default_factory=list)


class Labels:
    """The answers that are not complete yet."""

    def __init__(self, fanout: FanOut) -> None:
        self._fanout = fanout
        # By session: the one at work, and those that are held back just now.
        self._answers: dict[int, Answer] = {}
        self.held: dict[int, None] = {}

    def begin(self, session: Session, label: str) -> None:
        """What follows answers what had that *label*."""
        self._answers[session.id] = Answer(label)
        self.resume(session)

    def pause(self, session: Session) -> None:
        """The rest comes later."""
        if session.id in self.held:
            del self.held[session.id]
            self._fanout.release(session)

    def resume(self, session: Session) -> None:
        """Now it comes."""
        answer = self._answers.get(session.id)
        if answer is not None and session.id not in self.held:
            self.held[session.id] = None
            self._fanout.hold_back(session, answer.told)

    def end(self, session: Session) -> None:
        """That was all."""
        if answer := self.take(session):
            self._say(session, answer)

    def forget(self, session: Session) -> None:
        """*session* is told nothing more."""
        self.take(session)

    def take(self, session: Session) -> Answer | None:
        """Hand the answer out, to be ended later with `complete`, if there is one."""
        self.pause(session)
        return self._answers.pop(session.id, None)

    def complete(
        self, session: Session, answer: Answer | None, tell: Callable[[], None]
    ) -> None:
        """What *tell* tells is the rest of *answer*, or answers nothing labelled."""
        if answer is None:
            tell()
            return
        self._fanout.hold_back(session, answer.told)
        try:
            tell()
        finally:
            self._fanout.release(session)
        self._say(session, answer)

    def _say(self, session: Session, answer: Answer) -> None:
        told = session.dialect.labelled(
            answer.label, [each for each in answer.told if each != b""]
        )
        self._fanout.say(session, told)
