"""Recall: who may read what was said, and the questions about it.

To be built: so far nobody may read anything.
"""

from chat.domain.effects import Effect
from chat.domain.questions import (
    AskHistory,
    AskRead,
    AskTargets,
    CatchUp,
    MarkRead,
    Question,
    Search,
)
from chat.domain.refusals import MayNotRead, Refused
from chat.domain.state import Stamp, State


def answer(
    state: State, session: int, question: Question, _stamp: Stamp
) -> list[Effect]:
    """Answer *question*."""
    state.introduced(session)
    match question:
        case AskHistory() | Search() | CatchUp() | AskRead() | MarkRead():
            raise Refused(MayNotRead(question.target))
        case AskTargets():
            raise Refused(MayNotRead(""))
