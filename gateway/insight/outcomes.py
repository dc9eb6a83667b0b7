"""What the program changed, as far as its questionnaires tell: the same questions before and after.

A conversation whose name ends in `-pre` is compared with the one that ends in `-post`, question by question, over the
people who answered both with a number. Nothing is said of fewer than five people, and nothing that would tell it by
subtraction.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from sqlalchemy import or_, select
from sqlmodel import col

from gateway.db import Erased, Session
from gateway.insight.live import Matches
from gateway.insight.small_counts import LEAST, hide, shown
from gateway.models import KeptAnswer, Run

PRE, POST = "-pre", "-post"
When = Literal["pre", "post"]
Scores = dict[
    tuple[str, str], dict[int, dict[When, float]]
]  # (questionnaire, question) -> person -> when -> score


@dataclass(frozen=True)
class Outcome:
    """One question. Means are of the people who answered both times, to one decimal; None: too few to be shown."""

    questionnaire: str
    question: str
    before: int | None
    after: int | None
    both: int | None
    mean_before: float | None
    mean_after: float | None
    rose: int | None
    same: int | None
    fell: int | None


def outcomes(session: Session, among: Matches) -> list[Outcome]:
    """Every question that was asked before or after, in these matches, in the order of their names."""
    scores = _scores(session, among)
    return [_outcome(*asked, scores[asked]) for asked in sorted(scores)]


def _scores(session: Session, among: Matches) -> Scores:
    """Each person's first answer before and last answer after."""
    rows = session.execute(
        select(KeptAnswer, col(Run.flow))
        .join(Run, col(Run.id) == KeptAnswer.run_id)
        .where(
            or_(col(Run.flow).endswith(PRE), col(Run.flow).endswith(POST)),
            col(KeptAnswer.match_id).in_(among),
        )
        .order_by(col(KeptAnswer.id))
    )
    scores: Scores = defaultdict(lambda: defaultdict(dict))
    for answer, flow in rows:
        score = _score(session, answer)
        if score is None:
            continue
        name, _, ending = flow.rpartition("-")
        mine = scores[name, answer.question][answer.participant_id]
        if ending == "pre":
            mine.setdefault("pre", score)
        else:
            mine["post"] = score
    return scores


def _score(session: Session, answer: KeptAnswer) -> float | None:
    """None for an answer that is no number, or whose key was destroyed."""
    try:
        return float(session.open(answer, "value_sealed"))
    except (ValueError, Erased):
        return None


def _outcome(questionnaire: str, question: str, people: Mapping[int, Mapping[When, float]]) -> Outcome:
    before = sum("pre" in each for each in people.values())
    after = sum("post" in each for each in people.values())
    pairs = [(each["pre"], each["post"]) for each in people.values() if len(each) == 2]
    moved = {
        "rose": sum(post > pre for pre, post in pairs),
        "same": sum(post == pre for pre, post in pairs),
        "fell": sum(post < pre for pre, post in pairs),
    }
    may_show = len(pairs) >= LEAST
    seen = hide(moved) if may_show else dict.fromkeys(moved)
    both = shown(len(pairs))
    return Outcome(
        questionnaire=questionnaire,
        question=question,
        before=_beside(before, len(pairs)),
        after=_beside(after, len(pairs)),
        both=both,
        mean_before=round(fmean(pre for pre, _ in pairs), 1) if may_show else None,
        mean_after=round(fmean(post for _, post in pairs), 1) if may_show else None,
        **seen,
    )


def _beside(count: int, both: int) -> int | None:
    """A count of which `both` is a part: hidden too when the rest, which subtraction would tell, is too small."""
    return count if shown(count) == count and shown(count - both) == count - both else None
