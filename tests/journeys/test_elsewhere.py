"""Elsewhere: everyday chat with our own client at servers by others."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys import test_killed
from tests.journeys.programs import Chat, Company, Wire
from tests.journeys.test_killed import Peer

peer = test_killed.peer


class Alice(Chat):
    NAME = "alice"


class Bob:
    """Somebody on a bare connection."""

    def __init__(self, wire: Wire, company: Company) -> None:
        self._wire = wire
        self._company = company

    def sends(self, *lines: str) -> None:
        """Say *lines* in IRC."""
        self._wire.sends(*lines)

    def reads(self, pattern: str) -> None:
        """Wait until a line like that has come."""
        self._company.wait(
            lambda: bool(self._wire.all_of(f"({pattern})")),
            on=self._wire,
            or_else=f"no {pattern}",
        )


class Scene:
    """Alice at her terminal, and bob, in #lobby."""

    def __init__(self, alice: Alice, bob: Bob, company: Company) -> None:
        self.alice = alice
        self.bob = bob
        self._company = company

    def shows(self, pattern: str) -> None:
        """Wait until alice's screen has a line like that."""
        self._company.wait(
            lambda: bool(self.alice.window.all_of(f"({pattern})")),
            on=self.alice.window,
            or_else=f"no {pattern}",
        )


@pytest.fixture
def scene(peer: Peer, tmp_path: Path) -> Iterator[Scene]:
    company = Company()
    alice = Alice.at(peer.port, tmp_path)
    with closing(alice.window), closing(Wire(peer.port)) as wire:
        company.seat(alice.window)
        company.seat(wire)
        scene = Scene(alice, Bob(wire, company), company)
        scene.shows("#lobby>")
        wire.sends("NICK bob", "USER bob 0 * :Bob")
        scene.bob.reads(r":\S+ (?:376|422) .*")
        wire.sends("JOIN #lobby")
        scene.shows(r"\d\d:\d\d -- bob is here")
        yield scene


@pytest.mark.slow
def test_the_commands_of_everyday_chat(scene: Scene) -> None:
    alice, bob = scene.alice, scene.bob
    alice.says("/w bob")
    scene.shows(r"..:.. -- bob is ~?bob@127\.0\.0\.1 \(Bob\)")
    alice.says("/voice bob")
    bob.reads(r":alice!\S+ MODE #lobby \+v :?bob")
    alice.says("/away at tea")
    scene.shows(r"..:.. -- You are away\.")
    bob.sends("PRIVMSG alice :where are you?")
    bob.reads(r":\S+ 301 bob alice :at tea")
    scene.shows(r"..:.. \[whisper\] bob  where are you\?")
    alice.says("/reply here again")
    bob.reads(r":alice!\S+ PRIVMSG bob :here again")
    alice.says("/back")
    scene.shows(r"..:.. -- You are back\.")
    alice.says("/rooms")
    scene.shows(r"..:.. -- #lobby \(2\).*")
    alice.says("/ban bob")
    alice.says("/kick bob too loud")
    bob.reads(r":alice!\S+ KICK #lobby bob :too loud")
    alice.says("/ban")
    scene.shows(r"..:.. -- bob!\*@\* is banned from #lobby\.")
    bob.sends("JOIN #lobby")
    bob.reads(r":\S+ 474 bob #lobby .*")
    alice.says("/unban bob")
    alice.says("/invite bob")
    bob.reads(r":alice!\S+ INVITE bob :?#lobby")


@pytest.mark.slow
def test_what_is_said_meanwhile_is_named_in_the_prompt(scene: Scene) -> None:
    scene.alice.says("/join tea")
    scene.shows("#tea>")
    scene.bob.sends("PRIVMSG #lobby :Alice, are you there?")
    scene.shows(r"#tea \(#lobby!\)>")
    scene.alice.says("/room")
    scene.shows("#lobby>")
    scene.alice.says("I am")
    scene.bob.reads(r":alice!\S+ PRIVMSG #lobby :I am")
