"""Looks for thousands of phrases at once in one pass over a text's words.

Bit-parallel, after Baeza-Yates and Gonnet (Shift-And) and Navarro and Raffinot (places that may be missing): every place
of every phrase is one bit of a whole number, so a word costs a few shifts and ands, whatever the text says. Nothing
backtracks. Phrases live in blocks by their rarest word, and a block takes part only when that word is in the text.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gateway.safety.screen.fitting import fits, keys_of, kinds_of
from gateway.safety.screen.phrases import Form, Steps
from gateway.safety.screen.wording import STOP, Word

BLOCK_BITS = 512


def is_exception(owner: int) -> bool:
    """Phrases of rule n have the number 2n, its exceptions 2n + 1."""
    return owner % 2 == 1


@dataclass(frozen=True)
class Hit:
    """A phrase found in words `first` to `last`, both included; `owner` is the number that came with the phrase."""

    owner: int
    first: int
    last: int


@dataclass
class _Masks:
    """The places of some phrases, as bits."""

    bits: int = 0
    heads: int = 0
    tails: int = 0
    missing: int = 0
    before_missing: int = 0
    last_missing: int = 0
    anything: int = 0
    by_key: dict[str, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)  # the bit of a phrase's last place -> its number

    def add(self, number: int, steps: Steps) -> None:
        self.heads |= 1 << self.bits
        for place, step in enumerate(steps):
            bit = 1 << self.bits
            if step.may_miss:
                self.missing |= bit
                self.before_missing |= 0 if steps[place - 1].may_miss else bit >> 1
                self.last_missing |= 0 if steps[place + 1].may_miss else bit
            self.anything |= 0 if step.words else bit
            for key in step.words:
                name = key.removesuffix("~")
                self.by_key[name] = self.by_key.get(name, 0) | bit
            self.bits += 1
        self.tails |= 1 << (self.bits - 1)
        self.ends[self.bits - 1] = number


@dataclass(frozen=True)
class Automaton:
    """Phrases compiled once; never changed."""

    forms: tuple[Form, ...]
    owners: tuple[int, ...]
    blocks: tuple[_Masks, ...]
    by_anchor: Mapping[str, frozenset[int]]  # a word, stem or kind -> the blocks that it wakes
    by_key: Mapping[str, Mapping[int, int]]  # a word, stem or kind -> block -> places

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Every phrase that ends somewhere in `words`, in the order of the ends. Linear in the number of words."""
        keys = {word.text: keys_of(word) for word in words}
        awake = sorted(
            {block for names in keys.values() for name in names for block in self.by_anchor.get(name, ())}
        )
        return _Run(self, awake, keys).find(words) if awake else []

    def hit(self, form: Form, owner: int, words: Sequence[Word], place: int) -> Hit:
        first = _first(form.steps, words, place) if len(form.steps) > 1 else place
        return (
            Hit(owner, first - form.before, place + form.after)
            if is_exception(owner)
            else Hit(owner, first, place)
        )


class _Run:
    """One pass: the blocks that are awake, side by side in one number."""

    def __init__(self, automaton: Automaton, awake: Sequence[int], keys: Mapping[str, Sequence[str]]) -> None:
        self.automaton, self.awake, self.keys = automaton, awake, keys
        self.blocks = [automaton.blocks[number] for number in awake]
        self.offsets: list[int] = []
        bits = 0
        for block in self.blocks:
            self.offsets.append(bits)
            bits += BLOCK_BITS * -(-block.bits // BLOCK_BITS)
        self.offset_of = dict(zip(awake, self.offsets, strict=True))

    def _joined(self, masks: Sequence[int]) -> int:
        sizes = [BLOCK_BITS // 8 * -(-block.bits // BLOCK_BITS) for block in self.blocks]
        return int.from_bytes(
            b"".join(mask.to_bytes(size, "little") for mask, size in zip(masks, sizes, strict=True)), "little"
        )

    @cached_property
    def anything(self) -> int:
        return self._joined([block.anything for block in self.blocks])

    def find(self, words: Sequence[Word]) -> list[Hit]:
        heads = self._joined([block.heads for block in self.blocks])
        tails = self._joined([block.tails for block in self.blocks])
        missing = self._joined([block.missing for block in self.blocks])
        before = self._joined([block.before_missing for block in self.blocks])
        last = self._joined([block.last_missing for block in self.blocks])
        fitting: dict[str, int] = {}
        hits: list[Hit] = []
        state = 0
        for place, word in enumerate(words):
            text = word.text
            if text == STOP:
                state = 0
                continue
            if text not in fitting:
                fitting[text] = self._fitting(text)
            state = ((state << 1) | heads) & fitting[text]
            if not state:
                continue
            full = state | last  # whatever may be missing is passed by one borrow
            state |= missing ^ (missing & ((full - before) ^ full))
            if found := state & tails:
                hits += self._hits(found, words, place)
        return hits

    def _fitting(self, text: str) -> int:
        """The places where this word fits."""
        places = self.anything
        for key in self.keys[text]:
            in_blocks = self.automaton.by_key.get(key, {})
            few, many = sorted((in_blocks, self.offset_of), key=len)
            for block in few:
                if block in many:
                    places |= in_blocks[block] << self.offset_of[block]
        return places

    def _hits(self, found: int, words: Sequence[Word], place: int) -> list[Hit]:
        hits: dict[int, Hit] = {}
        while found:
            bit = found.bit_length() - 1
            found ^= 1 << bit
            block = bisect_right(self.offsets, bit) - 1
            number = self.blocks[block].ends[bit - self.offsets[block]]
            hit = self.automaton.hit(
                self.automaton.forms[number], self.automaton.owners[number], words, place
            )
            if hit.owner not in hits or hits[hit.owner].first > hit.first:
                hits[hit.owner] = hit
        return list(hits.values())


def _first(steps: Steps, words: Sequence[Word], last: int) -> int:
    """Where the shortest match of a phrase that ends at `last` begins: the same walk, backwards."""
    states = {len(steps) - 1}
    for place in range(last, -1, -1):
        kinds = kinds_of(words[place].text)
        states = {at - 1 for at in states if fits(steps[at].words, words[place].text, kinds)}
        for at in sorted(states, reverse=True):
            passed = at
            while passed >= 0 and steps[passed].may_miss:
                passed -= 1
                states.add(passed)
        if -1 in states or not states:
            return place
    return 0


def compile_phrases(phrases: Sequence[tuple[int, Form]]) -> Automaton:
    """One automaton for all (owner, form) pairs."""
    counts = Counter(key for _, form in phrases for step in form.steps for key in step.words)
    anchors = [_anchor(form.steps, counts) for _, form in phrases]
    blocks: list[_Masks] = []
    by_anchor: dict[str, set[int]] = {}
    by_key: dict[str, dict[int, int]] = {}
    for number in sorted(range(len(phrases)), key=lambda one: anchors[one]):
        steps = phrases[number][1].steps
        if not blocks or blocks[-1].bits + len(steps) > BLOCK_BITS:
            blocks.append(_Masks())
        blocks[-1].add(number, steps)
        for key in anchors[number]:
            by_anchor.setdefault(key.removesuffix("~"), set()).add(len(blocks) - 1)
    for at, block in enumerate(blocks):
        for key, places in block.by_key.items():
            by_key.setdefault(key, {})[at] = places
    return Automaton(
        tuple(form for _, form in phrases),
        tuple(owner for owner, _ in phrases),
        tuple(blocks),
        {key: frozenset(numbers) for key, numbers in by_anchor.items()},
        by_key,
    )


def _anchor(steps: Steps, counts: Mapping[str, int]) -> tuple[str, ...]:
    """The words of the step, among those that must be there, that fewest phrases share."""
    needed = [step.words for step in steps if step.words and not step.may_miss]
    return tuple(sorted(min(needed, key=lambda words: sum(counts[key] for key in words))))
