"""History: what was said before, as a server plays it back.

What belongs together comes in a batch: every line of it is tagged with a name that
``BATCH +name`` has opened and ``BATCH -name`` closes.  Batches of two kinds tell of
earlier: what was missed, or was asked for, and what a search has found.  Their lines
are shown as they come, between two marks, and change nothing: nobody joins, nothing
is unread, and nobody is rung for.  A batch of any other kind is only a bracket around
lines of now, unless it stands in one of these.

What the server plays back unasked is shown only where it has not been shown before.
What a person has asked for is shown in any case.  After a reconnection the client
asks too, and then it says nothing about an answer that brings nothing new.

https://ircv3.net/specs/extensions/batch, and ``chathistory``, and soju's ``search``
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from chat.client.happenings import Effect, Mark, Note, Send, When
from chat.client.news import is_speech, old_news
from chat.client.seen import Seen, identity, reference
from chat.client.state import State
from chat.client.unsent import Unsent
from chat.dialects.irc.message import Message, escaped, parse_tags
from chat.wire.text import harmless

_OLDER: Final = "older ones"
# So much is asked for after a reconnection, room by room.
_MOST_MISSED: Final = 100
_KINDS: Final = {
    "chathistory": When.EARLIER,
    "soju.im/search": When.FOUND,
    "search": When.FOUND,
}
_QUESTIONS: Final = {When.EARLIER: "CHATHISTORY", When.FOUND: "SEARCH"}
# Answers that a command cannot be carried out, which they name.
_FAILURES: Final = frozenset({"263", "400", "421", "461"})


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked, and whether a person did.

    Of a search it holds what its pages have listed: a page begins with the last line
    of the one before.
    """

    message: Message
    is_ours: bool = False
    listed: set[str] = field(default_factory=set, compare=False)


@dataclass(slots=True)
class _Batch:
    """A batch that tells of earlier, as far as it has come."""

    name: str
    when: When
    target: str
    # What it answers; nothing if the server plays it back by itself.
    question: _Question | None
    # Nothing is kept beyond it.
    is_last: bool
    oldest: Message | None = None
    newest: Message | None = None
    came: int = 0
    shown: int = 0

    @property
    def is_wanted(self) -> bool:
        """A person has asked for it: it is shown, even if it was shown before."""
        return self.question is not None and not self.question.is_ours


class History:
    """What one connection tells of earlier."""

    def __init__(self, state: State, seen: Seen, unsent: Unsent) -> None:
        self._state = state
        self._seen = seen
        self._unsent = unsent
        # Who we wanted to be is who we were, even if somebody goes by it now.
        self._wanted_nick = state.nick
        # The open batches; one that is only a bracket has what it stands in.
        self._open: dict[str, _Batch | None] = {}
        self._questions: list[_Question] = []
        # What has been listed by the search that /more goes on with.
        self._listed: set[str] = set()
        state.left_off = seen.newest()

    # Asking.

    def note(self, effects: Iterable[Effect]) -> None:
        """A person has asked for what *effects* ask for."""
        for effect in effects:
            if isinstance(effect, Send) and effect.message.command in {
                "CHATHISTORY",
                "SEARCH",
            }:
                is_more = effect.message == self._state.older
                listed = self._listed if is_more else set[str]()
                self._questions.append(_Question(effect.message, listed=listed))

    def ask_for_missed(self, room: str) -> list[Effect]:
        """Ask what was said in *room* since the connection broke, if one can."""
        state = self._state
        left_off = state.left_off.get(state.fold(room))
        if not (left_off and state.recalls):
            return []
        most = str(min(_MOST_MISSED, state.most_history or _MOST_MISSED))
        question = Message("CHATHISTORY", ("LATEST", room, left_off, most))
        self._questions.append(_Question(question, is_ours=True))
        return [Send(question)]

    def _answered(self, when: When, target: str) -> _Question | None:
        """The question that a batch about *target* answers: the first that fits."""
        fold = self._state.fold
        for question in self._questions:
            command, params, *_ = question.message
            if command == _QUESTIONS[when] and (
                when is When.FOUND or fold(params[1]) == fold(target)
            ):
                self._questions.remove(question)
                return question
        return None

    def failed(self, message: Message) -> bool:
        """*message* may refuse a question; whether that is one that nobody asked."""
        is_failure = message.command == "FAIL"
        if not is_failure and message.command not in _FAILURES:
            return False
        what = message.params[:1] if is_failure else message.params[1:2]
        asked = [it for it in self._questions if (it.message.command,) == what]
        named = [it for it in asked if set(it.message.params[1:2]) & {*message.params}]
        if not asked:
            return False
        question = (named or asked)[0]
        self._questions.remove(question)
        return question.is_ours

    # Hearing.

    def hear(self, message: Message) -> list[Effect] | None:
        """What *message* tells of earlier; None if it is about now."""
        if message.command == "BATCH":
            return self._bracket(message)
        batch = self._open.get(message.tags.get("batch", ""))
        if batch:
            return self._played(batch, message)
        if is_speech(message):
            self._seen.take(message, room=self._room(message))
        elif message.command == "JOIN" and self._state.is_me(message.nick):
            room = self._state.fold("".join(message.params[:1]))
            self._seen.enter(room, _time(message))
        return None

    def _room(self, message: Message) -> str:
        to = message.params[0]
        return self._state.fold(to) if self._state.is_room(to) else ""

    def _bracket(self, message: Message) -> list[Effect]:
        reference_, *rest = *message.params, ""
        sign, name = reference_[:1], reference_[1:]
        if sign == "+":
            around = self._open.get(message.tags.get("batch", ""))
            self._open[name] = self._begun(name, rest, message) or around
        elif sign == "-":
            batch = self._open.pop(name, None)
            if batch and batch.name == name:
                return self._ended(batch)
        return []

    def _begun(self, name: str, rest: list[str], message: Message) -> _Batch | None:
        kind, target, *_ = *rest, "", ""
        when = _KINDS.get(kind)
        if when is None:
            return None
        is_last = "draft/chathistory-end" in message.tags
        return _Batch(name, when, target, self._answered(when, target), is_last)

    def _played(self, batch: _Batch, message: Message) -> list[Effect]:
        """What a line of *batch* shows; it changes nothing."""
        if not is_speech(message):
            # Comings and goings are told of to those only who ask for them.
            return []
        batch.came += 1
        if batch.oldest is None or _time(message) < _time(batch.oldest):
            batch.oldest = message
        if batch.newest is None or _time(message) >= _time(batch.newest):
            batch.newest = message
        is_new = self._seen.take(message, room=self._room(message))
        if not (is_new or batch.is_wanted) or self._is_listed(batch, message):
            return []
        if is_new and self._proves(message) and not self._state.echoes:
            # It was shown when it was sent.
            return []
        told = old_news(self._state, message, batch.when)
        if not told:
            return []
        self._whispered(batch, message)
        batch.shown += 1
        return [Mark(self._heading(batch)), *told] if batch.shown == 1 else [*told]

    def _is_listed(self, batch: _Batch, message: Message) -> bool:
        if batch.when is not When.FOUND or batch.question is None:
            return False
        key, listed = identity(message), batch.question.listed
        is_listed = bool(key) and key in listed
        listed.add(key)
        return is_listed

    def _proves(self, message: Message) -> bool:
        """A line of ours was heard although its echo did not come back."""
        fold, to, text = self._state.fold, message.params[0], message.params[-1]
        if message.command != "PRIVMSG" or fold(message.nick) not in {
            fold(self._state.nick),
            fold(self._wanted_nick),
        }:
            return False
        shown = harmless(text)
        return self._unsent.was_said(
            lambda who, said: fold(who) == fold(to) and harmless(said) == shown
        )

    def _whispered(self, batch: _Batch, message: Message) -> None:
        """Who whispered while we were away can be answered, if nobody has since."""
        state = self._state
        is_to_us = state.is_me(message.params[0]) and not state.is_me(message.nick)
        if is_to_us and not batch.is_wanted and message.command == "PRIVMSG":
            state.last_whisperer = state.last_whisperer or message.nick

    def _heading(self, batch: _Batch) -> str:
        if batch.when is When.FOUND:
            return f"found{_looked_for(batch)}"
        what = "missed" if _is_of_missed(batch) else "earlier"
        return f"{what}{self._where(batch)}"

    def _where(self, batch: _Batch) -> str:
        between = "in" if self._state.is_room(batch.target) else "with"
        return f" {between} {batch.target}" if batch.target else ""

    def _ended(self, batch: _Batch) -> list[Effect]:
        is_found = batch.when is When.FOUND
        if not (batch.is_wanted or batch.shown):
            return []
        if not batch.question:
            return [Mark("now")]
        asked, self._listed = batch.question.message.params, batch.question.listed
        older = self._older(batch, asked)
        if batch.question.is_ours:
            return [Mark("now"), *self._gap(batch, older)]
        self._state.older = older
        if not batch.shown:
            return [Note(self._nothing(batch))]
        # Only what was said last goes on with what is said now.
        is_forwards = not is_found and asked[0] == "AFTER"
        is_last = not is_found and (asked[0] == "LATEST" or (is_forwards and not older))
        ends = ["now"] if is_last else []
        if older:
            ends.append(f"/more shows {'what came next' if is_forwards else _OLDER}")
        return [Mark("; ".join(ends) or "that is all")]

    def _nothing(self, batch: _Batch) -> str:
        where = self._where(batch)
        if batch.when is When.FOUND:
            return f"Nothing was found{_looked_for(batch) or '.'}"
        if _is_of_missed(batch):
            return f"You have missed nothing{where}."
        match batch.question:
            case _Question(Message(_, ("LATEST", *_))):
                return f"There is nothing to read{where} yet."
            case _Question(Message(_, ("AFTER", *_))):
                return f"Nothing was said{where} since then."
            case _:
                return f"Nothing older is kept{where}."

    def _gap(self, batch: _Batch, older: Message | None) -> list[Effect]:
        """More was missed than the server gives at a time."""
        if not (older and batch.came >= int(older.params[-1])):
            return []
        self._state.older = older
        return [Note(f"More was missed in {batch.target}; /more shows it.")]

    def _older(self, batch: _Batch, asked: tuple[str, ...]) -> Message | None:
        """What asks for the lines beyond those of *batch*, if there may be any."""
        is_forwards = asked[0] == "AFTER"
        last = batch.newest if is_forwards else batch.oldest
        if last is None or batch.is_last:
            return None
        time, msgid = _time(last), last.tags.get("msgid", "")
        if batch.when is When.EARLIER:
            which, point = "AFTER" if is_forwards else "BEFORE", reference(time, msgid)
            further = Message("CHATHISTORY", (which, asked[1], point, asked[-1]))
            return further if point else None
        wanted = parse_tags(asked[0])
        if not time or batch.came < int(wanted["limit"]):
            return None
        return search(wanted | {"before": time})


def _is_of_missed(batch: _Batch) -> bool:
    """A person has asked for what was said since some point."""
    if not (batch.is_wanted and batch.question):
        return False
    which, _, since, *_ = batch.question.message.params
    return which == "LATEST" and since != "*"


def _looked_for(batch: _Batch) -> str:
    """What a search was for, as a person would type it."""
    if batch.question is None:
        return ""
    wanted = parse_tags(batch.question.message.params[0])
    words = [wanted.get("text", "")]
    words += (f"{key}:{wanted[key]}" for key in ("from", "in") if key in wanted)
    return f": {' '.join(filter(None, words))}" if any(words) else ""


def search(wanted: dict[str, str]) -> Message:
    """What asks for the lines that are as *wanted*."""
    pairs = (f"{key}={escaped(value)}" for key, value in wanted.items())
    return Message("SEARCH", (";".join(pairs),))


def _time(message: Message) -> str:
    return message.tags.get("time", "")
