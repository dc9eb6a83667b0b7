"""Which places of phrases a word fits: by its letters, by its beginning, or by its kind (a number, an hour, a handle)."""

import re
from collections.abc import Sequence

from gateway.safety.screen.phrases import HANDLE, NUMBER, TIME, Form
from gateway.safety.screen.spelling import Vocabulary, beginnings
from gateway.safety.screen.wording import Word

_TIME = re.compile(r"(?:[01]?\d|2[0-4])(?:[:h]\d\d|h)?(?:am|pm|ish)?")
_HANDLE = re.compile(r"(?=.*[\d_])(?=.*[a-z])[\w.]{4,}|\w+_\w+")
_NOT_HANDLE = re.compile(
    r"\d+(?:st|nd|rd|th|e|er|ere|eme|ieme|am|pm|h\d*|km|kg|lbs?|min|mins|sec|yrs?|ans|ish|x|k|g|m|ft|cm|mg|ml|gb)"
)


def keys_of(word: Word) -> tuple[str, ...]:
    """Every name under which a place that this word fits may be filed."""
    stems = tuple(f"{stem}*" for stem in beginnings(word.text))
    return (word.text, *stems, *kinds_of(word.text))


def kinds_of(text: str) -> tuple[str, ...]:
    """What a word is by its shape alone."""
    if text.isalpha():
        return ()
    kinds = [NUMBER] if text.isdecimal() else []
    if _TIME.fullmatch(text):
        kinds.append(TIME)
    if _HANDLE.fullmatch(text) and not _NOT_HANDLE.fullmatch(text) and ":" not in text:
        kinds.append(HANDLE)
    return tuple(kinds)


def fits(wanted: frozenset[str], text: str, kinds: Sequence[str]) -> bool:
    """Whether a word can stand in a step."""
    return (
        not wanted
        or text in wanted
        or f"{text}~" in wanted
        or any(f"{stem}*" in wanted for stem in beginnings(text))
        or any(kind in wanted for kind in kinds)
    )


def vocabulary_of(forms: Sequence[Form]) -> Vocabulary:
    """Every word that the phrases look for."""
    words = {word for form in forms for step in form.steps for word in step.words if not word.startswith("<")}
    slips = frozenset(word[:-1] for word in words if word.endswith("~"))
    stems = frozenset(word[:-1] for word in words if word.endswith("*"))
    plain = frozenset(word for word in words if word[-1] not in "*~")
    return Vocabulary(plain | slips, stems, slips)
