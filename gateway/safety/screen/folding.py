"""A text as the screen sees it: plain small letters, each with its place in the text as it was written.

Nothing here is kept or shown. Look-alike letters, circled and emoji digits, styles, marks and what nobody sees are
undone letter by letter, so that a place in the folded text always leads back to one in the original.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from gateway.sms.folding import unmask

_LETTER_BLOCKS = (
    0x1F150,
    0x1F170,
    0x1F1E6,
)  # negative circled and squared letters, letters of flags: 26 each
_APOSTROPHES, _DASHES, _DOTS, _QUOTES = "’‘ʼ´`＇′", "‐‑‒–—―−﹘", "•·∙⋅。．", "“”«»„"
_SIGNS = {
    ord(sign): plain
    for signs, plain in ((_APOSTROPHES, "'"), (_DASHES, "-"), (_DOTS, "."), (_QUOTES, '"'))
    for sign in signs
}


@dataclass(frozen=True)
class Plain:
    """Folded letters, and for each the code point of the original that it came from."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of the folded letters from `start` to `end`, the latter not included."""
        return (self.origin[start], self.origin[end - 1] + 1) if start < end else (0, 0)


def fold_letters(text: str) -> Plain:
    """The text letter by letter; linear in its length."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        for plain in _plain(letter):
            letters.append(plain)
            origin.append(place)
    return Plain("".join(letters), tuple(origin))


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """One letter without style, marks and case; digits of every kind as 0 to 9."""
    if "a" <= letter <= "z" or letter in " .,0123456789":
        return letter
    for block in _LETTER_BLOCKS:
        if block <= ord(letter) < block + 26:
            return chr(ord("a") + ord(letter) - block)
    if ord(letter) in _SIGNS:
        return _SIGNS[ord(letter)]
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    return "".join(_plain_part(part) for part in unicodedata.normalize("NFKD", letter).translate(_SIGNS))


def _plain_part(part: str) -> str:
    kind = unicodedata.category(part)
    if part in "\n\r\t\v\f\x85" or kind[0] == "Z":
        return " "
    if kind in {"Cc", "Cf", "Cs"} or kind[0] == "M":
        return ""
    return unmask(part) if kind[0] == "L" else part
