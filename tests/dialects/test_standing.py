"""Standing: what one reads about one's account, and about invitations."""

import pytest

from chat.dialects import standing
from chat.domain.answers import (
    AccountGone,
    AccountsAre,
    AlwaysOnIs,
    CredentialSet,
    CredentialWanted,
    LinkIs,
    LinksAre,
    NickWanted,
    Redeemed,
    Registered,
    SessionsAre,
    Standing,
)
from chat.domain.views import AccountRow, LinkRow, SessionRow
from tests.dialects.scenes import AT, EVENTS, TOKEN
from tests.wire.hostile import leftovers, versions

WHEN = "2026-11-20 10:15 UTC"


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (
            Registered("alice"),
            "-- alice is yours now: to be called so takes the password.",
        ),
        (
            CredentialSet("alice"),
            "-- That is your password now. Where else you were, you are not.",
        ),
        (
            CredentialWanted("alice"),
            "-- That was a one-time code and works no more: have a password now.",
        ),
        (AccountGone("alice"), "-- There is no account alice any more."),
        (
            AlwaysOnIs(on=True),
            (
                "-- You stay in your rooms while you are not connected."
                " /account always-on off ends that."
            ),
        ),
        (
            AlwaysOnIs(on=False),
            "-- You leave your rooms when your last connection ends.",
        ),
        (
            NickWanted("bob", 30),
            (
                "-- bob has an account. /login if it is yours; if not, /nick NAME."
                " Nobody hears you before, and in 30 seconds you are called something"
                " else."
            ),
        ),
        (
            SessionsAre(
                "alice",
                (
                    SessionRow(1, "192.0.2.1", AT, is_this=False),
                    SessionRow(2, "192.0.2.2", AT, is_this=True),
                ),
            ),
            (
                "-- You are logged in as alice from:\n"
                f"--   1: 192.0.2.1, since {WHEN}\n"
                f"--   2: 192.0.2.2, since {WHEN}, this one\n"
                "-- /sessions end NUMBER ends one, /sessions end others all but this"
                " one."
            ),
        ),
        (
            AccountsAre((AccountRow("bob", AT, 0, 0),), is_list=False),
            f"-- bob: an account since {WHEN}, not here now.",
        ),
        (
            AccountsAre((AccountRow("bob", AT, AT, 1),), is_list=False),
            f"-- bob: an account since {WHEN}, here now, last logged in {WHEN}.",
        ),
        (
            AccountsAre(
                (
                    AccountRow("bob", AT, 0, 2, is_always_on=True),
                    AccountRow("eve", AT, 0, 0, is_suspended=True),
                )
            ),
            (
                "-- Accounts:\n"
                f"--   bob: an account since {WHEN}, here 2 times now, always on.\n"
                f"--   eve: an account since {WHEN}, not here now, closed for now."
            ),
        ),
        (AccountsAre(()), "-- There are no accounts yet."),
        (
            LinkIs("#tea", TOKEN, LinkRow(3, "alice", AT, 5)),
            (
                "-- Whoever types this when asked for a name comes into #tea:\n"
                f"--   join {TOKEN}\n"
                f"-- It is shown only now. It works until {WHEN}, 5 times;"
                " /invite-link end 3 takes it back."
            ),
        ),
        (
            LinksAre("#tea", (LinkRow(1, "alice", AT, -1), LinkRow(2, "bob", AT, 1))),
            (
                "-- Invitations to #tea:\n"
                f"--   1: until {WHEN}, by alice\n"
                f"--   2: until {WHEN}, once, by bob\n"
                "-- /invite-link end NUMBER takes one back."
            ),
        ),
        (
            LinksAre("#tea", ()),
            "-- No invitation to #tea is out. /invite-link 7d makes one.",
        ),
        (Redeemed("#tea"), "-- You are invited to #tea."),
    ],
)
def test_in_words(answer: Standing, lines: str) -> None:
    assert standing.told(answer) == lines


STANDINGS = [event for event in EVENTS if isinstance(event, Standing)]


@pytest.mark.parametrize("answer", STANDINGS, ids=lambda each: type(each).__name__)
def test_hostile_text_reaches_no_terminal(answer: Standing) -> None:
    for path, bad, good in versions(answer):
        assert standing.told(bad) == standing.told(good), path
        assert leftovers(standing.told(bad).replace("\n", "")) == set(), path


@pytest.mark.parametrize("answer", STANDINGS, ids=lambda each: type(each).__name__)
def test_every_line_is_the_houses(answer: Standing) -> None:
    assert all(line.startswith("-- ") for line in standing.told(answer).split("\n"))
