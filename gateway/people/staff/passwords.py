"""Passwords: which are good enough, and how they are hashed. Pure, but for the randomness of a salt.

Rules of length and no others of form (NIST SP 800-63B 5.1.1.2; ASVS 5.0, 6.2): 12 to 128 characters, any of them,
pasted if one likes; refused is what a guesser tries first.
"""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128
LEAST_LEFT = 5  # letters and digits that are nobody's first guess
LEAST_DIFFERENT = 5
SHORTEST_PART = 3
LOOKALIKES = str.maketrans("01345789@$!|+", "oleastbgasiit")

# OWASP's smallest set for argon2id: 19 MiB, two passes. Some 50 ms; four at once fit a very small computer.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = BoundedSemaphore(4)


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    OWN_NAME = "own_name"


def weakness_of(password: str, own: Iterable[str] = ()) -> Weakness | None:
    """Why this password will not do, or None. `own`: the person's e-mail address and name, the program's name."""
    written = _normal(password)
    if len(written) < SHORTEST:
        return Weakness.SHORT
    if len(written) > LONGEST:
        return Weakness.LONG
    if len(set(written)) < LEAST_DIFFERENT or _left(written, _common_words()) < LEAST_LEFT:
        return Weakness.COMMON
    if _left(written, _common_words() | _parts(own)) < LEAST_LEFT:
        return Weakness.OWN_NAME
    return None


def hash_of(password: str) -> str:
    """The argon2id hash, with its own salt and costs in it. Takes some 50 ms: never inside a transaction."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def matches(password: str, hashed: str | None) -> bool:
    """Whether this is the password. Without a hash (nobody has this account) it is False and takes as long."""
    with _AT_ONCE:
        try:
            _HASHER.verify(hashed or _dummy(), _normal(password)[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return hashed is not None


@cache
def _dummy() -> str:
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    """Small letters and digits, without accents."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in bare if letter.isalnum())


@cache
def _common_words() -> frozenset[str]:
    lines = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if line and not line.startswith("#"))


def _parts(own: Iterable[str]) -> frozenset[str]:
    """The words in these names and addresses that are long enough to matter."""
    spaced = ("".join(letter if letter.isalnum() else " " for letter in text) for text in own)
    return frozenset(
        part for text in spaced for word in text.split() if len(part := _plain(word)) >= SHORTEST_PART
    )


def _left(password: str, words: frozenset[str]) -> int:
    """How many characters are left when repeats, digits around it, known words and rows of neighbours are taken out."""
    unit = password[: (password + password).index(password, 1)].casefold()  # "abcabc" repeats "abc"
    core = unit.strip("".join(mark for mark in set(unit) if not mark.isalpha()))
    return min(_unknown(_plain(core), words), _unknown(_plain(core.translate(LOOKALIKES)), words))


def _unknown(plain: str, words: frozenset[str]) -> int:
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, " ")
    return sum(_surprises(part) for part in plain.split())


def _surprises(part: str) -> int:
    """The characters of `part` that do not follow from the one before (as in "aaa", "abc", "321")."""
    return 1 + sum(abs(ord(after) - ord(before)) > 1 for before, after in pairwise(part))
