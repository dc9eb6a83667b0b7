"""Who is signed in. A session is a row here; the browser holds 256 random bits, of which only a keyed hash is kept."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import Staff, StaffSession

TOKEN_BYTES = 32
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # a page that is opened does not always cost a write
LONGEST_DEVICE = 40


def begin(session: Session, staff: Staff, device: str, now: datetime) -> tuple[StaffSession, str]:
    """A new session and its token, which never existed before the password was right (no fixation)."""
    assert staff.id is not None
    token = token_urlsafe(TOKEN_BYTES)
    row = StaffSession(
        staff_id=staff.id,
        token_index=_index(session, token),
        device=device[:LONGEST_DEVICE],
        made_at=now,
        seen_at=now,
        expires_at=now + LONGEST,
    )
    session.add(row)
    session.flush()
    return row, token


def find(session: Session, token: str, idle: timedelta, now: datetime) -> tuple[StaffSession, Staff] | None:
    """The session of this token and its owner; None when it ended, was idle for too long, or the account is disabled."""
    return session.exec(
        select(StaffSession, Staff)
        .join(Staff, col(Staff.id) == StaffSession.staff_id)
        .where(
            StaffSession.token_index == _index(session, token),
            col(StaffSession.ended_at).is_(None),
            col(StaffSession.expires_at) > now,
            col(StaffSession.seen_at) > now - idle,
            col(Staff.disabled_at).is_(None),
        )
    ).first()


def is_stale(row: StaffSession, now: datetime) -> bool:
    """Whether it is time to note that the session was seen."""
    return now - row.seen_at >= SEEN_EVERY


def touch(session: Session, row: StaffSession, now: datetime) -> None:
    """Note that somebody is there, unless the session ended meanwhile."""
    session.execute(
        update(StaffSession)
        .where(col(StaffSession.id) == row.id, col(StaffSession.ended_at).is_(None))
        .values(seen_at=now)
    )


def pass_second_factor(session: Session, row: StaffSession, now: datetime) -> str:
    """The session now counts as whole, under a new token: whoever knew the old one knows nothing."""
    token = token_urlsafe(TOKEN_BYTES)
    row.token_index, row.second_factor_at, row.pending_sealed = _index(session, token), now, None
    session.add(row)
    return token


def end(session: Session, row: StaffSession, now: datetime) -> None:
    row.ended_at = row.ended_at or now
    row.pending_sealed = None
    session.add(row)


def end_all(session: Session, staff_id: int, now: datetime, *, keep: StaffSession | None = None) -> None:
    """End every session of an account, but for `keep`."""
    session.execute(
        update(StaffSession)
        .where(
            col(StaffSession.staff_id) == staff_id,
            col(StaffSession.ended_at).is_(None),
            col(StaffSession.id) != (keep.id if keep else 0),
        )
        .values(ended_at=now, pending_sealed=None)
    )


def open_ones(session: Session, staff_id: int, idle: timedelta, now: datetime) -> list[StaffSession]:
    """The sessions of an account that still work, newest first."""
    return list(
        session.exec(
            select(StaffSession)
            .where(
                StaffSession.staff_id == staff_id,
                col(StaffSession.ended_at).is_(None),
                col(StaffSession.expires_at) > now,
                col(StaffSession.seen_at) > now - idle,
            )
            .order_by(col(StaffSession.id).desc())
        )
    )


def _index(session: Session, token: str) -> bytes:
    return session.index(f"session:{token}")
