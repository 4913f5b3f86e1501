"""A small chat server that does one thing wrong, and the bench must notice.

python tests/bench/faulty.py FAULT PORT
"""

import asyncio
import sys
from asyncio import StreamReader, StreamWriter

# Every so many lines, to one of those who read.
OFTEN = 20


class House:
    """Its rooms, and who is in them."""

    def __init__(self, fault: str) -> None:
        self._fault = fault
        self._rooms: dict[bytes, dict[bytes, StreamWriter]] = {}
        self._said = 0

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        nick = room = b""
        writer.write(b"PING :cookie\r\n")
        while line := await reader.readline():
            word, _, rest = line.strip().partition(b" ")
            if word == b"NICK":
                nick = rest
            elif word == b"PONG":
                writer.write(b":house 001 %b :hello\r\n" % nick)
            elif word == b"JOIN":
                room = rest
                self._rooms.setdefault(room, {})[nick] = writer
                writer.write(b":house 366 %b %b :end\r\n" % (nick, room))
            elif word == b"PRIVMSG":
                self._say(nick, room, b":%b!u@h %b\r\n" % (nick, line.strip()))

    def _say(self, nick: bytes, room: bytes, line: bytes) -> None:
        self._said += 1
        others = {who: to for who, to in self._rooms[room].items() if who != nick}
        last = [*others][-1]
        if self._fault == "echoes":
            self._rooms[room][nick].write(line)
        for who, writer in others.items():
            is_it = who == last and self._said % OFTEN == 0
            writer.write(self._spoiled(line, writer) if is_it else line)

    def _spoiled(self, line: bytes, writer: StreamWriter) -> bytes:
        if self._fault == "hangs up":
            writer.close()
        return {
            "loses": b"",
            "hangs up": b"",
            "repeats": line * 2,
            "cuts": line[:-10] + b"\r\n",
            "changes": line.replace(b"~~", b"~-", 1),
            "confuses": b":c99" + line[line.index(b"!") :],
            "pings": b"PING :are you there\r\n" + line,
        }.get(self._fault, line)


async def main(fault: str, port: int) -> None:
    house = House(fault)
    server = await asyncio.start_server(house.serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
