"""Reads `screening/` into rules, whole or not at all. Every example in the files is tried; one that fails refuses its file."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from gateway.authored.catalogue import build, read_pages
from gateway.authored.reading import AuthoringRefused, Fault, Page
from gateway.safety.screen.automaton import compile_phrases
from gateway.safety.screen.deciding import screen
from gateway.safety.screen.detectors import DETECTORS
from gateway.safety.screen.fitting import vocabulary_of
from gateway.safety.screen.folding import fold_letters
from gateway.safety.screen.phrases import Form, PhraseRefused, forms_of
from gateway.safety.screen.rules import Rule, Rules
from gateway.safety.screen.schema import DetectorRule, Example, PhraseRule, Policy, Sheet
from gateway.safety.screen.verdicts import Category
from gateway.safety.screen.wording import Lexicon, words_of

ANY = "any"
POLICY = "policy"
MOST_PLACES = 200_000  # bits of the automaton: what keeps an ordinary text under two milliseconds
ALONE_LANGUAGE = "en"  # examples in the files for every language are read as English


def version_of(files: Mapping[str, str]) -> str:
    """The hash that names a set of files, as `content_versions.hash` keeps it."""
    return hashlib.sha256(json.dumps(dict(sorted(files.items()))).encode()).hexdigest()


def read_rules(files: Mapping[str, str]) -> Rules:
    """The rules in these files (path from `screening/` to source). Raises AuthoringRefused with every fault in them.

    What was read once in this process is not read again: the outcome depends on the files alone.
    """
    return _read(tuple(sorted(files.items())))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, str], ...]) -> Rules:
    pages, faults = read_pages({name: source.encode("utf-8", "surrogatepass") for name, source in files})
    desk = _Desk(faults)
    for page in pages:
        desk.take(page)
    desk.compile_lists()
    policy = desk.policy_or_fault()
    phrases = list(desk.phrases())
    desk.check_names()
    if desk.faults or policy is None:
        raise AuthoringRefused(desk.faults)
    forms = [form for _, form in phrases]
    rules = Rules(
        phrased=tuple(_rule(spec, spec.category) for _, _, spec in desk.specs),
        detected={spec.rule: _rule(spec, Category.CONTACT) for _, _, spec in desk.detectors},
        automaton=compile_phrases(phrases),
        vocabulary=vocabulary_of(forms),
        lexicon=desk.lexicon,
        policy=policy.policy,
        passed_on=desk.passed_on,
        version=version_of(dict(files)),
    )
    if failed := list(desk.failed_examples(rules)):
        raise AuthoringRefused(failed)
    return rules


def _rule(spec: PhraseRule | DetectorRule, category: Category) -> Rule:
    return Rule(spec.rule, category, frozenset(spec.by), spec.why)


def language_of(file: str) -> str:
    """ "fr" of fr.yaml and of fr/crisis.yaml."""
    return PurePosixPath(file).parts[0].removesuffix(".yaml")


@dataclass
class _Desk:
    """Where the files lie open while they are read."""

    faults: list[Fault]
    sheets: list[tuple[Page, Sheet]] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=lambda: Lexicon({}, frozenset()))
    folded: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def take(self, page: Page) -> None:
        if PurePosixPath(page.file).stem == POLICY:
            policy = build(page, Policy, self.faults)
            self.policies += [policy] if policy else []
        elif sheet := build(page, Sheet, self.faults):
            self.sheets.append((page, sheet))

    def policy_or_fault(self) -> Policy | None:
        if not self.policies and not any(fault.file.endswith("policy.yaml") for fault in self.faults):
            self.faults.append(
                Fault(
                    "policy.yaml", 1, "there is no policy", "add policy.yaml: what happens to what is found"
                )
            )
        return self.policies[0] if self.policies else None

    def compile_lists(self) -> None:
        """Gather lists, short forms and noise; a list belongs to every file of its language, or to all."""
        shorthand: dict[str, dict[str, tuple[str, ...]]] = {}
        noise: set[str] = set()
        for page, sheet in self.sheets:
            for name, entries in sheet.lists.items():
                if name in self.lists:
                    self.faults.append(
                        page.fault(("lists", name), f"the list {name!r} stands twice", "rename one of them")
                    )
                self.lists[name] = entries
            table = shorthand.setdefault(language_of(page.file), {})
            table |= {_plain(short): tuple(_plain(long).split()) for short, long in sheet.shorthand.items()}
            noise |= {_plain(word) for word in sheet.noise}
        self.lexicon = Lexicon(shorthand, frozenset(noise))

    @property
    def passed_on(self) -> frozenset[str]:
        return frozenset(
            "".join(filter(str.isdecimal, number)) for _, sheet in self.sheets for number in sheet.passed_on
        )

    @property
    def specs(self) -> list[tuple[Page, int, PhraseRule]]:
        return [(page, at, spec) for page, sheet in self.sheets for at, spec in enumerate(sheet.rules)]

    @property
    def detectors(self) -> list[tuple[Page, int, DetectorRule]]:
        return [(page, at, spec) for page, sheet in self.sheets for at, spec in enumerate(sheet.detectors)]

    def phrases(self) -> Iterator[tuple[int, Form]]:
        """(owner, form) of every phrase and exception; a fault for each that cannot be read."""
        places = 0
        for number, (page, at, spec) in enumerate(self.specs):
            for side, key, phrases in ((0, "phrases", spec.phrases), (1, "unless", spec.unless)):
                for line, phrase in enumerate(phrases):
                    forms = self._forms(page, ("rules", at, key, line), phrase)
                    places += sum(len(form.steps) for form in forms)
                    yield from ((2 * number + side, form) for form in forms)
        if places > MOST_PLACES:
            what = f"the phrases have {places} places, {MOST_PLACES} at most"
            self.faults.append(Fault("screening", 1, what, "shorten lists and gaps, or take phrases out"))

    def _forms(self, page: Page, place: Sequence[str | int], phrase: str) -> list[Form]:
        language = language_of(page.file)

        def fold(word: str) -> tuple[str, ...]:
            if (language, word) not in self.folded:
                words = words_of(fold_letters(word), language, self.lexicon)
                self.folded[language, word] = tuple(one.text for one in words)
            return self.folded[language, word]

        try:
            return forms_of(phrase, self.lists, fold)
        except PhraseRefused as refused:
            what, _, remedy = str(refused).partition("; ")
            self.faults.append(page.fault(place, what, remedy))
            return []

    def check_names(self) -> None:
        """Each rule has a name of its own; each detector of the program is written down once."""
        seen: set[str] = set()
        for key, entries in (("detectors", self.detectors), ("rules", self.specs)):
            for page, at, spec in entries:
                if spec.rule in seen:
                    self.faults.append(
                        page.fault(
                            (key, at), f"another rule is named {spec.rule!r} too", "rename one of the two"
                        )
                    )
                seen.add(spec.rule)
        for page, at, spec in self.detectors:
            if spec.rule not in DETECTORS:
                remedy = f"name one of: {', '.join(DETECTORS)}"
                self.faults.append(
                    page.fault(("detectors", at), f"there is no detector {spec.rule!r}", remedy)
                )
        if missing := sorted(DETECTORS.keys() - seen):
            what = f"nothing is written about {', '.join(missing)}"
            self.faults.append(Fault("any.yaml", 1, what, "add each under detectors"))

    def failed_examples(self, rules: Rules) -> Iterator[Fault]:
        """A fault for each example that the rule does not find, or finds though it must not."""
        for key, entries in (("rules", self.specs), ("detectors", self.detectors)):
            for page, at, spec in entries:
                for side, wanted, examples in (("hits", True, spec.hits), ("misses", False, spec.misses)):
                    for line, example in enumerate(examples):
                        if self._finds(rules, page, spec, example) is not wanted:
                            what = f"{spec.rule} {'does not find' if wanted else 'finds'} {example!r}"
                            remedy = "correct the phrases, or the example"
                            yield page.fault((key, at, side, line), what, remedy)

    def _finds(self, rules: Rules, page: Page, spec: PhraseRule | DetectorRule, example: Example) -> bool:
        texts = (example,) if isinstance(example, str) else example
        language = language_of(page.file)
        spoken = ALONE_LANGUAGE if language == ANY else language
        screened = screen(rules, texts[-1], spoken, spec.by[0], texts[:-1])
        return spec.rule in [one.rule for one in screened.findings]


def _plain(text: str) -> str:
    return fold_letters(text).text.strip()
