"""Capabilities: what is offered, and how one asks for it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.irc import caps
from chat.dialects.irc.render import IrcKind
from chat.dialects.irc.session import Irc
from chat.domain.limits import Limits
from tests.dialects.irc.clients import a_stranger
from tests.dialects.scenes import HOUSE

NOTHING: frozenset[str] = frozenset()
ALL = frozenset({"echo-message", "message-tags", "server-time"})
NAMES = [
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "chghost",
    "echo-message",
    "extended-join",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
    "userhost-in-names",
    "draft/read-marker",
    *("draft/chathistory", "draft/event-playback", "soju.im/search"),
    "draft/account-registration",
]
VALUES = {
    "sasl": "sasl=PLAIN,SCRAM-SHA-256",
    "draft/account-registration": "draft/account-registration=before-connect",
}


def test_a_value_is_shown_only_to_those_who_understand_it() -> None:
    assert caps.listed(a_stranger(), with_values=False) == NAMES
    with_values = [VALUES.get(name, name) for name in NAMES]
    assert caps.listed(a_stranger(), with_values=True) == with_values


def test_an_account_is_no_way_around_the_password_of_the_house() -> None:
    locked = replace(HOUSE, password="as it is stored")  # noqa: S106
    assert (
        caps.listed(Irc(locked), with_values=True)[-1] == "draft/account-registration"
    )


def test_no_accounts_are_offered_where_none_are_made() -> None:
    closed = replace(HOUSE, limits=Limits(registration="closed"))
    assert caps.listed(Irc(closed), with_values=False) == NAMES[:-1]
    assert requested(NAMES[-1], NOTHING, Irc(closed)) is None


def test_no_history_is_offered_where_nothing_is_kept() -> None:
    forgetful = Irc(replace(HOUSE, limits=Limits(history=False)))
    offered = caps.listed(forgetful, with_values=False)
    gone = {"draft/chathistory", "draft/event-playback", "soju.im/search"}
    assert set(NAMES) - set(offered) == gone
    assert requested("draft/chathistory", NOTHING, forgetful) is None


def test_nobody_is_invited_to_send_a_password_that_others_could_read() -> None:
    irc = Irc(HOUSE, is_private=False)
    told = caps.listed(irc, with_values=True)
    assert "sasl=SCRAM-SHA-256" in told
    assert NAMES[-1] not in caps.listed(irc, with_values=False)
    assert requested("sasl", NOTHING, irc) == frozenset({"sasl"})


def requested(
    request: str, before: frozenset[str], irc: Irc | None = None
) -> frozenset[str] | None:
    """What is on after *request*, if *before* was."""
    irc = irc or a_stranger()
    irc.caps = before
    return caps.requested(irc, request)


@pytest.mark.parametrize(
    ("version", "understands"),
    [
        ("302", True),
        ("303", True),
        ("9999999999", True),
        ("0302", True),
        ("301", False),
        ("", False),
        ("-302", False),
        ("30x", False),
        ("٣٠٢", False),
        ("9" * 5000, True),
    ],
)
def test_values_are_for_version_302_and_later(version: str, understands: bool) -> None:
    assert caps.understands_values(version) == understands


@pytest.mark.parametrize(
    ("before", "request_", "after"),
    [
        pytest.param(NOTHING, "server-time", {"server-time"}, id="one"),
        pytest.param(NOTHING, "echo-message message-tags server-time", ALL, id="all"),
        pytest.param(NOTHING, " server-time  ", {"server-time"}, id="spaces"),
        pytest.param(NOTHING, "", NOTHING, id="nothing is granted at once"),
        pytest.param({"server-time"}, "server-time", {"server-time"}, id="again"),
        pytest.param(
            {"server-time"},
            "echo-message",
            {"server-time", "echo-message"},
            id="what is enabled stays",
        ),
        pytest.param(ALL, "-echo-message", ALL - {"echo-message"}, id="off"),
        pytest.param(NOTHING, "-echo-message", NOTHING, id="off though never on"),
        pytest.param(
            NOTHING, "server-time -server-time", NOTHING, id="the last word counts"
        ),
    ],
)
def test_what_can_be_met_is_met(
    before: frozenset[str], request_: str, after: frozenset[str]
) -> None:
    assert requested(request_, frozenset(before)) == after


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param("tls", id="not offered"),
        pytest.param("server-time tls", id="all of it or nothing"),
        pytest.param("tls server-time", id="in whatever order"),
        pytest.param("-tls", id="not even off"),
        pytest.param("Server-Time", id="names have case"),
        pytest.param("server-time=yes", id="no values in a request"),
        pytest.param("--server-time", id="one minus is enough"),
        pytest.param("-", id="a minus alone"),
    ],
)
def test_what_cannot_be_met_in_full_is_not_met(request_: str) -> None:
    assert requested(request_, ALL) is None


@given(
    st.lists(st.sampled_from([sign + name for sign in ("", "-") for name in ALL])),
    st.frozensets(st.sampled_from(sorted(ALL))),
)
@settings(deadline=None, max_examples=50)
def test_only_what_is_offered_is_ever_on(
    words: list[str], before: frozenset[str]
) -> None:
    after = requested(" ".join(words), before)
    assert after is not None
    for name in ALL:
        said = [word for word in words if word.removeprefix("-") == name]
        wanted = said[-1] == name if said else name in before
        assert (name in after) == wanted


def test_a_kind_of_reader_is_what_changes_what_he_reads() -> None:
    assert caps.kind(frozenset(NAMES), "irc.x") == IrcKind(
        server_time=True,
        message_tags=True,
        echoes=True,
        away_notify=True,
        extended_join=True,
        invite_notify=True,
        setname=True,
        account_notify=True,
        account_tag=True,
    )
    assert caps.kind(NOTHING, "irc.x") == IrcKind()
    assert caps.kind(NOTHING, "irc.x").house == "irc.x"
