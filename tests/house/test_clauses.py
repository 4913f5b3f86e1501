"""The clauses of the texts: each has a test, and none can be missing unnoticed."""

from pathlib import Path

import pytest

from tests.dialects.irc import clauses
from tests.dialects.irc.clauses import TEXTS, Clause, digest, flaws, main, sentences

FIRST = "A server MUST say `tea`."
SECOND = "It\n  MUST NOT say\tmilk."
TEXT = f"""---
title: MUST not be read
---

# A title

{FIRST} {SECOND}

    An example: one MUST be.

* A list MUST be read
* Of several. Each MAY be.

~~~~
[s] MUST NOT be read
~~~~
"""


def test_every_clause_has_a_test() -> None:
    assert list(flaws()) == []


def test_no_clause_is_there_twice() -> None:
    for listed in TEXTS.values():
        digests = [clause.digest for clause in listed]
        assert len(set(digests)) == len(digests)


def test_a_text_is_taken_apart_into_sentences() -> None:
    found = [sentence for sentence in sentences(TEXT) if "MUST" in sentence]
    assert found == [
        "A server MUST say `tea`.",
        "It MUST NOT say milk.",
        "An example: one MUST be.",
        "* A list MUST be read",
    ]
    assert digest("It MUST NOT say milk.") == "794eb5cd"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One text of which the first sentence is known."""
    there = Clause(digest(FIRST), "tea", "test_every_clause_has_a_test")
    monkeypatch.setattr(clauses, "TEXTS", {"tea.md": (there,)})
    monkeypatch.setattr(clauses, "FOLDERS", ("house",))
    (tmp_path / "tea.md").write_text(f"{FIRST}\n")
    return tmp_path


def test_a_text_that_is_as_it_was_is_all_there(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(flaws(small)) == []
    assert main(small) == 0
    assert "tea" in capsys.readouterr().out


def test_a_new_sentence_is_found(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "tea.md").write_text(f"{FIRST} {SECOND} You SHOULD.\n")
    assert list(flaws(small)) == ["tea.md 794eb5cd is new: It MUST NOT say milk."]
    assert main(small) == 1
    assert "794eb5cd is new" in capsys.readouterr().err


def test_a_sentence_that_is_gone_is_found(small: Path) -> None:
    (small / "tea.md").write_text("Nothing.\n")
    assert list(flaws(small)) == [
        f"tea.md {digest(FIRST)} does not stand there any more"
    ]


@pytest.mark.parametrize(
    ("clause", "flaw"),
    [
        (Clause("a1", "tea", "test_that_is_not"), "there is no test_that_is_not"),
        (Clause("a1", "tea"), "either a test, or why not"),
        (Clause("a1", "tea", "test_x", "why"), "either a test, or why not"),
    ],
)
def test_a_clause_without_a_test_is_found(
    small: Path, monkeypatch: pytest.MonkeyPatch, clause: Clause, flaw: str
) -> None:
    assert small.exists()
    monkeypatch.setattr(clauses, "TEXTS", {"tea.md": (clause,)})
    assert list(flaws()) == [f"tea.md a1: {flaw}"]
