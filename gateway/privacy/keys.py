"""Moving to a new key: each data key is wrapped again, and nothing that it sealed has to change."""

from datetime import datetime

from sqlmodel import col, select

from gateway.crypto import ring_id_of
from gateway.db import Session
from gateway.models import DataKey
from gateway.privacy.audit import audit


def rewrap(session: Session, actor: str, now: datetime) -> int:
    """Wrap every data key under the ring's first key; returns how many changed. Safe to run twice, and under load."""
    ring = session.vault.ring
    count = 0
    for row in session.exec(select(DataKey).where(col(DataKey.wrapped).is_not(None)).with_for_update()):
        assert row.wrapped is not None
        if ring_id_of(row.wrapped) != ring.first_id:
            row.wrapped = ring.wrap(ring.unwrap(row.wrapped, row.uid), row.uid)
            session.add(row)
            count += 1
    audit(session, actor, "keys.rotate", "installation", now, {"to": ring.first_id, "count": count})
    return count
