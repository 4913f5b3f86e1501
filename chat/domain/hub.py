"""The hub: command in, effects out.

The hub is a deterministic state machine.  It has no clock, no randomness, no
sockets, and nothing in it depends on the order of a set: the same commands in
the same order, with the same stamps, give the same state and the same effects.
So a conversation can be replayed, a snapshot can be carried across a restart,
and a test needs no fakes.

What it does not do: speak a language, or know who listens.  A dialect made the
command, and fan-out finds the audience.

Next: chat/domain/state.py
"""

from typing import Any

from chat.domain import (
    accounts,
    custody,
    identity,
    links,
    moderation,
    names,
    nicks,
    office,
    presence,
    recall,
    remembered,
    rooms,
    snapshot,
    standing,
    talk,
    upkeep,
)
from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskLinks,
    AskSessions,
    EndSession,
    Forget,
    Ghost,
    Identified,
    LogOut,
    MakeLink,
    Redeem,
    Register,
    Reset,
    Revoke,
    SetAlwaysOn,
    SetCredential,
    Suspend,
    TellTrouble,
    Tidy,
    Unregister,
)
from chat.domain.commands import (
    AskHouse,
    AskMasks,
    AskMembers,
    AskPast,
    AskPeople,
    AskPerson,
    AskPresent,
    AskRoom,
    AskRooms,
    AskTime,
    AskTopic,
    AskWatched,
    Command,
    Configure,
    Depart,
    Introduce,
    Invite,
    Join,
    Kick,
    Kill,
    Leave,
    Open,
    Rename,
    Say,
    SetAway,
    SetMark,
    SetRealname,
    SetRoom,
    SetTopic,
    TakeOffice,
    Unwatch,
    Wallops,
    Watch,
    Whisper,
)
from chat.domain.effects import Effect
from chat.domain.limits import Limits
from chat.domain.questions import (
    AskHistory,
    AskRead,
    AskTargets,
    CatchUp,
    MarkRead,
    Search,
)
from chat.domain.records import Kept
from chat.domain.state import Account, Stamp, fresh


class Hub:
    """Everything that is known about who is here and where."""

    def __init__(self, limits: Limits, lobby: str = "#lobby", since: int = 0) -> None:
        self._state = fresh(limits, lobby, since)

    def handle(  # noqa: C901, PLR0911, PLR0912, PLR0915 - flat
        self, session: int, command: Command, stamp: Stamp
    ) -> list[Effect]:
        """Carry out *command* at its place and time in the server's one order.

        Raises:
            Refused: and then nothing has changed.
        """
        state = self._state
        nicks.check_may_be_noticed(state, session, command)
        match command:
            case Say():
                return talk.say(state, session, command, stamp)
            case Whisper():
                return talk.whisper(state, session, command, stamp)
            case Open():
                return identity.open_(state, session, command, stamp)
            case Introduce():
                return identity.introduce(state, session, command, stamp)
            case Rename():
                return identity.rename(state, session, command, stamp)
            case Join():
                return rooms.join(state, session, command, stamp)
            case Leave():
                return rooms.leave(state, session, command, stamp)
            case SetTopic():
                return rooms.set_topic(state, session, command, stamp)
            case AskTopic():
                return rooms.ask_topic(state, session, command, stamp)
            case AskRoom():
                return rooms.ask_room(state, session, command, stamp)
            case AskMembers():
                return rooms.ask_members(state, session, command, stamp)
            case AskPeople():
                return identity.ask_people(state, session, command, stamp)
            case AskHouse():
                return identity.ask_house(state, session, command, stamp)
            case SetRoom():
                return moderation.set_room(state, session, command, stamp)
            case Kick():
                return moderation.kick(state, session, command, stamp)
            case Invite():
                return moderation.invite(state, session, command, stamp)
            case AskMasks():
                return moderation.ask_masks(state, session, command, stamp)
            case SetAway():
                return presence.set_away(state, session, command, stamp)
            case SetRealname():
                return presence.set_realname(state, session, command, stamp)
            case SetMark():
                return presence.set_mark(state, session, command, stamp)
            case Watch():
                return presence.watch(state, session, command, stamp)
            case Unwatch():
                return presence.unwatch(state, session, command, stamp)
            case AskWatched():
                return presence.ask_watched(state, session, command, stamp)
            case AskPerson():
                return presence.ask_person(state, session, command, stamp)
            case AskPast():
                return presence.ask_past(state, session, command, stamp)
            case AskPresent():
                return presence.ask_present(state, session, command, stamp)
            case AskTime():
                return presence.ask_time(state, session, command, stamp)
            case TakeOffice():
                return office.take_office(state, session, command, stamp)
            case Kill():
                return office.kill(state, session, command, stamp)
            case Wallops():
                return office.wallops(state, session, command, stamp)
            case AskRooms():
                return rooms.ask_rooms(state, session, command, stamp)
            case Depart():
                return identity.depart(state, session, command, stamp)
            case Register():
                return accounts.register(state, session, command, stamp)
            case Identified():
                return accounts.identified(state, session, command, stamp)
            case LogOut():
                return accounts.log_out(state, session, command, stamp)
            case SetCredential():
                return accounts.set_credential(state, session, command, stamp)
            case Unregister():
                return accounts.unregister(state, session, command, stamp)
            case SetAlwaysOn():
                return standing.set_always_on(state, session, command, stamp)
            case AskSessions():
                return standing.ask_sessions(state, session, command, stamp)
            case EndSession():
                return standing.end_session(state, session, command, stamp)
            case Ghost():
                return standing.ghost(state, session, command, stamp)
            case AskAccount():
                return standing.ask_account(state, session, command, stamp)
            case AskAccounts():
                return standing.ask_accounts(state, session, command, stamp)
            case Suspend():
                return custody.suspend(state, session, command, stamp)
            case Forget():
                return custody.forget(state, session, command, stamp)
            case Reset():
                return custody.reset(state, session, command, stamp)
            case MakeLink():
                return links.make_link(state, session, command, stamp)
            case AskLinks():
                return links.ask_links(state, session, command, stamp)
            case Revoke():
                return links.revoke(state, session, command, stamp)
            case Redeem():
                return links.redeem(state, session, command, stamp)
            case (
                AskHistory()
                | AskTargets()
                | Search()
                | CatchUp()
                | AskRead()
                | MarkRead()
            ):
                return recall.answer(state, session, command, stamp)
            case Tidy():
                return upkeep.tidy(state, session, command, stamp)
            case TellTrouble():
                return upkeep.tell_trouble(state, session, command, stamp)
            case Configure():
                state.limits = command.limits
                return []

    def load(self, kept: Kept, stamp: Stamp) -> list[Effect]:
        """Begin with what was *kept*, before anybody is here."""
        return remembered.load(self._state, kept, stamp)

    def account(self, name: str) -> Account | None:
        """The account called *name*, for the shell, which checks passwords."""
        return self._state.accounts.get(names.fold(name))

    def addresses(self, name: str) -> list[str]:
        """From where somebody is logged in to the account called *name*."""
        account = self.account(name)
        return [
            session.address
            for session in self._state.sessions.values()
            if account is not None and session.account is account
        ]

    def snapshot(self) -> dict[str, Any]:
        """Everything known, as plain values that JSON can hold."""
        return snapshot.of(self._state)

    @classmethod
    def restore(cls, saved: dict[str, Any], limits: Limits) -> "Hub":
        """The hub that *saved* was taken of."""
        hub = cls(limits, saved["lobby"])
        hub._state = snapshot.state(saved, limits)
        return hub
