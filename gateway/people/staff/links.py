"""Links by which a member of staff sets a password: good once, and not for long. Only a keyed hash of one is kept."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Staff, StaffToken, TokenKind
from gateway.people.directory import Refused
from gateway.people.staff.accounts import end_links

TOKEN_BYTES = 32
GOOD_FOR = {TokenKind.INVITATION: timedelta(hours=72), TokenKind.RESET: timedelta(hours=1)}


def make(session: Session, staff: Staff, kind: TokenKind, now: datetime) -> str:
    """The secret part of a new link; every older link of this account stops working. Raises Refused when disabled."""
    assert staff.id is not None
    if staff.disabled_at:
        raise Refused("this account is disabled")
    end_links(session, staff.id, now)
    token = token_urlsafe(TOKEN_BYTES)
    session.add(
        StaffToken(
            staff_id=staff.id,
            kind=kind,
            token_index=_index(session, token),
            made_at=now,
            expires_at=now + GOOD_FOR[kind],
        )
    )
    session.flush()
    return token


def holder(session: Session, token: str, now: datetime) -> tuple[StaffToken, Staff] | None:
    """Whom a link lets in; None when it is unknown, used, replaced, too old, or the account is disabled."""
    return session.exec(
        select(StaffToken, Staff)
        .join(Staff, col(Staff.id) == StaffToken.staff_id)
        .where(
            StaffToken.token_index == _index(session, token),
            col(StaffToken.ended_at).is_(None),
            col(StaffToken.expires_at) > now,
            col(Staff.disabled_at).is_(None),
        )
        .with_for_update(of=StaffToken)
    ).first()


def _index(session: Session, token: str) -> bytes:
    return session.index(f"link:{token}")
