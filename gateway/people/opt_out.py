"""STOP and START. The truth is kept by phone, for the whole program, whoever holds the phone and whatever the line.

Source: Canadian short-code rules 3.9 (STOP, ARRET, free, at once); Twilio 21610 is learnt as well.
"""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import OptOut, OutboundMessage, OutboundState, is_for_its_reader


def is_opted_out(session: Session, phone_index: bytes) -> bool:
    row = session.get(OptOut, phone_index)
    return row is not None and row.active


def opt_out(session: Session, phone_index: bytes, how: str, now: datetime) -> bool:
    """Stop everything to this phone, also what waits. True when that is news. Safe to call twice.

    What somebody wrote after a REPORT was never for this phone: it goes on waiting for staff.
    """
    changed = _set(session, phone_index, True, how, now)
    session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.to_index) == phone_index,
            is_for_its_reader(),
        )
        .values(state=OutboundState.CANCELLED, reason="opted_out", settled_at=now)
    )
    return changed


def opt_in(session: Session, phone_index: bytes, how: str, now: datetime) -> bool:
    """Texts may go to this phone again. What was cancelled stays cancelled. True when that is news."""
    return _set(session, phone_index, False, how, now)


def opted_out_among(session: Session, phone_indexes: list[bytes]) -> set[bytes]:
    """Those of the phones that are opted out."""
    return set(session.execute(_AWAY, {"phones": phone_indexes}).scalars())


_AWAY = select(OptOut.phone_index).where(
    col(OptOut.phone_index).in_(bindparam("phones", expanding=True)), col(OptOut.active)
)


def _set(session: Session, phone_index: bytes, active: bool, how: str, now: datetime) -> bool:
    session.add_once(OptOut, {"phone_index": phone_index, "active": False, "how": "", "changed_at": now})
    changed = session.execute(
        update(OptOut)
        .where(col(OptOut.phone_index) == phone_index, col(OptOut.active) != active)
        .values(active=active, how=how, changed_at=now)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined,no-any-return]
