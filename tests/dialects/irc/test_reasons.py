"""Reasons: why not, as IRC numbers it."""

import pytest

from chat.dialects.irc.message import parse
from chat.domain.refusals import (
    AlreadyIntroduced,
    AlreadyThere,
    Banned,
    Busy,
    CannotTalk,
    InTooManyRooms,
    InviteOnly,
    NickHeld,
    NickImpossible,
    NickInUse,
    NoSuchMask,
    NoSuchNick,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotInOffice,
    NotIntroduced,
    NotThere,
    Reason,
    RoomFull,
    RoomNameImpossible,
    TooManyMasks,
    TooManyWatched,
    ValueImpossible,
    WrongKey,
    WrongPassword,
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
