"""What will need a human soon, if nothing is written until then; and how much is unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from gateway.db import Session
from gateway.insight.attention import SPEAKING
from gateway.insight.live import Matches
from gateway.models import Match, Need, Reason, Standing


@dataclass(frozen=True)
class Coming:
    """The first reason that time will bring in one match, and when."""

    match: Match
    reason: Reason
    at: datetime


def coming(
    session: Session, among: Matches, now: datetime, *, within: timedelta = timedelta(days=7), most: int = 10
) -> list[Coming]:
    """At most `most` matches in which something begins within that time, the soonest first, each once."""
    rows = session.execute(
        select(Match, col(Need.reason), col(Need.since_at))
        .join(Need, col(Need.match_id) == col(Match.id))
        .where(
            col(Match.id).in_(among),
            col(Match.state).in_(SPEAKING),
            col(Need.since_at) > now,
            col(Need.since_at) <= now + within,
        )
        .order_by(col(Need.since_at), col(Need.rank), col(Need.match_id))
        .limit(most * len(Reason))  # a match has each reason at most once: enough for so many matches
    )
    first: dict[int, Coming] = {}
    for match, reason, at in rows:
        first.setdefault(match.id or 0, Coming(match, reason, at))
    return list(first.values())[:most]


def unread_in(session: Session, match_ids: Sequence[int]) -> dict[int, int]:
    """How many texts nobody on the staff has read yet, by match, as of the last refresh; matches without any are left out."""
    rows = session.execute(
        select(col(Standing.match_id), col(Standing.unread_texts)).where(
            col(Standing.match_id).in_(match_ids), col(Standing.unread_texts) > 0
        )
    )
    return {row.match_id: row.unread_texts for row in rows}
