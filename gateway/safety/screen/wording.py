"""The words of a folded text in order, as phrases look for them.

Short forms are written out ("jveux" is "je veux"), spelled-out letters joined ("k.i.l.l"), and words that change nothing
("really", "vraiment") left out. Phrases are read through the same eyes, so that both sides agree.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gateway.safety.screen.folding import Plain
from gateway.safety.screen.listing import words
from gateway.safety.screen.spelling import Vocabulary

STOP = "."  # stands where a sentence ends; no phrase reaches over it
NOTHING_KNOWN = Vocabulary(frozenset(), frozenset())
MOST_ELISIONS = 4  # "lorsqu'j't'l'ai" has them all
SHORTEST_FOREIGN = 3  # letters
FEWEST_PARTS, SHORTEST_RUN = 3, 8  # "together" must not become "to get her"
_WORD = re.compile(
    r"(?P<word>(?<!\w)(?:qu|[jldcnstm])'(?!\w)|\d{1,2}[:h]\d\d(?!\w)|(?=[\w.]{1,40}\d)[a-z]\w{0,30}(?:\.\w{2,30}){1,3}|\$?[^\W_](?:[_'@$!*+]{0,3}[^\W_])*)"
    r"|#(?=[\s?!.]|$)"
    r"|(?P<stop>(?<!\.)[.!?](?=\s|$|[^\w.!?@])|;)"
    r"|(?P<sign>[^\s\w.,:'\"()\-/#&+=*~<>\[\]{}|\\^%$@!?;])"
)
_SPELLED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*|/,]{1,2}[^\W\d_](?![^\W_])){2,40}")
_ELISION = re.compile(r"(j|l|d|c|n|s|t|m|qu|jusqu|lorsqu|puisqu)'(.*)")
_ELIDED = {
    "j": "je",
    "l": "le",
    "d": "de",
    "c": "ce",
    "n": "ne",
    "s": "se",
    "t": "te",
    "m": "me",
    "qu": "que",
}
# "jpense", "tsais": before these letters no other word begins so, in French or in English.
_CLIPPED = re.compile(r"(j(?=[bcdfghklmnpqrstvxz])|t(?=[bcdfgklmnpqsvxz]))(.{3,})")
_PRONOUNS = {"j": "je", "t": "tu"}
_OF_TU = frozenset({"es", "as", "etais", "avais", "auras", "aurais", "etes", "arrives"})
_FIGURES = {"2": "to", "4": "for"}
_BEFORE_FIGURES = {
    "2": words("want need going got have like love used talk back try go come time tell lie text ready say"),
    "4": words("waiting wait look looking mature here sorry thanks up me you"),
}
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
    words = [
        Word(part, raw, start, end)
        for raw, start, end in _raw_words(plain.text, vocabulary)
        for part in _written_out(raw, language, lexicon, vocabulary)
        if part not in lexicon.noise
    ]
    return [_figure_read(word, words[at - 1].text if at else "") for at, word in enumerate(words)]


def _figure_read(word: Word, before: str) -> Word:
    """ "want 2 die", "waiting 4 you": figures that stand for the words that they sound like."""
    if word.text in _FIGURES and before in _BEFORE_FIGURES[word.text]:
        return replace(word, text=_FIGURES[word.text])
    return word


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
    last = ""
    for found in _WORD.finditer(text, start, end):
        if found.lastgroup == "sign" and found[0] == last:
            continue  # a row of one emoji says no more than one
        last = found[0]
        yield STOP if found.lastgroup == "stop" else last, found.start(), found.end()


def _written_out(raw: str, language: str, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[str, ...]:
    if longhand := lexicon.longhand(raw, language):
        return longhand
    if "'" in raw:
        return _without_apostrophe(raw, language, lexicon, vocabulary)
    if clipped := _CLIPPED.fullmatch(raw):
        rest = _written_out(clipped[2], language, lexicon, vocabulary)
        if all(vocabulary.knows(word) for word in rest):
            return (_PRONOUNS[clipped[1]], *rest)
    mended = vocabulary.mend(raw)
    if mended == raw and len(raw) >= SHORTEST_RUN and not vocabulary.knows(raw):
        return vocabulary.parts(raw, FEWEST_PARTS) or (raw,)
    return lexicon.longhand(mended, language) or (mended,)


def _without_apostrophe(raw: str, language: str, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[str, ...]:
    is_elision = raw not in _ENGLISH and raw.count("'") <= MOST_ELISIONS
    elided = _ELISION.fullmatch(raw) if is_elision else None
    if elided is None:
        joined = raw.replace("'", "")
        return lexicon.longhand(joined, language) or (vocabulary.mend(joined),)
    head, rest = elided[1], _written_out(elided[2], language, lexicon, vocabulary) if elided[2] else ()
    if head == "t" and rest and rest[0] in _OF_TU:
        return ("tu", *rest)
    return (_ELIDED.get(head, head + "e"), *rest)
