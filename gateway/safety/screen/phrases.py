"""The small language in which staff write what to look for, and what each phrase stands for.

    give me your (number|num)    one word or another; an alternative may be several words
    [please] call me             a word that may be missing; (please)? says the same
    suicid*                      a word that begins so
    whatsapp~                    a word that may be written with one slip
    meet .. park                 up to three words between; ..6 means up to six
    add me on <app>              any word of a list; <number>, <time> and <handle> are known already

Everything is folded as texts are, so capitals, accents and apostrophes do not matter. A gap at an end of an exception
lets it reach so many words further: `unless: ["..4 lol"]`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from gateway.safety.screen.spelling import SHORTEST_STEM
from gateway.safety.screen.wording import STOP

GAP, LONGEST_GAP, MOST_FORMS, LONGEST = 3, 8, 1000, 30
NUMBER, TIME, HANDLE = "<number>", "<time>", "<handle>"
KINDS = (NUMBER, TIME, HANDLE)
_PIECE = re.compile(r"\.\.\d*|\)\?|[()\[\]|]|<[a-z-]+>|[^\s()\[\]|<>]+|[<>]")
_CLOSING = {"(": (")", ")?"), "[": ("]",)}
_ENDS = frozenset({"|", ")", ")?", "]"})

Folder = Callable[[str], tuple[str, ...]]  # a phrase's word -> the words that a text would have in its place
Lists = Mapping[str, Sequence[str]]


class PhraseRefused(ValueError):
    """A phrase that cannot be read, as "what; remedy"."""


@dataclass(frozen=True)
class Step:
    """One place of a phrase: the words that fit there (an empty set: any word), and whether it may be missing."""

    words: frozenset[str]
    may_miss: bool = False


@dataclass(frozen=True)
class Form:
    """Steps from one that must be there to another. `before` and `after`: words that an exception reaches further."""

    steps: tuple[Step, ...]
    before: int = 0
    after: int = 0


Steps = tuple[Step, ...]
_MISSING = Step(frozenset(), may_miss=True)


def forms_of(phrase: str, lists: Lists, fold: Folder) -> list[Form]:
    """Every sequence of steps that the phrase stands for. Raises PhraseRefused."""
    reader = _Reader(phrase, _PIECE.findall(phrase), lists, fold)
    found = [_trimmed(form) for form in reader.sequence()]
    if reader.left:
        raise PhraseRefused(f"{phrase!r} closes a bracket that was not opened; correct the brackets")
    if any(not form.steps for form in found):
        raise PhraseRefused(f"{phrase!r} would match any text; add a word that must be there")
    if any(len(form.steps) > LONGEST for form in found):
        raise PhraseRefused(f"{phrase!r} has more than {LONGEST} places; split it")
    return list(dict.fromkeys(found))


@dataclass
class _Reader:
    phrase: str
    left: list[str]
    lists: Lists
    fold: Folder

    def sequence(self) -> list[Steps]:
        """Forms up to the end, a bar or a closing bracket."""
        parts: list[list[Steps]] = []
        while self.left and self.left[0] not in _ENDS:
            parts.append(self._item(self.left.pop(0)))
        count = 1
        for part in parts:
            count *= len(part)
        if count > MOST_FORMS:
            raise PhraseRefused(f"{self.phrase!r} stands for {count} phrases; split it, {MOST_FORMS} at most")
        return [sum(choice, ()) for choice in product(*parts)]

    def _item(self, piece: str) -> list[Steps]:
        if piece in _CLOSING:
            return self._bracket(piece)
        if piece.startswith(".."):
            return [(_MISSING,) * self._gap(piece[2:])]
        if piece.startswith("<"):
            return self._listed(piece)
        return [self._steps(piece)]

    def _bracket(self, opening: str) -> list[Steps]:
        forms = self.sequence()
        while self.left and self.left[0] == "|":
            self.left.pop(0)
            forms += self.sequence()
        closing = self.left.pop(0) if self.left else ""
        if closing not in _CLOSING[opening]:
            raise PhraseRefused(f"{self.phrase!r} leaves a bracket open; close it")
        merged = _merged(forms)
        if closing == ")":
            return merged
        single = [form for form in merged if len(form) == 1 and form[0].words]
        return [(Step(form[0].words, may_miss=True),) for form in single] + (
            [*(form for form in merged if form not in single), *([] if single else [()])]
        )

    def _gap(self, digits: str) -> int:
        words = int(digits) if digits else GAP
        if not 1 <= words <= LONGEST_GAP:
            raise PhraseRefused(f"{self.phrase!r} has a gap of {words} words; write 1 to {LONGEST_GAP}")
        return words

    def _listed(self, piece: str) -> list[Steps]:
        if piece in KINDS:
            return [(Step(frozenset({piece})),)]
        name = piece[1:-1]
        if name not in self.lists:
            raise PhraseRefused(
                f"{self.phrase!r} names the list {piece}, which there is not; add it under lists"
            )
        plain = {key: words for key, words in self.lists.items() if key != name}
        return _merged([form for entry in self.lists[name] for form in _entry(entry, plain, self.fold)])

    def _steps(self, piece: str) -> Steps:
        mark = piece[-1] if piece[-1] in "*~" and len(piece) > 1 else ""
        words = list(self.fold(piece.removesuffix(mark) if mark else piece))
        if mark and words:
            if mark == "*" and len(words[-1]) < SHORTEST_STEM:
                raise PhraseRefused(
                    f"{piece!r} is too short a beginning; write {SHORTEST_STEM} letters or more"
                )
            words[-1] += mark
        if not words:
            raise PhraseRefused(f"{piece!r} is left out of every text as noise; leave it out here too")
        if STOP in words:
            raise PhraseRefused(f"{piece!r} ends a sentence, and no phrase reaches over that; take it out")
        return tuple(Step(frozenset({word})) for word in words)


def _entry(entry: str, lists: Lists, fold: Folder) -> list[Steps]:
    return [form.steps for form in forms_of(entry, lists, fold)]


def _merged(forms: Sequence[Steps]) -> list[Steps]:
    """Alternatives of one word each as one step; the others as they are."""
    single = [form[0].words for form in forms if len(form) == 1 and form[0].words and not form[0].may_miss]
    others = [form for form in forms if not (len(form) == 1 and form[0].words and not form[0].may_miss)]
    return ([(Step(frozenset().union(*single)),)] if single else []) + list(dict.fromkeys(others))


def _trimmed(steps: Steps) -> Form:
    """Without what may be missing at either end: for finding, it changes nothing."""
    needed = [place for place, step in enumerate(steps) if not step.may_miss]
    if not needed:
        return Form(())
    return Form(steps[needed[0] : needed[-1] + 1], needed[0], len(steps) - 1 - needed[-1])
