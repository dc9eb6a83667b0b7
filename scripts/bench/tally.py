"""The arithmetic of the screen's evaluation, pure: what was found in each row, counted and weighed.

A category counts as found in a row when the screen would show it to somebody. Intervals are Wilson's (95 %), those of a
gap Newcombe's method 10. They take rows for independent, which rows of one template are not: `whole` counts templates
of which every row was judged rightly, and is the sterner figure.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from tests.evaluation.rows import ORDINARY, Label, Row

Z = 1.959964  # of 95 %, two-sided
Screen = Callable[[Row], frozenset[Label]]


@dataclass(frozen=True)
class Share:
    """`hits` out of `total`. Of nothing, nothing is known: the interval is everything."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        if not self.total:
            return 0.0, 1.0
        share, z2 = self.hits / self.total, Z * Z / self.total
        middle = share + z2 / 2
        half = Z * sqrt(share * (1 - share) / self.total + z2 / (4 * self.total))
        return max(0.0, (middle - half) / (1 + z2)), min(1.0, (middle + half) / (1 + z2))


@dataclass(frozen=True)
class Judged:
    row: Row
    found: frozenset[Label]

    @property
    def missed(self) -> frozenset[Label]:
        return self.row.expect - self.found

    @property
    def false(self) -> frozenset[Label]:
        return self.found - self.row.expect - self.row.also


@dataclass(frozen=True)
class Score:
    """Of one subtype in one language, or in both."""

    subtype: str
    language: str  # "en", "fr" or "both"
    recall: Share
    precision: Share
    near_misses: int
    whole: Share  # templates


@dataclass(frozen=True)
class Goal:
    """What issue and design ask of texts never seen; None: nothing is asked."""

    recall: float
    precision: float | None = None


GOALS = {
    "contact-plain": Goal(0.995, 0.98),
    "contact-obfuscated": Goal(0.95, 0.95),
    "contact-handle": Goal(0.90, 0.90),
    "contact-split": Goal(0.90),
    "meeting": Goal(0.80, 0.70),
    "secrecy": Goal(0.80, 0.70),
    "crisis-explicit": Goal(0.95),
    "crisis-oblique": Goal(0.75),
}
GAP_GOAL = 0.03
CRISIS_ALARMS_GOAL = 2.0  # per 1,000 ordinary texts


def judge(rows: Iterable[Row], screen: Screen) -> list[Judged]:
    return [Judged(row, screen(row)) for row in rows]


def by_subtype(judged: Sequence[Judged]) -> list[Score]:
    """Each subtype in both languages together, then English, then French, in the order of the rows."""
    subtypes = dict.fromkeys(each.row.subtype for each in judged if each.row.subtype != ORDINARY)
    return [_score(judged, subtype, language) for subtype in subtypes for language in ("both", "en", "fr")]


def _score(judged: Sequence[Judged], subtype: str, language: str) -> Score:
    own = [each for each in judged if each.row.subtype == subtype and language in ("both", each.row.language)]
    positives = [each for each in own if each.row.expect]
    found = sum(each.row.aim in each.found for each in positives)
    alarms = sum(each.row.aim in each.found for each in own if not each.row.expect)
    return Score(
        subtype,
        language,
        recall=Share(found, len(positives)),
        precision=Share(found, found + alarms),
        near_misses=len(own) - len(positives),
        whole=_whole(positives),
    )


def _whole(positives: Sequence[Judged]) -> Share:
    templates = {each.row.template for each in positives}
    broken = {each.row.template for each in positives if each.row.aim not in each.found}
    return Share(len(templates - broken), len(templates))


def by_category(judged: Sequence[Judged]) -> dict[Label, tuple[Share, Share]]:
    """(recall, precision) of each category over all rows, whatever they aim at. What `also` allows counts nowhere."""
    return {label: _of_category(judged, label) for label in Label}


def _of_category(judged: Sequence[Judged], label: Label) -> tuple[Share, Share]:
    wanted = sum(label in each.row.expect for each in judged)
    found = sum(label in each.row.expect and label in each.found for each in judged)
    false = sum(label in each.false for each in judged)
    return Share(found, wanted), Share(found, found + false)


def gap(judged: Sequence[Judged]) -> tuple[float, float, float]:
    """Recall in English less recall in French over these rows, with its interval; ValueError if one has no positives."""
    english, french = (_recall(judged, language) for language in ("en", "fr"))
    return difference(english, french)


def _recall(judged: Sequence[Judged], language: str) -> Share:
    positives = [each for each in judged if each.row.expect and each.row.language == language]
    return Share(sum(each.row.aim in each.found for each in positives), len(positives))


def difference(one: Share, other: Share) -> tuple[float, float, float]:
    """(one less other, low, high): Newcombe 1998, method 10."""
    if one.value is None or other.value is None:
        raise ValueError("a share of nothing has no difference")
    (low1, high1), (low2, high2) = one.interval, other.interval
    apart = one.value - other.value
    low = apart - sqrt((one.value - low1) ** 2 + (high2 - other.value) ** 2)
    high = apart + sqrt((high1 - one.value) ** 2 + (other.value - low2) ** 2)
    return apart, low, high


def alarms(judged: Sequence[Judged]) -> dict[Label, Share]:
    """Of ordinary texts: how many were shown for each category."""
    return {label: Share(sum(label in each.found for each in judged), len(judged)) for label in Label}


def any_alarm(judged: Sequence[Judged]) -> Share:
    return Share(sum(bool(each.found) for each in judged), len(judged))


def aimed(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """The rows by the category that they aim at, and all of them together."""
    groups: dict[str, list[Judged]] = {"all": list(judged)}
    for each in judged:
        groups.setdefault(str(each.row.aim), []).append(each)
    return groups


def unmet(judged: Sequence[Judged], ordinary: Sequence[Judged]) -> list[str]:
    """The goals that the figures do not reach, each as a sentence; a goal without rows is not reached."""
    scores = {score.subtype: score for score in by_subtype(judged) if score.language == "both"}
    said = [sentence for subtype, goal in GOALS.items() for sentence in _short_of(subtype, goal, scores)]
    for name, own in aimed(judged).items():
        apart = gap(own)[0]
        if abs(apart) > GAP_GOAL + 1e-9:
            said.append(f"{name}: English and French are {abs(apart) * 100:.1f} points apart (at most 3)")
    crisis = (alarms(ordinary)[Label.CRISIS].value or 0) * 1000
    if crisis > CRISIS_ALARMS_GOAL:
        said.append(f"crisis: {crisis:.1f} false alarms per 1,000 ordinary texts (at most 2)")
    return said


def _short_of(subtype: str, goal: Goal, scores: dict[str, Score]) -> list[str]:
    if subtype not in scores:
        return [f"{subtype}: no rows"]
    score = scores[subtype]
    pairs = (("recall", score.recall, goal.recall), ("precision", score.precision, goal.precision))
    return [
        f"{subtype}: {name} {share.value or 0:.3f} (at least {least})"
        for name, share, least in pairs
        if least is not None and (share.value or 0) < least
    ]
