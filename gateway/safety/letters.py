"""Letters to staff: rows first, so that a mail server which is away costs time and no letter."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import Letter, LetterState, Staff

TAKEN_FOR = timedelta(minutes=2)  # longer than the mail server may take; then somebody else may try
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Ready:
    """A letter that is to be posted now."""

    id: int
    uid: str
    to_address: str
    language: str
    wording: str
    facts: dict[str, str]


def write(
    session: Session,
    staff: Staff,
    wording: str,
    facts: dict[str, str],
    key: str,
    now: datetime,
    alert_id: int | None = None,
) -> bool:
    """Queue one letter; False when this `key` was written before."""
    values = {
        "dedupe_key": key,
        "staff_id": staff.id,
        "alert_id": alert_id,
        "wording": wording,
        "facts": json.dumps(facts, sort_keys=True),
        "not_before": now,
        "created_at": now,
    }
    return session.add_once(Letter, values) is not None


def take(session: Session, now: datetime) -> Ready | None:
    """The next letter that is due, taken for a while so that two processes do not both post it."""
    row = session.exec(
        select(Letter)
        .where(Letter.state == LetterState.QUEUED, Letter.not_before <= now)
        .order_by(col(Letter.not_before), col(Letter.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    assert row.id is not None
    row.not_before, row.attempts = now + TAKEN_FOR, row.attempts + 1
    session.add(row)
    staff = session.get_one(Staff, row.staff_id)
    address = session.open(staff, "email_sealed")
    return Ready(row.id, row.uid, address, staff.language, row.wording, json.loads(row.facts))


def posted(session: Session, letter_id: int, now: datetime) -> None:
    _settle(session, letter_id, state=LetterState.SENT, sent_at=now, error=None)


def refused(session: Session, letter_id: int, error: str, now: datetime, *, is_final: bool) -> bool:
    """Note that it did not go; it is tried again, ever later, for three days. True when it never will."""
    row = session.get_one(Letter, letter_id)
    if is_final or now - row.created_at > GIVE_UP_AFTER:
        _settle(session, letter_id, state=LetterState.FAILED, error=error[:64])
        return True
    wait = min(FIRST_WAIT * 2 ** min(row.attempts - 1, 10), LONGEST_WAIT)
    _settle(session, letter_id, not_before=now + wait, error=error[:64])
    return False


def _settle(session: Session, letter_id: int, **values: object) -> None:
    session.execute(
        update(Letter)
        .where(col(Letter.id) == letter_id, col(Letter.state) == LetterState.QUEUED)
        .values(**values)
    )
