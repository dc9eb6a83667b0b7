"""Decides on one text: what is found in it, and what the policy says of that. Pure, offline, linear in the length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.safety.screen.automaton import Hit, is_exception
from gateway.safety.screen.detectors import DETECTORS, Sight
from gateway.safety.screen.folding import Plain, fold_letters
from gateway.safety.screen.rules import Rule, Rules
from gateway.safety.screen.verdicts import Category, Finding, Screened, Verdict, Writer
from gateway.safety.screen.wording import Word, words_of

LOOK_BACK = 5  # texts
EDGE = 12  # words of the text before, and of this one, that are read as one sentence
MOST_FINDINGS = 50
LONGEST_RECENT = 400  # letters of an earlier text that may still matter
SHORTEST_QUOTE = 40  # letters around a finding that `explain` shows


def screen(rules: Rules, text: str, language: str, writer: Writer, recent: Sequence[str] = ()) -> Screened:
    """What `text` holds and what must happen to it.

    `recent` are the last texts of the same writer in the same match, oldest first; the last five count. The same
    arguments always give the same answer.
    """
    plain = fold_letters(text)
    earlier = [fold_letters(one) for one in recent[-LOOK_BACK:] if len(one) <= LONGEST_RECENT]
    found = list(_detected(rules, Sight(plain, earlier, rules.passed_on), writer))
    found += _phrased(rules, plain, earlier, language, writer)
    findings = tuple(sorted(set(found), key=lambda one: (one.span, one.category, one.rule))[:MOST_FINDINGS])
    actions = [rules.policy[one.category][writer] for one in findings]
    verdict = max((action.verdict for action in actions), key=lambda one: one.weight, default=Verdict.ALLOW)
    return Screened(verdict, findings, rules.version, any(action.is_held for action in actions))


def _detected(rules: Rules, sight: Sight, writer: Writer) -> Iterator[Finding]:
    for slug, rule in rules.detected.items():
        if writer in rule.by:
            for start, end in DETECTORS[slug](sight):
                yield Finding(rule.category, slug, sight.plain.span(start, end))


def _phrased(
    rules: Rules, plain: Plain, earlier: Sequence[Plain], language: str, writer: Writer
) -> Iterator[Finding]:
    words = words_of(plain, language, rules.lexicon, rules.vocabulary)
    for rule, hit in _standing(rules, words, writer):
        yield Finding(rule.category, rule.slug, plain.span(words[hit.first].start, words[hit.last].end))
    if not earlier:
        return
    before = words_of(earlier[-1], language, rules.lexicon, rules.vocabulary)[-EDGE:]
    here = words[:EDGE]
    for rule, hit in _standing(rules, [*before, *here], writer):
        if rule.category is Category.CONTACT and hit.first < len(before) <= hit.last:
            yield Finding(
                rule.category, rule.slug, plain.span(here[0].start, words[hit.last - len(before)].end)
            )


def _standing(rules: Rules, words: Sequence[Word], writer: Writer) -> Iterator[tuple[Rule, Hit]]:
    """Hits of the rules that look at this writer, less those that an exception of the same rule lies over."""
    hits = rules.automaton.find(words)
    spared: dict[int, list[Hit]] = {}
    for hit in hits:
        if is_exception(hit.owner):
            spared.setdefault(hit.owner // 2, []).append(hit)
    last: dict[int, int] = {}
    for hit in hits:
        number = hit.owner // 2
        rule = rules.phrased[number]
        if is_exception(hit.owner) or writer not in rule.by or hit.first <= last.get(number, -1):
            continue
        if not any(_overlap(hit, other) for other in spared.get(number, ())):
            last[number] = hit.last
            yield rule, hit


def _overlap(one: Hit, other: Hit) -> bool:
    return one.first <= other.last and other.first <= one.last


@dataclass(frozen=True)
class Explained:
    """One finding for a person to read: the words in question with a little around them, the rule and its reason."""

    category: Category
    rule: str
    why: str
    before: str
    words: str
    after: str


def explain(rules: Rules, screened: Screened, text: str, language: str = "en") -> list[Explained]:
    """Why each finding is one, in the order of the text. `text` is the one that was screened; reasons in `language`."""
    explained = []
    for one in screened.findings:
        start, end = one.span
        before, after = text[max(0, start - SHORTEST_QUOTE) : start], text[end : end + SHORTEST_QUOTE]
        explained.append(
            Explained(one.category, one.rule, rules.why(one.rule, language), before, text[start:end], after)
        )
    return explained
