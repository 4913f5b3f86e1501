"""Capabilities: what we ask of a server beyond plain IRC, and what it grants."""

import pytest

from chat.client.capabilities import Capabilities
from chat.client.happenings import Send
from chat.client.login import NOT_OFFERED, Login
from chat.client.state import State
from chat.dialects.irc.message import formatted, parse

ALICE = Login("alice", "secret")
EVERYTHING = "message-tags server-time echo-message batch soju.im/search"


def negotiated(
    state: State, *lines: str, login: Login | None = None
) -> tuple[list[str], str]:
    """What is answered to *lines*, and why we cannot come in."""
    capabilities = Capabilities(state, login)
    effects = [effect for line in lines for effect in capabilities.hear(parse(line))]
    answers = [formatted(it.message) for it in effects if isinstance(it, Send)]
    assert len(answers) == len(effects)
    return answers, capabilities.trouble


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        ([f"CAP * LS :sasl {EVERYTHING} x"], [f"CAP REQ :{EVERYTHING}"]),
        (["CAP * LS * :batch=x", "CAP * LS :sasl"], ["CAP REQ batch"]),
        (["CAP * LS :"], ["CAP END"]),
        (["CAP * LS :draft/chathistory"], ["CAP END"]),
        (["CAP * NAK :batch"], ["CAP END"]),
        (["CAP * ACK :batch"], ["CAP END"]),
        (["CAP"], []),
    ],
)
def test_what_is_asked_for(lines: list[str], answers: list[str]) -> None:
    assert negotiated(State("alice"), *lines) == (answers, "")


def test_what_is_granted_holds_until_it_is_withdrawn() -> None:
    state = State("alice")
    negotiated(state, "CAP * ACK :echo-message batch soju.im/search")
    assert (state.echoes, state.batches, state.searches) == (True, True, True)
    negotiated(state, "CAP alice DEL :echo-message soju.im/search")
    assert (state.echoes, state.batches, state.searches) == (False, True, False)


def test_history_has_only_to_be_offered() -> None:
    state = State("alice")
    kept = []
    for line in (
        "CAP * LS :batch",
        "CAP alice NEW :draft/chathistory=x",
        "CAP alice DEL :draft/chathistory",
    ):
        negotiated(state, line)
        kept.append(state.keeps_history)
    assert kept == [False, True, False]


def test_who_must_log_in_does_so_or_stays_outside() -> None:
    state = State("alice")
    assert negotiated(state, "CAP * LS :sasl batch", login=ALICE) == (
        ["CAP REQ :batch sasl"],
        "",
    )
    assert negotiated(state, "CAP * ACK :sasl", login=ALICE) == (
        ["AUTHENTICATE PLAIN"],
        "",
    )
    for line in ("CAP * LS :batch", "CAP * NAK :sasl"):
        assert negotiated(state, line, login=ALICE) == ([], NOT_OFFERED)
