"""Membership: what each verb asks for, and what is made of the answers."""

from dataclasses import replace

import pytest

from chat.dialects.conversation import Conversation, Verb
from chat.dialects.dialect import Enrol, Heard, House, Prove, Wish
from chat.dialects.membership import VERBS, change_password
from chat.domain.claims import (
    AskAccount,
    AskLinks,
    AskSessions,
    EndSession,
    Identified,
    LogOut,
    MakeLink,
    Register,
    Revoke,
    SetAlwaysOn,
    SetCredential,
    Unregister,
)
from chat.domain.limits import Limits
from tests.dialects.scenes import HOUSE, read, somebody

BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}
NAMED = replace(HOUSE, limits=replace(HOUSE.limits, guests="named"))
SHOWS = " It shows as you type it; on telnet, /telnet hides it."
ASK_NAME = "What should we call you?"
LOGIN_FIRST = "-- You have to be logged in for that: /login, or /register first."
CLOSED = "-- Here accounts are made by those who run the house; ask them."
OPEN_TO_ALL = "-- Others could read a password on its way here, so none is taken."
DAY = 86_400


def heard(talk: Conversation, line: str) -> Heard | None:
    name, _, rest = line.partition(" ")
    return BY_NAME[name].action(talk, rest)


def answered(talk: Conversation, line: str) -> Heard:
    question, talk.question = talk.question, None
    assert question is not None
    return question(line)


def asks(talk: Conversation, got: Heard | None, question: str) -> None:
    """What came of a line is this question, and what is typed next is hidden."""
    assert got == [Wish.HIDE_INPUT, talk.answer(question)]


def lines(got: Heard | None) -> list[str]:
    assert got is not None
    return read(got).decode().removesuffix("\r\n").split("\r\n")


def a_guest(house: House = HOUSE) -> Conversation:
    return somebody(house=house)


def alice() -> Conversation:
    """Alice, who is logged in, in #tea."""
    talk = somebody()
    talk.account = "alice"
    talk.entered("#tea")
    return talk


def on_telnet(talk: Conversation) -> Conversation:
    talk.kind = talk.kind.at_width(80)
    return talk


def where_limits_are(limits: Limits) -> House:
    return replace(HOUSE, limits=limits)


# Registering.

ASK_NEW = "Which password do you want?"


@pytest.mark.parametrize("line", ["register", "register alice", "register ALICE"])
def test_a_guest_registers_the_name_that_he_has(line: str) -> None:
    talk = a_guest()
    asks(talk, heard(talk, line), ASK_NEW + SHOWS)
    assert answered(talk, "a b c d") == [
        Wish.SHOW_INPUT,
        Enrol("a b c d", Register()),
    ]


def test_on_telnet_one_is_asked_twice() -> None:
    talk = on_telnet(a_guest())
    asks(talk, heard(talk, "register"), ASK_NEW)
    asks(talk, answered(talk, "secret"), "And once more:")
    assert answered(talk, "secret") == [Wish.SHOW_INPUT, Enrol("secret", Register())]


def test_what_is_not_the_same_twice_is_not_taken() -> None:
    talk = on_telnet(a_guest())
    heard(talk, "register")
    answered(talk, "secret")
    assert answered(talk, "sceret") == [
        Wish.SHOW_INPUT,
        talk.answer("-- That was not the same twice, so nothing has changed."),
    ]
    assert talk.question is None


def test_before_a_name_one_says_which() -> None:
    talk = somebody(nick="")
    asks(talk, heard(talk, "register bob"), ASK_NEW + SHOWS)
    assert answered(talk, "secret") == [
        Wish.SHOW_INPUT,
        Enrol("secret", Register(name="bob")),
    ]
    assert heard(somebody(nick=""), "register") is None


def test_registering_is_no_way_around_the_houses_password() -> None:
    talk = somebody(nick="", house=replace(HOUSE, password="stored"))  # noqa: S106
    assert lines(heard(talk, "register bob")) == [
        "-- First say who you are and what the password is; then /register.",
        ASK_NAME,
    ]
    assert talk.question is None
    talk.is_let_in = True
    asks(talk, heard(talk, "register bob"), ASK_NEW + SHOWS)


def test_but_an_invitation_is_as_long_as_it_lasts() -> None:
    talk = somebody(nick="", house=replace(HOUSE, password="stored"))  # noqa: S106
    talk.is_invited = True
    asks(talk, heard(talk, "register bob"), ASK_NEW + SHOWS)
    invited = Register(name="bob", is_invited=True)
    assert answered(talk, "secret") == [Wish.SHOW_INPUT, Enrol("secret", invited)]


@pytest.mark.parametrize(
    ("who_may", "is_invited", "may"),
    [
        ("open", False, True),
        ("invited", False, False),
        ("invited", True, True),
        ("closed", True, False),
    ],
)
def test_who_may_register(who_may: str, is_invited: bool, may: bool) -> None:
    talk = a_guest(where_limits_are(Limits(registration=who_may)))
    talk.is_invited = is_invited
    got = heard(talk, "register")
    assert (talk.question is not None) == may
    assert may or lines(got) == [CLOSED]


def test_who_is_logged_in_does_not_register() -> None:
    assert lines(heard(alice(), "register")) == [
        "-- You are logged in as alice; /logout ends that."
    ]


@pytest.mark.parametrize("line", ["register swordfish", "register my secret"])
def test_a_password_behind_register_is_not_taken(line: str) -> None:
    assert lines(heard(a_guest(), line)) == [
        (
            "-- An account is called as you are: /register makes alice yours. For"
            " another one, /nick NAME first. If that was a password, it has been seen;"
            " use another."
        )
    ]


def test_nor_is_it_before_a_name() -> None:
    assert lines(heard(somebody(nick=""), "register bob swordfish")) == [
        (
            "-- A password does not go there: type /register NAME alone, and you are"
            " asked for it. If that was one, it has been seen; use another."
        ),
        ASK_NAME,
    ]


# Logging in and out.


@pytest.mark.parametrize(
    ("nick", "line", "name"),
    [
        ("alice", "login", "alice"),
        ("alice", "login bob", "bob"),
        ("", "login bob", "bob"),
    ],
)
def test_logging_in(nick: str, line: str, name: str) -> None:
    talk = somebody(nick=nick)
    asks(talk, heard(talk, line), f"What is the password of {name}?{SHOWS}")
    assert answered(talk, " secret") == [
        Wish.SHOW_INPUT,
        Prove(" secret", Identified(name), account=name),
    ]


def test_a_named_guest_means_the_account_behind_that_mark() -> None:
    talk = somebody("guest-bob", NAMED)
    asks(talk, heard(talk, "login"), f"What is the password of bob?{SHOWS}")


@pytest.mark.parametrize("line", ["register", "register BOB", "register guest-bob"])
def test_a_named_guest_has_it_without_that_mark(line: str) -> None:
    talk = on_telnet(somebody("guest-bob", NAMED))
    asks(talk, heard(talk, line), ASK_NEW)


def test_who_has_no_name_says_which_account() -> None:
    assert heard(somebody(nick=""), "login") is None


def test_once_is_enough() -> None:
    assert lines(heard(alice(), "login bob")) == [
        "-- You are logged in as alice; /logout ends that."
    ]


def test_a_password_behind_login_is_not_taken() -> None:
    assert lines(heard(a_guest(), "login bob swordfish")) == [
        (
            "-- A password does not go there: type /login NAME alone, and you are asked"
            " for it. If that was one, it has been seen; use another."
        )
    ]


def test_logging_out() -> None:
    assert heard(alice(), "logout") == [LogOut()]
    assert heard(alice(), "logout now") is None


# Where others listen.


@pytest.mark.parametrize("line", ["register", "login bob"])
def test_where_others_can_read_it_no_password_is_asked_for(line: str) -> None:
    talk = Conversation(HOUSE, is_private=False)
    talk.speaks_for = "alice"
    assert lines(heard(talk, line))[0].startswith(OPEN_TO_ALL)
    assert talk.question is None


@pytest.mark.parametrize("line", ["password", "account delete"])
def test_not_even_of_who_came_in_before(line: str) -> None:
    talk = Conversation(HOUSE, is_private=False)
    talk.speaks_for = talk.account = "alice"
    assert lines(heard(talk, line))[0].startswith(OPEN_TO_ALL)
    assert talk.question is None


# Another password.


def test_another_password_takes_the_old_one() -> None:
    talk = alice()
    asks(talk, heard(talk, "password"), "What is your password now?" + SHOWS)
    asks(talk, answered(talk, "old"), ASK_NEW + SHOWS)
    assert answered(talk, "new one") == [
        Wish.SHOW_INPUT,
        Prove("old", Enrol("new one", SetCredential()), account="alice"),
    ]


def test_an_empty_line_changes_nothing() -> None:
    for typed in (["  "], ["old", ""]):
        talk = alice()
        heard(talk, "password")
        *_, got = [answered(talk, line) for line in typed]
        assert got == [Wish.SHOW_INPUT, talk.answer("-- Never mind, then.")]
        assert talk.question is None


def test_who_came_on_a_code_has_no_old_one() -> None:
    talk = on_telnet(alice())
    talk.lacks_password = True
    asks(talk, change_password(talk), ASK_NEW)
    asks(talk, answered(talk, "new one"), "And once more:")
    assert answered(talk, "new one") == [
        Wish.SHOW_INPUT,
        Enrol("new one", SetCredential()),
    ]


def test_a_guest_has_no_password() -> None:
    assert lines(heard(a_guest(), "password")) == [LOGIN_FIRST]


def test_a_password_behind_password_is_not_taken() -> None:
    assert lines(heard(alice(), "password swordfish"))[0].startswith(
        "-- A password does not go there: type /password alone"
    )


# The account.


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sessions", [AskSessions()]),
        ("sessions end 2", [EndSession(2)]),
        ("sessions END Others", [EndSession(0)]),
        ("sessions end 0", None),
        ("sessions end two", None),
        ("sessions end \uff12", None),
        ("sessions end", None),
        ("sessions 2", None),
        ("account", [AskAccount("alice")]),
        ("account Bob", [AskAccount("Bob")]),
        ("account always-on on", [SetAlwaysOn(True)]),
        ("account Always-On OFF", [SetAlwaysOn(False)]),
        ("account always-on maybe", None),
        ("account bob eve", None),
        ("invite-link", [AskLinks("#tea")]),
        ("invite-link #milk", [AskLinks("#milk")]),
        ("invite-link 7d", [MakeLink("#tea", 7 * DAY)]),
        ("invite-link 7D 5", [MakeLink("#tea", 7 * DAY, 5)]),
        ("invite-link #milk 30m 1", [MakeLink("#milk", 1800, 1)]),
        ("invite-link 12h", [MakeLink("#tea", DAY // 2)]),
        ("invite-link 2w", [MakeLink("#tea", 14 * DAY)]),
        ("invite-link end 3", [Revoke("#tea", 3)]),
        ("invite-link #milk end 3", [Revoke("#milk", 3)]),
        ("invite-link end", None),
        ("invite-link end x", None),
        ("invite-link 0d", None),
        ("invite-link 7", None),
        ("invite-link 7d many", None),
        ("invite-link 7d 0", None),
        ("invite-link 7d 5 x", None),
        ("invite-link \u0667d", None),
    ],
)
def test_who_is_logged_in_says(line: str, expected: Heard | None) -> None:
    assert heard(alice(), line) == expected


def test_a_guest_has_no_account_to_ask_about() -> None:
    assert lines(heard(a_guest(), "account")) == [LOGIN_FIRST]
    assert heard(a_guest(), "account bob") == [AskAccount("bob")]


def test_a_link_leads_into_a_room() -> None:
    assert lines(heard(a_guest(), "invite-link 7d")) == [
        "-- You are in no room. /join one first, for example: /join lobby"
    ]


# Giving it up.


@pytest.mark.parametrize("word", ["delete", " DELETE "])
def test_who_gives_the_account_up_says_the_password_and_the_word(word: str) -> None:
    talk = alice()
    asks(talk, heard(talk, "account delete"), "What is the password?" + SHOWS)
    assert answered(talk, "secret") == [
        Wish.SHOW_INPUT,
        talk.answer(
            "Then alice is anybody's again, and all that it runs is not yours any more."
            " If you are sure, type: delete"
        ),
    ]
    assert answered(talk, word) == [Prove("secret", Unregister(), account="alice")]


@pytest.mark.parametrize("word", ["", "yes", "delete it"])
def test_any_other_word_gives_up_nothing(word: str) -> None:
    talk = alice()
    heard(talk, "account delete")
    answered(talk, "secret")
    assert answered(talk, word) == [talk.answer("-- Never mind, then.")]
    assert talk.question is None


def test_a_guest_has_nothing_to_give_up() -> None:
    assert lines(heard(a_guest(), "account delete")) == [LOGIN_FIRST]


# Nobody sees it.


def test_no_password_is_in_what_can_be_printed() -> None:
    talk = on_telnet(alice())
    shown = [repr(heard(talk, "password")), repr(answered(talk, "canary"))]
    shown += [repr(answered(talk, "canary2")), repr(answered(talk, "canary2"))]
    shown.append(repr(vars(talk)))
    assert not [text for text in shown if "canary" in text]


def test_every_verb_is_tried() -> None:
    assert list(BY_NAME) == [
        "register",
        "login",
        "logout",
        "password",
        "sessions",
        "account",
        "invite-link",
    ]
