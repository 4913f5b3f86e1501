"""Claims: the closed vocabulary of who says that a name is his."""

import pytest

from chat.domain import claims
from chat.domain.claims import (
    Claim,
    MakeLink,
    Redeem,
    Register,
    Reset,
    SetCredential,
)
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_claim_is_in_the_vocabulary() -> None:
    assert values_defined_in(claims) == words(Claim)


@pytest.mark.parametrize("word", words(Claim))
def test_a_claim_is_a_value(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize(
    "claim",
    [
        Register("c4nary"),
        SetCredential("c4nary"),
        Reset("bob", "c4nary"),
        MakeLink("#tea", 60, 0, "c4nary"),
        Redeem("c4nary"),
    ],
    ids=lambda claim: type(claim).__name__,
)
def test_no_log_shows_what_a_claim_rests_on(claim: Claim) -> None:
    assert "c4nary" not in repr(claim)
