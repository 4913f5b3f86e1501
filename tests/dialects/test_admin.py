"""Admin: requests of those who run the house, and how each ends."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chat.config import Config
from chat.dialects.admin import VERBS, Admin
from chat.dialects.dialect import Enrol, Heard, Wish
from chat.domain.answers import AccountsAre, HouseIs, TimeIs, Unchanged
from chat.domain.claims import AskAccount, AskAccounts, Forget, Reset, Suspend
from chat.domain.commands import AskHouse, AskTime, Depart
from chat.domain.events import Event
from chat.domain.refusals import Busy, NoSuchAccount
from chat.domain.views import AccountRow
from chat.wire.lines import ENDLESS, TOO_LONG, Line

# 2026-11-20, a quarter past ten in the morning, in milliseconds; UTC.
AT = 1_795_169_700_123
DAY = 86_400_000

BOB = AccountRow("bob", AT - DAY, AT, sessions=2, is_always_on=True)
CAROL = AccountRow("carol", AT - 2 * DAY, AT - DAY, sessions=0, is_suspended=True)
DAVE = AccountRow("dave", AT, 0, sessions=1)
ERIN = AccountRow(".", AT, 0, sessions=0)


@pytest.fixture
def admin() -> Admin:
    return Admin(Config().house(since=AT - DAY))


def told(admin: Admin, event: Event) -> str:
    answer = admin.tell(event)
    return (answer if isinstance(answer, bytes) else b"".join(answer)).decode()


def answered(admin: Admin, request: bytes, *events: Event) -> list[str]:
    """What *request* is answered if the hub tells *events*, and then the time."""
    admin.hear(request)
    return "".join(told(admin, each) for each in (*events, TimeIs(AT))).splitlines()


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        pytest.param(b"account list", [AskAccounts()], id="list"),
        pytest.param(b"  account   list ", [AskAccounts()], id="with spaces"),
        pytest.param(b"--json account list", [AskAccounts()], id="list as json"),
        pytest.param(b"account show bob", [AskAccount("bob")], id="show"),
        pytest.param("account show zoë".encode(), [AskAccount("zoë")], id="utf-8"),
        pytest.param(b"account suspend bob", [Suspend("bob", on=True)], id="suspend"),
        pytest.param(b"account resume bob", [Suspend("bob", on=False)], id="resume"),
        pytest.param(b"account delete bob", [Forget("bob")], id="delete"),
        pytest.param(
            b"account reset bob k7-dm", [Enrol("k7-dm", Reset("bob"))], id="reset"
        ),
        pytest.param(b"forget bob", [Forget("bob", words=True)], id="forget"),
        pytest.param(b"status", [AskHouse(), Wish.STATISTICS], id="status"),
    ],
)
def test_a_request_is_asked_and_then_the_time_which_ends_it(
    admin: Admin, line: bytes, asked: Heard
) -> None:
    assert admin.hear(line) == [*asked, AskTime()]


NO_SUCH = b". failed: There is no such request; `help` lists them.\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"  ", [], id="spaces"),
        pytest.param(b"dance", [NO_SUCH], id="no verb"),
        pytest.param(b"--json", [NO_SUCH], id="no request in json"),
        pytest.param(b"account", [NO_SUCH], id="half a verb"),
        pytest.param(b"account show", [NO_SUCH], id="a word too few"),
        pytest.param(b"account show bob carol", [NO_SUCH], id="a word too many"),
        pytest.param(b"account resett bob k7-dm", [NO_SUCH], id="the code is not said"),
        pytest.param(b"\xff\xfe", [NO_SUCH], id="no text"),
        pytest.param(TOO_LONG, [NO_SUCH], id="too long"),
        pytest.param(ENDLESS, [NO_SUCH], id="endless"),
    ],
)
def test_what_is_no_request_is_said_to_be_none(
    admin: Admin, line: Line, said: Heard
) -> None:
    assert admin.hear(line) == said


@pytest.mark.parametrize(
    ("request_", "events", "lines"),
    [
        pytest.param(
            b"account list",
            [AccountsAre((BOB, replace(CAROL, seen=0), DAVE))],
            [
                "bob  since 2026-11-19T10:15:00Z  here, 2 sessions  always on",
                "carol  since 2026-11-18T10:15:00Z  never seen  suspended",
                "dave  since 2026-11-20T10:15:00Z  here, 1 session",
                ". ok",
            ],
            id="list",
        ),
        pytest.param(
            b"account list",
            [AccountsAre((CAROL,))],
            [
                (
                    "carol  since 2026-11-18T10:15:00Z  seen 2026-11-19T10:15:00Z"
                    "  suspended"
                ),
                ". ok",
            ],
            id="who is not here",
        ),
        pytest.param(b"account list", [AccountsAre(())], [". ok"], id="nobody"),
        pytest.param(
            b"account list",
            [AccountsAre((ERIN,))],
            ["..  since 2026-11-20T10:15:00Z  never seen", ". ok"],
            id="a name that begins like the end",
        ),
        pytest.param(
            b"account show bob",
            [AccountsAre((BOB,), is_list=False)],
            [
                "account:    bob",
                "since:      2026-11-19T10:15:00Z",
                "presence:   here, 2 sessions",
                "suspended:  no",
                "always on:  yes",
                ". ok",
            ],
            id="show",
        ),
        pytest.param(
            b"account resume bob",
            [Unchanged()],
            ["That is so already.", ". ok"],
            id="nothing to do",
        ),
        pytest.param(
            b"account suspend bob",
            [AccountsAre((BOB,), is_list=False)],
            ["Nobody can log in to bob any more, until it is resumed.", ". ok"],
            id="suspend",
        ),
        pytest.param(b"--json account suspend bob", [], [". ok"], id="done, in json"),
        pytest.param(
            b"account suspend {bob}",
            [],
            ["Nobody can log in to {bob} any more, until it is resumed.", ". ok"],
            id="braces in a name",
        ),
        pytest.param(
            b"account resume b\x1b[2Job",
            [],
            ["The owner of b␛[2Job can log in again.", ". ok"],
            id="what a terminal obeys is made harmless",
        ),
        pytest.param(
            b"account delete bob",
            [],
            ["There is no account bob any more; what it said is still there.", ". ok"],
            id="delete",
        ),
        pytest.param(
            b"account reset bob k7-dm",
            [],
            [
                (
                    "The owner of bob comes in with the code, once,"
                    " and then sets a new password;"
                    " the old one is no good any more."
                ),
                ". ok",
            ],
            id="the code is not said again",
        ),
        pytest.param(
            b"forget bob",
            [],
            [
                (
                    "There is no account bob any more, and nothing that it said. Its"
                    " name stays where others have written it, where they put it out of"
                    " a room, and with topics and bans that it set. Out of reach are"
                    " backups, exports, and what others have read or kept."
                ),
                ". ok",
            ],
            id="forget",
        ),
    ],
)
def test_how_a_request_is_answered(
    admin: Admin, request_: bytes, events: list[Event], lines: list[str]
) -> None:
    assert answered(admin, request_, *events) == lines


def test_accounts_in_json(admin: Admin) -> None:
    *rows, end = answered(
        admin, b"--json account list", AccountsAre((BOB, CAROL, DAVE))
    )
    assert end == ". ok"
    assert [json.loads(row) for row in rows] == [
        {
            "account": "bob",
            "since": "2026-11-19T10:15:00Z",
            "seen": "2026-11-20T10:15:00Z",
            "sessions": 2,
            "suspended": False,
            "always_on": True,
        },
        {
            "account": "carol",
            "since": "2026-11-18T10:15:00Z",
            "seen": "2026-11-19T10:15:00Z",
            "sessions": 0,
            "suspended": True,
            "always_on": False,
        },
        {
            "account": "dave",
            "since": "2026-11-20T10:15:00Z",
            "seen": None,
            "sessions": 1,
            "suspended": False,
            "always_on": False,
        },
    ]


@pytest.mark.parametrize(
    ("requests", "begin"),
    [
        pytest.param([b"account list", b"account suspend bob"], "bob  ", id="done"),
        pytest.param([b"account list", b"--json account list"], "bob  ", id="json"),
        pytest.param([b"--json account list", b"account list"], "{", id="words"),
    ],
)
def test_requests_that_come_together_are_answered_each_in_its_way(
    admin: Admin, requests: list[bytes], begin: str
) -> None:
    # A long answer is drawn when the peer has room for it.
    admin.hear(requests[0])
    first = admin.tell(AccountsAre((BOB, CAROL), is_list=True))
    admin.tell(TimeIs(AT))
    admin.hear(requests[1])
    assert not isinstance(first, bytes)
    lines = b"".join(first).decode().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(begin)


def house(users: int, rooms: int) -> HouseIs:
    return HouseIs(users=users, rooms=rooms, in_lobby=())


STATISTICS = {"loop": {"turns": 7, "longest_turn_ms": 1}, "door": {"inside": 3}}


@pytest.mark.parametrize(
    ("here", "counted"),
    [
        pytest.param(house(3, 2), "3 people and 2 open rooms", id="some"),
        pytest.param(house(1, 1), "1 person and 1 open room", id="one"),
        pytest.param(house(0, 0), "0 people and 0 open rooms", id="none"),
    ],
)
def test_the_status(admin: Admin, here: HouseIs, counted: str) -> None:
    admin.hear(b"status")
    admin.report(STATISTICS)
    version = Config().house(since=0).version
    said = told(admin, here) + told(admin, TimeIs(AT))
    assert said.splitlines() == [
        (
            f"switchboard.local ({version}) is up since 2026-11-19T10:15:00Z,"
            f" 1 day, 0:00:00, with {counted}."
        ),
        "loop: turns=7 longest_turn_ms=1",
        "door: inside=3",
        ". ok",
    ]


def test_the_status_in_json(admin: Admin) -> None:
    admin.hear(b"--json status")
    admin.report(STATISTICS)
    row, end = (told(admin, house(3, 2)) + told(admin, TimeIs(AT))).splitlines()
    facts: dict[str, Any] = json.loads(row)
    assert end == ". ok"
    assert facts.pop("version").startswith("switchboard-")
    assert facts == {
        "name": "switchboard.local",
        "since": "2026-11-19T10:15:00Z",
        "up": 86_400,
        "people": 3,
        "rooms": 2,
        "statistics": STATISTICS,
    }


def test_a_refusal_is_the_end_and_the_next_request_knows_nothing_of_it(
    admin: Admin,
) -> None:
    admin.hear(b"account show carol")
    assert admin.refuse(NoSuchAccount("carol")) == b""
    assert told(admin, TimeIs(AT)) == ". failed: There is no account carol.\n"
    assert answered(admin, b"account resume bob") == [
        "The owner of bob can log in again.",
        ". ok",
    ]


def test_a_busy_house_says_so(admin: Admin) -> None:
    admin.hear(b"account reset bob k7-dm")
    assert admin.refuse(Busy()) == b""
    assert told(admin, TimeIs(AT)) == (
        ". failed: Too many have asked for that just now; try again in a moment.\n"
    )


def test_whoever_is_sent_away_before_the_answer_is_told_that_there_is_none(
    admin: Admin,
) -> None:
    assert admin.farewell("closed") == b""
    admin.hear(b"account list")
    assert admin.farewell("The server is shutting down") == (
        b". failed: The server is shutting down\n"
    )


def test_the_help_lists_every_request(admin: Admin) -> None:
    heard = admin.hear(b"help")
    assert isinstance(heard[0], bytes)
    *lines, last, end = heard[0].decode().splitlines()
    assert end == ". ok"
    assert last == "--json before a request has the answer in JSON lines."
    assert [line.split("  ")[0] for line in lines] == [verb.usage for verb in VERBS]
    assert all(line.split("  ")[-1] for line in lines)


def test_it_says_nothing_of_its_own_accord(admin: Admin) -> None:
    assert admin.greet() == []
    assert admin.follow_up() == []
    assert admin.are_you_there() == b""
    assert admin.challenge(b"") == b""
    assert told(admin, TimeIs(AT)) == ""
    assert told(admin, AccountsAre(())) == ""
    admin.resize(80)
    assert admin.speaks_for == ""


def test_half_a_request_is_none(admin: Admin) -> None:
    assert admin.hear_last(b"forget bob") == [Depart("Connection closed")]


def test_a_code_is_in_no_repr(admin: Admin) -> None:
    assert "k7-dm" not in repr(admin.hear(b"account reset bob k7-dm"))


def test_each_request_is_heard_by_itself(admin: Admin) -> None:
    assert admin.breath([b"status", b"accounts"]) is None
