"""Traps: names and texts that programs have stumbled over.

Everything is bytes, because half of it is not text.
"""
# ruff: noqa: RUF001 - that they look like others is what they are here for

import unicodedata
from random import Random
from typing import Final

# People go by these, and speak to each other under them.
NICKS: Final = tuple(
    f"{name}{number}"
    for number in ("", "2")
    for name in (
        *("alice", "Bob", "carol", "dave", "erin", "frank", "grace", "heidi"),
        *("Ünal", "ελένη", "עמית", "ねこ", "straße", "ſam", "Đỗ", "İrem"),
    )
)
ROOMS: Final = (
    *("#lobby", "#lobby", "#a", "#b", "#Ops", "#x.y", "#ünal", "#ねこ", "#ΣΑΣ"),
    *("#12", "#" + "r" * 63, "#" + "é" * 31),
)
PHRASES: Final = (
    *(b"hello", b"how are you?", b"fine, thanks", b":)", b"a b  c   d", b"ok"),
    b"\x01ACTION waves\x01",
    "schöne Grüße".encode(),
    "今日は 👩‍👩‍👧‍👦".encode(),
    b"the quick brown fox jumps over the lazy dog, " * 2,
)

# Each is a line of code that somebody once forgot to write.
TEXTS: Final = tuple(
    text if isinstance(text, bytes) else text.encode()
    for text in (
        # Empty, and what looks empty.
        *("", " ", "   \t ", "\u200b", "\u2060\ufeff", "\ufeff", "\u3164", "\u00a0"),
        # Control characters: C0 in one go, DEL, C1 in both forms, a second line.
        bytes(code for code in range(32) if code not in b"\n"),
        *("\x7f", "\x9b31m\x9c", b"\x9b31m", "a\rPRIVMSG #lobby :forged", "a\0b", "\0"),
        *("\x1b]0;title\x07", "\x1b[2J\x1b[1;1H", "\x1b[?1000h", "\x1bP+q\x1b\\"),
        # What str.splitlines and str.strip see, and a line of chat does not.
        *("one\x0btwo\x0cthree", "\x1c\x1d\x1e\x1f", "a\x85b\u2028c\u2029d"),
        # Formatting of IRC, and CTCP.
        *("\x02\x1d\x1f\x16\x11\x1e\x0f", "\x033,12x\x03", "\x04ff00ff,00ff00y"),
        *("\x01ACTION waves\x01", "\x01ACTION", "\x01VERSION\x01", "\x01", "\x01\x01"),
        # Bidi overrides, isolates, tags: text that does not read as it is written.
        *("\u202egnirts", "\u2066a\u2069\u2068", "\U000e0041\U000e007f", "a\u00adb"),
        # Not UTF-8: stray, overlong, surrogates, cut off, beyond the last plane.
        *(b"\xff\xfe", b"\xc0\x80", b"\xe0\x80\xaf", b"\xed\xa0\x80\xed\xb0\x80"),
        *(b"\xe2\x82", b"\xf4\x90\x80\x80", b"\x80\x80\x80", b"caf\xe9", b"\xfe\xff"),
        # What grows when it is folded, lowered or normalized; and what is not final.
        *("\ufdfa" * 3, "\ufdfa" * 64, "ﬃ", "İİİ", "ǅ", "ᾳ", "Å", "ΑΣ", "ǰ", "ẞ"),
        *("e" + "\u0301" * 300, "\u0344" * 20, "\u1100\u1161\u11a8" * 9, "\u0958"),
        # Characters whose rules look at their neighbours: joiners, middle dot, digits.
        *(
            "a\u200db",
            "क्\u200dष",
            "l\u00b7l",
            "\u0375α",
            "א\u05f3",
            "\u30fb",
            "\u0660۰",
        ),
        *("\u0628" * 60, "\u0660" * 60, "א1", "1א", "ا" + "\u200c" * 50 + "ا"),
        # Rules that look at the whole name, for each such character in it.
        *("\u30fb" * 127 + "ア", "\uff65" * 100 + "ア", "ا" + "\u0660" * 120),
        *("ا" + "\u06f0" * 120, "\u0628\u200c" * 60 + "\u0628", "क\u094d\u200d" * 40),
        # Many at once.
        ",".join(f"#{n}" for n in range(110)),
        ",".join(f"#ü{n}" for n in range(70)),
        # Numbers that int() and float() choke on.
        *("²", "٣", "৪", "1_0", "0x10", "-1", "+1", "1e309", "nan", "9" * 5000),
        # Other languages' special words.
        *("{0.__class__}", "%s%n%d", "${PATH}", "$(id)", "`id`", "../../etc/passwd"),
        *(
            "'; DROP TABLE people; --",
            "<b>",
            "\\",
            "\\r\\n",
            "//",
            "/",
            "/ /",
            "///who",
        ),
        *("*", "?", "*a*a*a*a*a*b", "[", "((((((((((a+)+)+)+)+)+)+)+)+)$", ",", ",,,,"),
        *(
            ":",
            "::",
            ": :",
            "@",
            "@ ",
            "@= :x",
            "#",
            "##",
            "#,#,#",
            "!",
            "!@",
            "&a",
            "~",
        ),
        *("None", "True", "__init__", "constructor", "0", "00", "root", "nickserv"),
        *("a" * 31, "a" * 32, "a" * 33, "é" * 16, "é" * 17, "ねこ" * 6, "-- a", "- a"),
    )
)

# Lengths on whose two sides something changes.
EDGES: Final = (32, 64, 128, 390, 400, 510, 512, 4094, 4096, 4606, 8191, 8192)
_FILLERS: Final = (
    b"x",
    "é".encode(),
    "語".encode(),
    "👍".encode(),
    b"\x02",
    b" ",
    b",",
)


def long(dice: Random) -> bytes:
    """A text about as long as something may be."""
    # Far more often a line of chat than a megabyte of them.
    edge = dice.choice(EDGES[: dice.randint(1, len(EDGES))])
    filler = dice.choice(_FILLERS)
    return filler * (edge // len(filler)) + b"y" * dice.randint(0, 3)


def near(name: str, dice: Random) -> bytes:
    """Nearly that name."""
    return dice.choice(
        (
            name.upper(),
            name.swapcase(),
            name[:-1],
            name + name,
            name + " ",
            f" {name}",
            name + "\u200d",
            name.replace("i", "ı").replace("o", "ο"),
            unicodedata.normalize("NFD", name),
            "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name),
            name.replace("#", ""),
            "#" + name,
        )
    ).encode()
