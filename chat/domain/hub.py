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

from collections.abc import Callable, Sequence
from typing import Any, Final

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
from chat.domain.order import Stamps
from chat.domain.questions import (
    AskHistory,
    AskRead,
    AskTargets,
    CatchUp,
    MarkRead,
    Search,
)
from chat.domain.records import Kept
from chat.domain.state import Account, Stamp, State, fresh


class Hub:
    """Everything that is known about who is here and where."""

    def __init__(self, limits: Limits, lobby: str = "#lobby", since: int = 0) -> None:
        self._state = fresh(limits, lobby, since)

    def handle(self, session: int, command: Command, stamp: Stamp) -> list[Effect]:
        """Carry out *command* at its place and time in the server's one order.

        Raises:
            Refused: and then nothing has changed.
        """
        state = self._state
        verb = type(command)
        nicks.check_may_be_noticed(state, session, verb)
        return _VERBS[verb](state, session, command, stamp)

    def say_all(
        self, session: int, room: str, texts: Sequence[str], stamps: Stamps
    ) -> list[Effect]:
        """Carry out a `Say` for each of *texts*, as `handle` would one by one.

        Raises:
            Refused: and then nothing has changed.
        """
        nicks.check_may_be_noticed(self._state, session, Say)
        return talk.say_all(self._state, session, room, texts, stamps)

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


def _configure(
    state: State, _session: int, command: Configure, _stamp: Stamp
) -> list[Effect]:
    """Let other limits hold from now on."""
    state.limits = command.limits
    return []


# A verb for each command, found in one step: a row of fifty cases is gone through
# from the top, for every line.  That none is missing a test says.
_VERBS: Final[dict[type[Command], Callable[[State, int, Any, Stamp], list[Effect]]]] = {
    Say: talk.say,
    Whisper: talk.whisper,
    Open: identity.open_,
    Introduce: identity.introduce,
    Rename: identity.rename,
    Join: rooms.join,
    Leave: rooms.leave,
    SetTopic: rooms.set_topic,
    AskTopic: rooms.ask_topic,
    AskRoom: rooms.ask_room,
    AskMembers: rooms.ask_members,
    AskPeople: identity.ask_people,
    AskHouse: identity.ask_house,
    SetRoom: moderation.set_room,
    Kick: moderation.kick,
    Invite: moderation.invite,
    AskMasks: moderation.ask_masks,
    SetAway: presence.set_away,
    SetRealname: presence.set_realname,
    SetMark: presence.set_mark,
    Watch: presence.watch,
    Unwatch: presence.unwatch,
    AskWatched: presence.ask_watched,
    AskPerson: presence.ask_person,
    AskPast: presence.ask_past,
    AskPresent: presence.ask_present,
    AskTime: presence.ask_time,
    TakeOffice: office.take_office,
    Kill: office.kill,
    Wallops: office.wallops,
    AskRooms: rooms.ask_rooms,
    Depart: identity.depart,
    Register: accounts.register,
    Identified: accounts.identified,
    LogOut: accounts.log_out,
    SetCredential: accounts.set_credential,
    Unregister: accounts.unregister,
    SetAlwaysOn: standing.set_always_on,
    AskSessions: standing.ask_sessions,
    EndSession: standing.end_session,
    Ghost: standing.ghost,
    AskAccount: standing.ask_account,
    AskAccounts: standing.ask_accounts,
    Suspend: custody.suspend,
    Forget: custody.forget,
    Reset: custody.reset,
    MakeLink: links.make_link,
    AskLinks: links.ask_links,
    Revoke: links.revoke,
    Redeem: links.redeem,
    Tidy: upkeep.tidy,
    TellTrouble: upkeep.tell_trouble,
    AskHistory: recall.answer,
    AskTargets: recall.answer,
    Search: recall.answer,
    CatchUp: recall.answer,
    AskRead: recall.answer,
    MarkRead: recall.answer,
    Configure: _configure,
}
