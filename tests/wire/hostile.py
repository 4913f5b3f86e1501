"""Hostile text: one of each class of what a terminal must never be sent.

`CLASSES` has a line for each, with what `harmless` makes of it.  `HOSTILE` is all
of it at once, and `TAMED` what is left of that; a thing that people write is
*versions* of itself with either in the place of each of its texts.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

_PICTURES: Final = {
    f"C0 {code:02x}": (f"x{chr(code)}y", f"x{chr(0x2400 + code)}y")
    for code in range(0x20)
    if chr(code) not in "\t\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f"
}

_ONE_BYTE_COMMANDS: Final = {
    f"C1 U+{code:04X}": (f"x{chr(code)}y", "x\ufffdy") for code in range(0x80, 0xA0)
}

# https://modern.ircdocs.horse/formatting
_FORMATTING: Final = {
    "bold": ("\x02x\x02", "x"),
    "italic": ("\x1dx\x1d", "x"),
    "underline": ("\x1fx\x1f", "x"),
    "strikethrough": ("\x1ex\x1e", "x"),
    "monospace": ("\x11x\x11", "x"),
    "reverse": ("\x16x\x16", "x"),
    "reset": ("\x0fx", "x"),
    "a colour of one digit": ("\x034x\x03y", "xy"),
    "a colour of two digits": ("\x0304x\x03y", "xy"),
    "a colour on a background": ("\x034,12x\x03y", "xy"),
    "no third digit is a colour's": ("\x0304567", "567"),
    "nor a background's": ("\x034,123", "3"),
    "a comma alone is text": ("\x034, x", ", x"),
    "no background without a colour": ("\x03,4", ",4"),
    "a colour in hex": ("\x04ff0000x\x04y", "xy"),
    "a colour in hex on a background": ("\x04FF0000,00ff00x", "x"),
    "too few for hex": ("\x04ff00x", "ff00x"),
    "nothing but codes": ("\x03\x02\x0f", ""),
    "codes in a row": ("\x03\x0312\x03", ""),
}

_VANISHING: Final = {
    f"{kind} U+{code:04X}": (f"x{chr(code)}y", "xy")
    for kind, codes in {
        "bidi mark": [0x061C, 0x200E, 0x200F],
        "bidi embedding or override": range(0x202A, 0x202F),
        "bidi isolate": range(0x2066, 0x206A),
        "zero width": [0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2066), 0xFEFF],
        "deprecated format": range(0x206A, 0x2070),
        "annotation": range(0xFFF9, 0xFFFC),
        "shorthand format": range(0x1BCA0, 0x1BCA4),
        "musical format": range(0x1D173, 0x1D17B),
        "tag": [0xE0001, 0xE0020, 0xE0041, 0xE007F],
    }.items()
    for code in codes
}

CLASSES: Final[dict[str, tuple[str, str]]] = {
    **_PICTURES,
    "a tab is a space": ("x\ty", "x y"),
    "CTCP": ("x\x01ACTION y\x01", "x␁ACTION y␁"),
    "DEL": ("x\x7fy", "x␡y"),
    **_ONE_BYTE_COMMANDS,
    **_FORMATTING,
    **_VANISHING,
    "line separator U+2028": ("x\u2028y", "x y"),
    "paragraph separator U+2029": ("x\u2029y", "x y"),
    **{
        f"surrogate U+{code:04X}": (f"x{chr(code)}y", "x\ufffdy")
        for code in (0xD800, 0xDBFF, 0xDC00, 0xDC80, 0xDFFF)
    },
    "sets a colour": ("\x1b[31mred", "␛[31mred"),
    "wipes the screen": ("\x1b[2J\x1b[H", "␛[2J␛[H"),
    "names the window": ("\x1b]0;root@host\x07", "␛]0;root@host␇"),
    "fills the clipboard": ("\x1b]52;c;cm0K\x1b\\", "␛]52;c;cm0K␛\\"),
    "makes it type": ("\x1b[6n", "␛[6n"),
    "asks it": ("\x1bP+q\x1b\\", "␛P+q␛\\"),
    "sets a colour in one byte": ("\x9b31mred", "\ufffd31mred"),
    "names the window in one byte": ("\x9d0;x\x9c", "\ufffd0;x\ufffd"),
}

# Words in between, so that no class is taken for part of its neighbour.
HOSTILE: Final = " z ".join(["z", *(hostile for hostile, _ in CLASSES.values()), "z"])
TAMED: Final = " z ".join(["z", *(tamed for _, tamed in CLASSES.values()), "z"])

# What has no business on any terminal: control characters, format characters (but
# for the two that scripts need), surrogates, separators of lines and paragraphs.
_FORBIDDEN: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_NEEDED: Final = "\u200c\u200d"


def leftovers(text: str) -> set[str]:
    """The names of what *text* still holds and should not."""
    return {
        f"U+{ord(character):04X}"
        for character in text
        if unicodedata.category(character) in _FORBIDDEN and character not in _NEEDED
    }


def versions(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """*value* with each of its texts in turn `HOSTILE`, and with it `TAMED`."""
    if isinstance(value, str):
        yield path, HOSTILE, TAMED
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            before, behind = value[:index], value[index + 1 :]
            for name, bad, good in versions(item, f"{path}[{index}]"):
                yield name, (*before, bad, *behind), (*before, good, *behind)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            for name, bad, good in versions(inner, f"{path}.{field.name}"):
                changed: Any = value
                yield (
                    name,
                    replace(changed, **{field.name: bad}),
                    replace(changed, **{field.name: good}),
                )
