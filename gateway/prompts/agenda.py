"""Which matches and people must be looked at now, and when to look again. A tick reads these and no others."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, func, select, update

from gateway.db import Session
from gateway.models import Agenda, Member, PersonAgenda
from gateway.models.types import UtcDateTime
from gateway.people.alerts import raise_alert

PAUSE_LOOK = timedelta(hours=6)  # a match that is paused may come back
MOST_FAILURES = 5
WAIT_AFTER_FAILURE = timedelta(minutes=10)  # times the number of failures
FAR_AWAY = datetime.fromisoformat("9000-01-01T00:00:00+00:00")  # later than any agenda


def matches_waiting(session: Session, now: datetime, most: int) -> list[int]:
    """The matches that are due for a look, the longest waiting first."""
    due = select(Agenda.match_id).where(col(Agenda.next_look_at) <= now)
    return list(session.exec(due.order_by(col(Agenda.next_look_at)).limit(most)))


def people_waiting(session: Session, now: datetime, most: int) -> list[int]:
    """The people who are due for a look, the longest waiting first."""
    due = select(PersonAgenda.participant_id).where(col(PersonAgenda.next_look_at) <= now)
    return list(session.exec(due.order_by(col(PersonAgenda.next_look_at)).limit(most)))


def of_match(session: Session, match_id: int, now: datetime) -> Agenda | None:
    """A match's agenda, locked, while it is due; None when another scheduler has it, or had it."""
    found: Agenda | None = session.execute(_OF_MATCH, {"match": match_id, "now": now}).scalars().first()
    return found


# Statements that run for every match or text are built once: building them costs more than running them.
_OF_MATCH = (
    select(Agenda)
    .where(
        col(Agenda.match_id) == bindparam("match"),
        col(Agenda.next_look_at) <= bindparam("now", type_=UtcDateTime()),
    )
    .with_for_update(skip_locked=True)
)


def of_person(session: Session, participant_id: int, now: datetime) -> PersonAgenda | None:
    """A person's agenda, locked, while it is due; None when another scheduler has it, or had it."""
    due = select(PersonAgenda).where(
        PersonAgenda.participant_id == participant_id, col(PersonAgenda.next_look_at) <= now
    )
    return session.exec(due.with_for_update(skip_locked=True)).first()


def match_failed(session: Session, match_id: int, now: datetime) -> bool:
    """A look at this match raised: look later; after several, set it aside where staff see it. True when set aside."""
    row = session.get_one(Agenda, match_id)
    if not _put_off(row, now):
        return False
    member = session.exec(
        select(Member.participant_id).where(Member.match_id == match_id).order_by(col(Member.id)).limit(1)
    ).first()
    if member:
        raise_alert(session, member, "match_set_aside", now)
    return True


def person_failed(session: Session, participant_id: int, now: datetime) -> bool:
    """As `match_failed`, for a look at one person."""
    row = session.get_one(PersonAgenda, participant_id)
    if not _put_off(row, now):
        return False
    raise_alert(session, participant_id, "person_set_aside", now)
    return True


def _put_off(row: Agenda | PersonAgenda, now: datetime) -> bool:
    row.failures += 1
    is_set_aside = row.failures >= MOST_FAILURES
    row.next_look_at = None if is_set_aside else now + WAIT_AFTER_FAILURE * row.failures
    return is_set_aside


def look_soon(session: Session, match_id: int, by: datetime) -> None:
    """Something happened in the match: look at it no later than `by`."""
    session.execute(_SOONER, {"match": match_id, "by": by})


_SOONER = (
    update(Agenda)
    .where(
        col(Agenda.match_id) == bindparam("match"),
        func.coalesce(Agenda.next_look_at, FAR_AWAY) > bindparam("by", type_=UtcDateTime()),
    )
    .values(next_look_at=bindparam("by", type_=UtcDateTime()))
    .execution_options(synchronize_session=False)
)


def tag(session: Session, match_id: int, tags: Sequence[str], now: datetime) -> None:
    """Set a match's tags, and look at it again. It also takes up a match again that was set aside."""
    session.execute(
        update(Agenda)
        .where(col(Agenda.match_id) == match_id)
        .values(tags=",".join(tags), next_look_at=now, failures=0)
    )
