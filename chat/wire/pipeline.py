"""The pipeline: what stands between a connection and its lines.

    bytes  ->  telnet's commands out  ->  keys edited into lines  ->  lines

Each filter takes bytes and gives bytes; later ones, such as TLS, will stand at
the front.  Telnet is listened for from the first byte on, because its commands
are not text and must not be taken for a name; keys are edited only where the
terminal leaves that to us.  Who turns out to be an IRC client, and has never
said a word of telnet, needs neither; nor does who begins with TLS.

Next: chat/wire/lines.py
"""

from typing import Final

from chat.wire.editor import Editor
from chat.wire.lines import LineBuffer
from chat.wire.telnet import Signal, Telnet

# What Ctrl-D sends at the beginning of a line; it comes without an end.
_END_OF_INPUT: Final = b"\x04"
# What 4.2BSD's telnetd answered to "are you there?", and others since.
_YES: Final = b"\r\n[Yes]\r\n"
# What TLS begins with (RFC 8446, section 5.1).  In a thousand random bytes there
# is often one that looks like telnet's, and an answer to it would garble ours.
_HANDSHAKE: Final = b"\x16"


class Pipeline:
    """Bytes in, lines out, and what has to be sent back on the way."""

    __slots__ = ("_editor", "_has_begun", "_hides", "_telnet", "_wants_yes", "lines")

    def __init__(self, limit: int) -> None:
        self.lines = LineBuffer(limit)
        self._telnet: Telnet | None = Telnet()
        self._editor: Editor | None = None
        self._wants_yes = False
        self._hides = False
        self._has_begun = False

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands between the bytes and the lines."""
        return self._telnet is None

    @property
    def is_editing(self) -> bool:
        """The terminal shows only what we send: go through `dressed`."""
        return self._editor is not None

    @property
    def columns(self) -> int | None:
        """How wide the peer's window is; None until telnet has told."""
        return None if self._telnet is None else self._telnet.width

    @property
    def is_filtering(self) -> bool:
        """Whether what comes is looked at byte by byte: telnet is spoken."""
        return self._telnet is not None and self._telnet.is_on

    def start_telnet(self) -> bytes:
        """Speak telnet from now on; what is to be sent at once, as it is."""
        if self._telnet is None:
            return b""
        self._telnet.start()
        return self._telnet.take_answers()

    def hide_input(self, *, on: bool) -> bytes:
        """Keep what is typed off the screen, or stop doing so; what is to be sent.

        Where no telnet is spoken nobody can: the terminal shows what it likes.
        """
        if self._telnet is None:
            return b""
        self._hides = on
        self._telnet.hide_input(on=on)
        if self._editor is not None:
            self._editor.hidden = on
        return self._telnet.take_answers()

    def feed(self, data: bytes) -> bytes:
        """Take in *data*; what is to be sent back for it, as it is."""
        if not self._has_begun:
            self._begin(data)
        if self._telnet is None:
            self.lines.feed(data)
            return b""
        for piece in self._telnet.receive(data):
            if isinstance(piece, bytes):
                self._type(piece)
            else:
                self._heed(piece)
        yes, self._wants_yes = self._wants_yes, False
        return self._telnet.take_answers() + (_YES if yes else b"")

    def speaks_irc(self) -> None:
        """No person is typing: leave the bytes alone, unless telnet was spoken."""
        if self._telnet is not None and not self._telnet.is_on:
            self._telnet = None

    def rest(self) -> bytes:
        """What never got its end: the peer has finished talking."""
        typed = b"" if self._editor is None else self._editor.rest()
        return typed or self.lines.rest()

    def dressed(self, text: bytes) -> bytes:
        """What to send so that *text* appears above the line being typed."""
        if self._editor is None:
            return text
        echo = self._editor.take_echo()
        return echo + self._editor.around(text) if text else echo

    def _begin(self, data: bytes) -> None:
        """The first of it: what is sealed holds no words of telnet."""
        self._has_begun = True
        if data.startswith(_HANDSHAKE):
            self.speaks_irc()

    def _type(self, text: bytes) -> None:
        assert self._telnet is not None
        # Mostly it is off, which is asked first because it costs nothing.
        if self._telnet.is_on and self._telnet.is_character_mode:
            if self._editor is None:
                self._editor = Editor(self.lines.limit)
                self._editor.hidden = self._hides
            self.lines.feed(self._editor.receive(text))
            return
        if self._editor is not None:
            # The terminal sends lines again, and half of one was typed before.
            self.lines.feed(self._editor.rest())
            self._editor = None
        if text == _END_OF_INPUT and not self.lines.has_partial:
            self.lines.feed(_END_OF_INPUT + b"\n")
        else:
            self.lines.feed(text)

    def _heed(self, signal: Signal) -> None:
        match signal:
            case Signal.INTERRUPT | Signal.ERASE_LINE:
                self._forget_line()
            case Signal.ERASE_CHARACTER:
                self._rub_out()
            case Signal.ARE_YOU_THERE:
                self._wants_yes = True

    def _forget_line(self) -> None:
        if self._editor is None:
            self.lines.forget_partial()
        else:
            self._editor.drop()

    def _rub_out(self) -> None:
        if self._editor is None:
            self.lines.rub_out()
        else:
            self._editor.erase_character()
