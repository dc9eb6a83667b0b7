"""The audit trail: append-only, each entry holding the hash of the one before, so that a missing line shows."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import AuditEntry

GENESIS = "0" * 64


def audit(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note one act. `detail` holds ids and plain facts: never a name, a number or a body."""
    session.take_turn("audit")
    last = session.exec(select(AuditEntry.hash).order_by(col(AuditEntry.id).desc()).limit(1)).first()
    entry = AuditEntry(
        at=now.astimezone(UTC),
        actor=actor,
        action=action,
        subject=subject,
        detail=json.dumps(detail or {}, sort_keys=True, ensure_ascii=True),
        previous_hash=last or GENESIS,
        hash="",
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry's own fields and the hash before it."""
    fields = [
        entry.previous_hash,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
    ]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()
