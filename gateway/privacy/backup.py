"""A copy of the database, and what must be doubted when it is put back.

What was waiting when the copy was made may have left since: it is looked up at the provider before anything is sent.
STOP texts that came since are taken in again from the provider's list, before anything leaves.
"""

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlmodel import col, func, update

from gateway.db import Session
from gateway.models import OutboundMessage, OutboundState
from gateway.people.directory import Refused, installation
from gateway.privacy.audit import audit


def copy_sqlite(source: Path, target: Path) -> None:
    """A whole, consistent copy of a live SQLite database, readable by its owner only. Raises Refused."""
    if target.exists():
        raise Refused(f"{target} is there already; name a new file")
    if not source.is_file():
        raise Refused(f"there is no database at {source}")
    draft = target.with_name(f"{target.name}.part")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        with sqlite3.connect(source) as live, sqlite3.connect(draft) as copy:
            live.backup(copy)
        live.close()
        copy.close()
        draft.rename(target)
    except sqlite3.DatabaseError as error:
        draft.unlink(missing_ok=True)
        raise Refused(f"{source} is not a database of the gateway ({error})") from error


def doubt_all(session: Session, actor: str, now: datetime) -> int:
    """After a restore: every text that waits may have left since. Returns how many must be looked up."""
    doubted = session.execute(
        update(OutboundMessage)
        .where(col(OutboundMessage.state).in_([OutboundState.QUEUED, OutboundState.SENDING]))
        .values(
            state=OutboundState.UNCERTAIN,
            reason="restored",
            claimed_at=func.coalesce(OutboundMessage.claimed_at, OutboundMessage.created_at),
            not_before=now,
            looked_up=0,
        )
    )
    installation(session, now).restored_at = now
    count = int(doubted.rowcount)  # type: ignore[attr-defined]
    audit(session, actor, "backup.restore", "installation", now, {"to_look_up": count})
    return count
