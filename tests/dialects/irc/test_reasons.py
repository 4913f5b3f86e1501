"""Reasons: why not, as IRC numbers it."""

import pytest

from chat.dialects.irc.message import parse
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
from tests.dialects.irc.clients import alice
from tests.dialects.scenes import REASONS


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        (NickInUse("bob"), "433 alice bob :Nickname is already in use."),
        (
            NickImpossible("b b", "it may not hold spaces"),
            "432 alice bb :Erroneous nickname: it may not hold spaces.",
        ),
        (NotIntroduced(), "451 alice :You have not registered."),
        (AlreadyIntroduced(), "462 alice :You may not reregister."),
        (NoSuchNick("b\r\nb"), "401 alice bb :No such nick."),
        (NoSuchRoom(""), "403 alice * :No such channel."),
        (
            RoomNameImpossible("tea", "it begins with #"),
            "476 alice tea :Bad channel name: it begins with #.",
        ),
        (
            InTooManyRooms("#tea"),
            "405 alice #tea :You have joined too many channels.",
        ),
        (
            InTooManyRooms("#tea", are_kept=True),
            "405 alice #tea :Too many channels are kept for you.",
        ),
        (NotAMember("#tea"), "442 alice #tea :You're not on that channel."),
        (
            CannotTalk("#tea"),
            "404 alice #tea :Cannot send to channel: you are not in it.",
        ),
        (NotAllowed("#tea"), "482 alice #tea :You're not channel operator."),
        (Banned("#tea"), "474 alice #tea :Cannot join channel (+b): you are banned."),
        (
            InviteOnly("#tea"),
            "473 alice #tea :Cannot join channel (+i): you must be invited.",
        ),
        (
            WrongKey("#tea"),
            "475 alice #tea :Cannot join channel (+k): you need its key.",
        ),
        (RoomFull("#tea"), "471 alice #tea :Cannot join channel (+l): it is full."),
        (
            NotThere("bob", "#tea"),
            "441 alice bob #tea :They aren't on that channel.",
        ),
        (AlreadyThere("bob", "#tea"), "443 alice bob #tea :is already on channel."),
        (
            NickHeld("bob", "#tea"),
            "435 alice bob #tea :Cannot change nickname while banned there.",
        ),
        (
            TooManyMasks("#tea", "eve!*@*"),
            "478 alice #tea eve!*@* :Channel list is full.",
        ),
        (
            NoSuchMask("#tea", "eve!*@*"),
            "696 alice #tea * eve!*@* :The list does not hold that mask.",
        ),
        (
            TooManyWatched(100, ("bob", "eve")),
            "734 alice 100 bob,eve :Monitor list is full.",
        ),
        (
            ValueImpossible("#tea", "many", "a limit is a number"),
            "696 alice #tea * many :a limit is a number.",
        ),
        (
            NickReserved("bob"),
            "433 alice bob :Nickname is an account's; log in, or take another.",
        ),
        (
            LooksLike("b0b", "bob"),
            "432 alice b0b :Erroneous nickname: it looks like bob.",
        ),
        (AccountTaken("bob"), "433 alice bob :There is an account of that name."),
        (NoSuchAccount("bob"), "401 alice bob :No such account."),
        (NotLoggedIn(), "481 alice :Permission denied: you are not logged in."),
        (AlreadyLoggedIn("bob"), "462 alice :You are logged in as bob already."),
        pytest.param(
            NameFixed("bob"),
            "447 alice :Who is logged in as bob goes by that name.",
            id="447",
        ),
        (
            RegistrationClosed(),
            "481 alice :Permission denied: accounts are not for everybody to make.",
        ),
        pytest.param(
            GuestsStayOut(),
            "465 alice :Only who has an account, or an invitation, comes in.",
            id="465",
        ),
        pytest.param(
            Unproven("bob"),
            "477 alice bob :That nick is an account's: log in, or take another.",
            id="477",
        ),
        pytest.param(
            PasswordImpossible("it is short"),
            "400 alice PASS :That cannot be a password: it is short.",
            id="400",
        ),
        (
            NotEncrypted(),
            "464 alice :A password is not to be sent where others can read it.",
        ),
        (
            TooManyGuesses(),
            "464 alice :There were too many wrong passwords. Try again in a minute.",
        ),
        (
            TooManyAccounts(),
            (
                "263 alice REGISTER"
                " :Enough accounts were made from there. Try again in an hour."
            ),
        ),
        (AccountSuspended("bob"), "465 alice :The account bob is closed for now."),
        (NoSuchSession(7), "400 alice SESSION :You have no session 7."),
        (NoSuchLink("#tea", 7), "400 alice INVITE :#tea has no invitation 7."),
        (
            LinkImpossible("#tea", "it is too long"),
            "400 alice INVITE :There is no such invitation to #tea: it is too long.",
        ),
        (
            WrongToken(),
            "464 alice :That is no invitation, or it is one no longer.",
        ),
        (MayNotRead("#tea"), "403 alice #tea :There is no such history."),
        (
            CannotRecall("#tea"),
            "400 alice CHATHISTORY :What was said cannot be read just now.",
        ),
        (NotInOffice(), "481 alice :Permission denied: you do not run this house."),
        (WrongPassword(), "464 alice :Password incorrect."),
        pytest.param(
            Busy(),
            "263 alice PASS :This command could not be completed. Try again.",
            id="263",
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value).__name__,
)
def test_why_not(reason: Reason, line: str) -> None:
    assert alice().refuse(reason) == f":irc.x {line}\r\n".encode()


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_every_reason_has_a_number_of_an_error(reason: Reason) -> None:
    message = parse(alice().refuse(reason).decode().removesuffix("\r\n"))
    # RPL_TRYAGAIN is the one refusal among the answers.
    assert 400 <= int(message.command) < 800 or message.command == "263"
    assert message.params[0] == "alice"
