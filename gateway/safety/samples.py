"""Threads that chance picks for a look, among those in which nothing was found: so that what the screen misses is seen.

The same day and the same matches give the same picks, whoever asks and however often.
"""

import hashlib
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Finding, InboundMessage, Match, MatchState, Sample

QUIET_FOR = timedelta(days=30)  # without a finding


def pick(session: Session, percent_a_week: int, now: datetime) -> int:
    """Pick today's share; returns how many are new. Does nothing more on a day that has its picks."""
    today = now.date()
    if (
        not percent_a_week
        or session.exec(select(Sample.id).where(Sample.picked_on == today).limit(1)).first()
    ):
        return 0
    found = select(InboundMessage.match_id).join(Finding, col(Finding.inbound_id) == InboundMessage.id)
    unflagged = select(Match.id, Match.uid).where(
        Match.state == MatchState.ACTIVE,
        col(Match.id).not_in(
            found.where(col(InboundMessage.match_id).is_not(None), Finding.at > now - QUIET_FOR)
        ),
    )
    picked = [match_id for match_id, uid in session.exec(unflagged) if is_picked(uid, today, percent_a_week)]
    new = [session.add_once(Sample, {"match_id": match_id, "picked_on": today}) for match_id in picked]
    return len([one for one in new if one is not None])


def is_picked(match_uid: str, day: date, percent_a_week: int) -> bool:
    """Whether chance, with the day as its seed, picks this thread: about `percent_a_week` of all in seven days."""
    drawn = int.from_bytes(hashlib.sha256(f"{day}:{match_uid}".encode()).digest()[:8])
    return drawn / 2**64 < percent_a_week / 100 / 7


def waiting(session: Session) -> list[Sample]:
    """Picks that nobody has looked at, oldest first."""
    return list(
        session.exec(select(Sample).where(col(Sample.looked_at).is_(None)).order_by(col(Sample.id))).all()
    )


def looked_at(session: Session, sample: Sample, staff_id: int | None, now: datetime) -> None:
    sample.looked_at, sample.looked_by = sample.looked_at or now, sample.looked_by or staff_id
    session.add(sample)
