"""The words of a folded text in order, as phrases look for them.

Short forms are written out ("jveux" is "je veux"), spelled-out letters joined ("k.i.l.l"), and words that change nothing
("really", "vraiment") left out. Phrases are read through the same eyes, so that both sides agree.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.safety.screen.folding import Plain
from gateway.safety.screen.spelling import Vocabulary

STOP = "."  # stands where a sentence ends; no phrase reaches over it
NOTHING_KNOWN = Vocabulary(frozenset(), frozenset())
SHORTEST_FOREIGN = 3  # letters
FEWEST_PARTS, SHORTEST_RUN = 3, 8  # "together" must not become "to get her"
_WORD = re.compile(
    r"(?P<word>(?<!\w)(?:qu|[jldcnstm])'(?!\w)|\d{1,2}[:h]\d\d(?!\w)|(?=[\w.]{1,40}\d)[a-z]\w{0,30}(?:\.\w{2,30}){1,3}|\$?[^\W_](?:[_'@$!*+]{0,3}[^\W_])*)"
    r"|#(?=[\s?!.]|$)"
    r"|(?P<stop>(?<!\.)[.!?](?=\s|$|[^\w.!?@])|;)"
    r"|(?P<sign>[^\s\w.,:'\"()\-/#&+=*~<>\[\]{}|\\^%$@!?;])"
)
_SPELLED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*|/,]{1,2}[^\W\d_](?![^\W_])){2,}")
_ELISION = re.compile(r"(j|l|d|c|n|s|t|m|qu|jusqu|lorsqu|puisqu)'(.*)")
_ELIDED = {"j": "je", "l": "le", "d": "de", "c": "ce", "n": "ne", "s": "se", "t": "te", "m": "me", "qu": "que"}
_OF_TU = frozenset({"es", "as", "etais", "avais", "auras", "aurais", "etes", "arrives"})
_ENGLISH = frozenset({"s'up", "d'you", "t'was", "c'mon", "s'more"})


@dataclass(frozen=True)
class Word:
    """One word as phrases see it; `start` and `end` count folded letters, `raw` is how it stood there."""

    text: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """What staff wrote about the way people write: short forms by language or for "any", words that change nothing."""

    shorthand: Mapping[str, Mapping[str, tuple[str, ...]]]
    noise: frozenset[str]

    def longhand(self, word: str, language: str) -> tuple[str, ...] | None:
        """What a short form stands for; one or two letters mean something only in their own language."""
        names = (language, "any", *self.shorthand) if len(word) >= SHORTEST_FOREIGN else (language, "any")
        for name in names:
            if found := self.shorthand.get(name, {}).get(word):
                return found
        return None


def words_of(
    plain: Plain, language: str, lexicon: Lexicon, vocabulary: Vocabulary = NOTHING_KNOWN
) -> list[Word]:
    """Every word of a folded text. Linear in its length."""
    language = language.partition("-")[0]
    return [
        Word(part, raw, start, end)
        for raw, start, end in _raw_words(plain.text, vocabulary)
        for part in _written_out(raw, language, lexicon, vocabulary)
        if part not in lexicon.noise
    ]


def _raw_words(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int, int]]:
    at = 0
    for found in _SPELLED.finditer(text):
        run = re.sub(r"[^a-z]", "", found[0])
        if parts := vocabulary.parts(run):
            yield from _plain_words(text, at, found.start())
            yield from ((part, found.start(), found.end()) for part in parts)
            at = found.end()
    yield from _plain_words(text, at, len(text))


def _plain_words(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for found in _WORD.finditer(text, start, end):
        yield STOP if found.lastgroup == "stop" else found[0], found.start(), found.end()


def _written_out(raw: str, language: str, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[str, ...]:
    if longhand := lexicon.longhand(raw, language):
        return longhand
    if "'" in raw:
        return _without_apostrophe(raw, language, lexicon, vocabulary)
    mended = vocabulary.mend(raw)
    if mended == raw and len(raw) >= SHORTEST_RUN and not vocabulary.knows(raw):
        return vocabulary.parts(raw, FEWEST_PARTS) or (raw,)
    return lexicon.longhand(mended, language) or (mended,)


def _without_apostrophe(raw: str, language: str, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[str, ...]:
    elided = None if raw in _ENGLISH else _ELISION.fullmatch(raw)
    if elided is None:
        joined = raw.replace("'", "")
        return lexicon.longhand(joined, language) or (vocabulary.mend(joined),)
    head, rest = elided[1], _written_out(elided[2], language, lexicon, vocabulary) if elided[2] else ()
    if head == "t" and rest and rest[0] in _OF_TU:
        return ("tu", *rest)
    return (_ELIDED.get(head, head + "e"), *rest)
