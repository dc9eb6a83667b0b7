"""The digits of a text, however they are written, and what stands between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.safety.screen.detectors.counting import NUMBER_WORDS, SOUNDS, joined_digits, read_count
from gateway.safety.screen.folding import Plain
from gateway.safety.screen.listing import words

_TOKEN = re.compile(r"[a-z0-9]+|[^\sa-z0-9]|\s+")
_LIKE_DIGITS = str.maketrans("oilsbzgq", "01158299")
_MIXED = re.compile(r"(?=.*\d.*\d|\d[oil]+$|[oil]+\d$)[0-9oilsbzgq]{3,}")
_DRESSED = re.compile(r"(?=.*\d)[0-9oilsbzgq]{3,4}")  # so dressed up that its neighbours must tell
_TWO_DIGITS = re.compile(r"\d.*\d")
_MEASURED = re.compile(r"\d+(?:lbs?|gb|oz)")
_WORDS_AND_DIGITS = re.compile(r"[a-z]+|\d+")
# Said between the digits of one number.
LINKS = words(
    "then and et puis pis dash tiret point dot period space espace slash comma virgule ensuite apres "
    "moins minus after trait underscore plus next is est lol mdr haha uh um euh hyphen"
)
_BREAKS = frozenset("$%°€=^<>")


@dataclass(frozen=True)
class Item:
    """Digits that were written or said in one go. `before` is what stands between it and the item before."""

    digits: str
    start: int
    end: int
    is_spoken: bool
    before: str


@dataclass(frozen=True)
class Digits:
    """Runs of items that nothing but signs parts, and the other words of the text."""

    runs: tuple[tuple[Item, ...], ...]
    others: tuple[str, ...] = field(default=())

    @property
    def all(self) -> str:
        return "".join(item.digits for run in self.runs for item in run)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


def digits_of(plain: Plain) -> Digits:
    """Linear in the text's length."""
    tokens = [_Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(plain.text)]
    solid = [token for token in tokens if token.text[0].isalnum()]
    words = [token.text for token in solid]
    runs: list[list[Item]] = []
    others: list[str] = []
    end_of_run, at = -1, 0
    while at < len(solid):
        digits, used, is_spoken = _read(words, at)
        if not digits:
            others += [] if words[at] in LINKS else [words[at]]
            end_of_run = end_of_run if words[at] in LINKS else -1
            at += 1
            continue
        start, end = solid[at].start, solid[at + used - 1].end
        between = plain.text[end_of_run:start] if end_of_run >= 0 else ""
        item = Item(digits, start, end, is_spoken, between)
        if end_of_run >= 0 and len(between) <= 16 and not _BREAKS & set(between):
            runs[-1].append(item)
        else:
            runs.append([item])
        end_of_run = -1 if plain.text[end : end + 1] in _BREAKS and plain.text[end : end + 1] else end
        at += used
    return Digits(tuple(tuple(run) for run in runs), tuple(others))


def _read(words: list[str], at: int) -> tuple[str, int, bool]:
    """(digits, words used, whether they were said) of the number that begins at `at`; no digits when none does."""
    word = words[at]
    if word.isdecimal():
        return word, 1, False
    if word in NUMBER_WORDS:
        digits, used = read_count(words, at)
        return digits, max(used, 1), True
    if word in SOUNDS:
        return (SOUNDS[word], 1, True) if _is_between_digits(words, at) else ("", 1, False)
    is_mixed = _MIXED.fullmatch(word) or (_DRESSED.fullmatch(word) and _is_beside_digits(words, at))
    if is_mixed and not _MEASURED.fullmatch(word):
        return word.translate(_LIKE_DIGITS), 1, False
    return _run_together(word), 1, True


def _run_together(word: str) -> str:
    """ "sixonethree", "six1three"; empty when a part is no number."""
    if word.isalpha():
        return joined_digits(word)
    parts = list(_parts(word)) if len(word) > 4 else []
    return "".join(parts) if parts and all(parts) else ""


def _parts(word: str) -> Iterator[str]:
    for part in _WORDS_AND_DIGITS.findall(word):
        yield part if part.isdecimal() else joined_digits(part) or read_count([part], 0)[0]


def _is_between_digits(words: list[str], at: int) -> bool:
    """Between two numbers, or right after two, or right before two."""
    near = (words[at - 1 : at] + words[at + 1 : at + 2], words[max(at - 2, 0) : at], words[at + 1 : at + 3])
    return any(len(pair) == 2 and all(_is_number(word) for word in pair) for pair in near)


def _is_beside_digits(words: list[str], at: int) -> bool:
    near = words[max(at - 1, 0) : at] + words[at + 1 : at + 2]
    return any(_TWO_DIGITS.search(word) for word in near)


def _is_number(word: str) -> bool:
    return word in NUMBER_WORDS or (len(word) == 1 and word.isdecimal()) or word in SOUNDS
