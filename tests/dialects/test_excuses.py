"""Excuses: why not, sentence by sentence."""

from dataclasses import is_dataclass
from typing import Any

import pytest

from chat.dialects import excuses
from chat.domain.refusals import (
    AccountSuspended,
    AccountTaken,
    AlreadyIntroduced,
    AlreadyLoggedIn,
    AlreadyThere,
    Banned,
    Busy,
    CannotRecall,
    CannotTalk,
    GuestsStayOut,
    InTooManyRooms,
    InviteOnly,
    LinkImpossible,
    LooksLike,
    MayNotRead,
    NameFixed,
    NickHeld,
    NickImpossible,
    NickInUse,
    NickReserved,
    NoSuchAccount,
    NoSuchLink,
    NoSuchMask,
    NoSuchNick,
    NoSuchRoom,
    NoSuchSession,
    NotAllowed,
    NotAMember,
    NotEncrypted,
    NotInOffice,
    NotIntroduced,
    NotLoggedIn,
    NotThere,
    PasswordImpossible,
    Reason,
    RegistrationClosed,
    RoomFull,
    RoomNameImpossible,
    TooManyAccounts,
    TooManyGuesses,
    TooManyMasks,
    TooManyWatched,
    Unproven,
    ValueImpossible,
    WrongKey,
    WrongPassword,
    WrongToken,
)
from tests.dialects.scenes import REASONS
from tests.domain import vocabularies
from tests.wire.hostile import leftovers, versions


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        (NickInUse("bob"), "bob is taken; try another."),
        (
            NickImpossible("b b", "it may not hold spaces"),
            "b b cannot be a name: it may not hold spaces. Try another.",
        ),
        (NotIntroduced(), "A name comes first. What should we call you?"),
        (AlreadyIntroduced(), "You have a name already; /nick changes it."),
        (NoSuchNick("bob"), "Nobody here is called bob. /who tells who is here."),
        (NoSuchRoom("#tea"), "There is no room #tea. /join would make it."),
        (
            RoomNameImpossible("#a,b", "it may not hold ,"),
            "#a,b cannot be a room: it may not hold ,.",
        ),
        (
            InTooManyRooms("#tea"),
            "You are in too many rooms for #tea; /leave one first.",
        ),
        (
            InTooManyRooms("#tea", are_kept=True),
            "Too many rooms are kept for you; #tea cannot be.",
        ),
        (NotAMember("#tea"), "You are not in #tea. /join #tea lets you in."),
        (CannotTalk("#tea"), "You are not in #tea. /join #tea lets you in."),
        (
            CannotTalk("#tea", "those who run it have muted you"),
            "#tea did not hear that: those who run it have muted you.",
        ),
        (
            NotAllowed("#tea"),
            "Only those who run #tea may do that; /who tells who.",
        ),
        (Banned("#tea"), "You are kept out of #tea. /rooms lists others."),
        (
            InviteOnly("#tea"),
            "#tea is for those who are invited; ask somebody inside.",
        ),
        (
            WrongKey("#tea"),
            "#tea opens to a word, and not this one: /join #tea WORD.",
        ),
        (RoomFull("#tea"), "#tea is full. Try again later; /rooms lists others."),
        (NotThere("bob", "#tea"), "bob is not in #tea; /who tells who is."),
        (AlreadyThere("bob", "#tea"), "bob is in #tea already."),
        (
            NickHeld("bob", "#tea"),
            "You stay bob while #tea does not want to hear you.",
        ),
        (
            TooManyMasks("#tea", "eve!*@*"),
            "#tea has no space for eve; see /bans.",
        ),
        (
            NoSuchMask("#tea", "eve!*@*"),
            "#tea has no eve on that list; see /bans.",
        ),
        (TooManyWatched(9, ("bob",)), "You can watch no more than 9 people."),
        (
            ValueImpossible("#tea", "many", "a limit is a number from 1 on"),
            "many does not do for #tea: a limit is a number from 1 on.",
        ),
        (NotInOffice(), "Only those who run the house may do that."),
        (WrongPassword(), "That is not the password."),
        (Busy(), "Too many have asked for that just now; try again in a moment."),
        (
            NickReserved("bob"),
            "bob has an account: /login bob, or try another name.",
        ),
        (
            LooksLike("b0b", "bob"),
            "b0b could be taken for bob, who has an account. Try another.",
        ),
        (
            AccountTaken("bob"),
            "There is an account bob already. /login, if it is yours.",
        ),
        (NoSuchAccount("bob"), "There is no account bob."),
        (
            NotLoggedIn(),
            "You have to be logged in for that: /login, or /register first.",
        ),
        (AlreadyLoggedIn("bob"), "You are logged in as bob; /logout ends that."),
        (NameFixed("bob"), "You are logged in as bob; /logout before you change."),
        (
            RegistrationClosed(),
            "Here accounts are made by those who run the house; ask them.",
        ),
        (
            GuestsStayOut(),
            (
                "Only who has an account, or an invitation, comes in: /login NAME,"
                " /register NAME, or join TOKEN."
            ),
        ),
        (
            Unproven("bob"),
            "bob has an account: /login first, or /nick another name.",
        ),
        (
            PasswordImpossible("it has to have 6 characters"),
            "That cannot be a password: it has to have 6 characters.",
        ),
        (
            NotEncrypted(),
            (
                "Others could read a password on its way here, so none is taken."
                " Come from this machine, or over ssh, to log in."
            ),
        ),
        (
            TooManyGuesses(),
            "There were too many wrong passwords. Try again in a minute.",
        ),
        (
            TooManyAccounts(),
            "Enough accounts were made from where you are. Try again in an hour.",
        ),
        (AccountSuspended("bob"), "The account bob is closed for now."),
        (
            NoSuchSession(2),
            "You have no session 2; /sessions tells which you have.",
        ),
        (NoSuchLink("#tea", 2), "#tea has no invitation 2; see /invite-link."),
        (
            LinkImpossible("#tea", "it may last a year"),
            "There is no such invitation to #tea: it may last a year.",
        ),
        (
            WrongToken(),
            "That is no invitation, or it is one no longer; ask for another.",
        ),
        (
            MayNotRead("#tea"),
            "There is no room #tea, or you may not read what was said there.",
        ),
        (
            MayNotRead("bob"),
            (
                "Nothing is kept between you and bob: both need an account. (A room?"
                " Its name begins with #.)"
            ),
        ),
        (MayNotRead(""), "There is nothing for you to read."),
        (
            CannotRecall(),
            "What was said cannot be read just now. Try again in a minute.",
        ),
    ],
    ids=lambda value: type(value).__name__ if is_dataclass(value) else "",
)
def test_why_not(reason: Reason, line: str) -> None:
    assert excuses.of_refusal(reason) == line


def test_the_scenes_show_one_of_each() -> None:
    assert [type(reason) for reason in REASONS] == vocabularies.words(Reason)


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_every_reason_ends_like_a_sentence(reason: Reason) -> None:
    assert excuses.of_refusal(reason).endswith((".", "?"))


def every_hostile(values: list[Any]) -> list[Any]:
    return [
        pytest.param(bad, good, id=f"{type(value).__name__}{path}")
        for value in values
        for path, bad, good in versions(value)
    ]


@pytest.mark.parametrize(
    ("bad", "good"),
    every_hostile(
        [*REASONS, CannotTalk("#tea", "nobody hears you"), MayNotRead("bob")]
    ),
)
def test_hostile_text_in_a_refusal_reaches_no_terminal(
    bad: Reason, good: Reason
) -> None:
    assert excuses.of_refusal(bad) == excuses.of_refusal(good)
    assert leftovers(excuses.of_refusal(bad)) == set()
