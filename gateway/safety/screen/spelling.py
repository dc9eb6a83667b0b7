"""Which word is meant, when it is written as nobody spells it: repeated letters, digits for letters, slips, no spaces.

A spelling is only ever mended towards a word that some rule looks for; every other word stays as it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

SHORTEST_SLIP = 5  # letters; in shorter words one slip makes another word
SHORTEST_STEM = 3
LONGEST_WORD = 24
LONGEST_RUN = 60  # letters without a space that may hold words
LONGEST_PART = 14
_LEET = (str.maketrans("0134578@$!+9", "oieastbasitg"), str.maketrans("0134578@$!+9", "oleastbasltg"))
_RUN = re.compile(r"(.)\1{2,}")
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Vocabulary:
    """The words of all rules. `slips` may be written with one letter wrong, missing, added or swapped."""

    words: frozenset[str]
    stems: frozenset[str]
    slips: frozenset[str] = frozenset()
    _squeezed: dict[str, str] = field(init=False, repr=False, compare=False)
    _deletions: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        squeezed = {
            _TWICE.sub(r"\1", word): word for word in sorted(self.words) if len(word) >= SHORTEST_SLIP
        }
        object.__setattr__(self, "_squeezed", squeezed)
        deletions: dict[str, list[str]] = {}
        for word in sorted(self.slips):
            for form in {word, *_with_one_gone(word)}:
                deletions.setdefault(form, []).append(word)
        object.__setattr__(self, "_deletions", {form: tuple(words) for form, words in deletions.items()})

    def knows(self, word: str) -> bool:
        """Whether some rule looks for this word, whole or by its stem."""
        return word in self.words or any(stem in self.stems for stem in beginnings(word))

    def mend(self, word: str) -> str:
        """The word of a rule that is meant by `word`, or `word` itself."""
        if self.knows(word) or word.isdecimal() or len(word) > LONGEST_WORD:
            return word
        for form in (word, *_readings(word)):
            if self.knows(form):
                return form
            if len(form) >= SHORTEST_SLIP and (plain := self._squeezed.get(_TWICE.sub(r"\1", form))):
                return plain
        return self._without_slip(_TWICE.sub(r"\1", word) if _RUN.search(word) else word) or word

    def _without_slip(self, word: str) -> str | None:
        if len(word) < SHORTEST_SLIP:
            return None
        for form in (word, *_with_one_gone(word)):
            for meant in self._deletions.get(form, ()):
                if _is_one_slip(word, meant):
                    return meant
        return None

    def parts(self, run: str, fewest: int = 1) -> tuple[str, ...] | None:
        """`run` cut into words of the rules, longest first, when it can be: "killmyself". Linear: words are short."""
        if len(run) > LONGEST_RUN:
            return None
        best: list[tuple[str, ...] | None] = [(), *[None] * len(run)]
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - LONGEST_PART), end):
                before, piece = best[start], run[start:end]
                if before is None or piece not in self.words or (len(piece) == 1 and piece not in "iaj"):
                    continue
                shortest = best[end]
                if shortest is None or len(before) + 1 < len(shortest):
                    best[end] = (*before, piece)
        found = best[-1]
        return found if found and len(found) >= fewest else None


def beginnings(word: str) -> Iterator[str]:
    """What a stem of this word could be."""
    for length in range(SHORTEST_STEM, min(len(word), LONGEST_WORD) + 1):
        yield word[:length]


def _readings(word: str) -> Iterator[str]:
    """Other ways to read the same strokes: fewer repeated letters, digits and signs as letters, a star as a vowel."""
    if _RUN.search(word):
        yield _RUN.sub(r"\1\1", word)
        yield _RUN.sub(r"\1", word)
    if any(letter.isalpha() for letter in word) and not word.isalpha():
        for table in _LEET:
            yield word.translate(table)
            yield _RUN.sub(r"\1", word.translate(table))
        if word.count("*") == 1:
            yield from (word.replace("*", vowel) for vowel in "uieao")
        yield re.sub(r"[^a-z]", "", word)


def _with_one_gone(word: str) -> Iterable[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _is_one_slip(written: str, meant: str) -> bool:
    """One letter added, missing, wrong, or two neighbours swapped; the first letter is right."""
    if abs(len(written) - len(meant)) > 1 or written[0] != meant[0]:
        return False
    if len(written) != len(meant):
        short, long = sorted((written, meant), key=len)
        return short in _with_one_gone(long)
    wrong = [place for place, (one, other) in enumerate(zip(written, meant, strict=True)) if one != other]
    if len(wrong) == 1:
        return True
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return swapped and written[wrong[0]] == meant[wrong[1]] and written[wrong[1]] == meant[wrong[0]]
