"""Passwords: how one is written down so that nobody can read it.

A line holds everything that it takes to check a password, and costs whoever has
stolen it a twentieth of a second and 16 MiB for each guess::

    scrypt$16384$8$1$<salt>$<hash>        (RFC 7914; base64)

It costs us as much, so neither function belongs on the loop.
"""

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from typing import Final

from precis_i18n import get_profile

from chat.domain.claims import TOKEN

# N, r and p: what OWASP's cheat sheet calls the least for memory of 16 MiB.
_COST: Final = (16384, 8, 1)
# Up to 256 MiB: somebody may have written a line with other costs by hand.
_MOST_MEMORY: Final = 256 * 1024 * 1024
_SALT: Final = 16
_BASE64: Final = "[A-Za-z0-9+/]{2,}={0,2}"
_LINE: Final = re.compile(
    rf"scrypt\$(\d{{1,7}})\$(\d{{1,2}})\$(\d{{1,2}})\$({_BASE64})\$({_BASE64})",
    re.ASCII,
)

# What somebody chooses: short ones are guessed, and long ones only cost.
_LEAST: Final = 6
_MOST: Final = 300

# What is stored for a name that nobody has: no secret makes it, and finding that
# out takes as long as with any other.
NOBODYS: Final = f"scrypt$16384$8$1${'A' * 22}==${'A' * 86}=="


def hashed(password: str) -> str:
    """*password* as a line that `verify` can check it against.

    Raises:
        ValueError: it holds what no password can, in words.
    """
    salt = secrets.token_bytes(_SALT)
    digest = _digest(prepared(password), salt, _COST)
    encoded = (b64encode(part).decode() for part in (salt, digest))
    return "$".join(("scrypt", *map(str, _COST), *encoded))


def is_weak(password: str) -> bool:
    """Whether *password* is so short that it would be guessed."""
    return len(password) < _LEAST


def flaw(password: str) -> str:
    """Why nobody can choose *password*, to end a sentence; nothing if one can."""
    if is_weak(password):
        return f"it has fewer than {_LEAST} characters"
    if len(password.encode(errors="replace")) > _MOST:
        return f"it is longer than {_MOST} bytes"
    if password.startswith(TOKEN):
        return f"it begins with {TOKEN}, like an invitation"
    try:
        prepared(password)
    except ValueError:
        return "it holds characters that passwords cannot have"
    return ""


def prepared(password: str) -> bytes:
    """The same bytes for every way to type *password* (RFC 8265, section 4.2).

    Raises:
        ValueError: it holds what no password can, in words.
    """
    try:
        form: str = get_profile("OpaqueString").enforce(password)
    except UnicodeEncodeError:
        raise ValueError("a password is text, and not empty") from None
    return form.encode()


def is_hashed(line: str) -> bool:
    """Whether `verify` can check a password against *line*."""
    return _parts(line) is not None


def verify(password: str, line: str) -> bool:
    """Whether *password* is the one that *line* was made of."""
    parts = _parts(line)
    if parts is None:
        return False
    cost, salt, digest = parts
    try:
        found = _digest(prepared(password), salt, cost)
    except ValueError:
        return False
    return hmac.compare_digest(found, digest)


def _parts(line: str) -> tuple[tuple[int, ...], bytes, bytes] | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    n, r, p = cost = tuple(int(match[number]) for number in (1, 2, 3))
    if n < 2 or n & (n - 1) or not r or not p or 128 * n * r > _MOST_MEMORY:
        return None
    try:
        return cost, b64decode(match[4]), b64decode(match[5])
    except ValueError:
        return None


def _digest(password: bytes, salt: bytes, cost: tuple[int, ...]) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=2 * _MOST_MEMORY)
