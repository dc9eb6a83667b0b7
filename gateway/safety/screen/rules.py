"""The rules in force, read and compiled once, and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.i18n import pick
from gateway.safety.screen.automaton import Automaton
from gateway.safety.screen.spelling import Vocabulary
from gateway.safety.screen.verdicts import Action, Category, Writer
from gateway.safety.screen.wording import Lexicon


@dataclass(frozen=True)
class Rule:
    """What is looked for, in whose texts, and why."""

    slug: str
    category: Category
    by: frozenset[Writer]
    why: Mapping[str, str]  # by language


@dataclass(frozen=True)
class Rules:
    """Everything that decides. Phrases of rule n belong to owner 2n, its exceptions to 2n + 1."""

    phrased: tuple[Rule, ...]
    detected: Mapping[str, Rule]
    automaton: Automaton
    vocabulary: Vocabulary
    lexicon: Lexicon
    policy: Mapping[Category, Mapping[Writer, Action]]
    passed_on: frozenset[str]  # digits of numbers that anybody may pass on
    version: str

    def why(self, slug: str, language: str) -> str:
        """The sentence that says why a rule is there, for a reader; empty when no rule has this name."""
        named = {rule.slug: rule for rule in self.phrased} | dict(self.detected)
        return pick(named[slug].why, language) if slug in named else ""
