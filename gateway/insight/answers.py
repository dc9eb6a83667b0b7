"""What people answered to check-ins and questionnaires. Whoever opens answers audits it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from gateway.db import Erased, Session
from gateway.insight.live import Matches
from gateway.models import KeptAnswer, Participant, Run


@dataclass(frozen=True)
class Answered:
    """One answer. `value` is None when its key was destroyed."""

    id: int
    at: datetime
    who: str
    participant_id: int
    match: int | None
    conversation: str
    question: str
    value: str | None

    def facts(self) -> dict[str, object]:
        """As plain values for JSON."""
        return {
            "answer": self.id,
            "at": self.at.isoformat(),
            "who": self.who,
            "match": self.match,
            "conversation": self.conversation,
            "question": self.question,
            "value": self.value,
        }


def answers(
    session: Session,
    *,
    among: Matches | None = None,
    match_id: int | None = None,
    participant_id: int | None = None,
    question: str | None = None,
    before_id: int | None = None,
    most: int = 50,
) -> list[Answered]:
    """The newest answers, newest first; `before_id` goes on after the last one of a page.

    `among` keeps to the matches that a viewer may see; None: all, for the command line only.
    """
    query = (
        select(KeptAnswer, col(Participant.key), col(Run.flow))
        .join(Participant, col(Participant.id) == KeptAnswer.participant_id)
        .join(Run, col(Run.id) == KeptAnswer.run_id)
    )
    wanted = {
        KeptAnswer.match_id: match_id,
        KeptAnswer.participant_id: participant_id,
        KeptAnswer.question: question,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(col(column) == value)
    if among is not None:
        query = query.where(col(KeptAnswer.match_id).in_(among))
    if before_id is not None:
        query = query.where(col(KeptAnswer.id) < before_id)
    rows = session.execute(query.order_by(col(KeptAnswer.id).desc()).limit(most))
    return [_answered(session, row, key, flow) for row, key, flow in rows]


def _answered(session: Session, row: KeptAnswer, key: str, flow: str) -> Answered:
    try:
        value: str | None = session.open(row, "value_sealed")
    except Erased:
        value = None
    return Answered(row.id or 0, row.at, key, row.participant_id, row.match_id, flow, row.question, value)
