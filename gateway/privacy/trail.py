"""Reading the audit: by person, act, subject and time, the newest first; and whether the chain still holds.

It shows ids and plain facts. What staff wrote in their own words (a waiver's reason) is shown only to those who may
read names and words.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db import Session
from gateway.models import AuditEntry
from gateway.privacy.audit import GENESIS, hash_of

PLAIN = re.compile(r"[\w.:/@+-]{1,80}", re.ASCII)
Fact = str | int | float | bool | None


@dataclass(frozen=True)
class Wanted:
    """Which entries: each part that is given must hold. `actor` and `subject` are whole, `action` may end in a dot."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def among(self, visible: SelectOfScalar[AuditEntry]) -> SelectOfScalar[AuditEntry]:
        """Of the entries that the viewer may read, these."""
        query = visible
        if self.actor:
            query = query.where(AuditEntry.actor == self.actor)
        if self.action.endswith("."):
            query = query.where(col(AuditEntry.action).startswith(self.action, autoescape=True))
        elif self.action:
            query = query.where(AuditEntry.action == self.action)
        if self.subject:
            query = query.where(AuditEntry.subject == self.subject)
        if self.since:
            query = query.where(col(AuditEntry.at) >= self.since)
        return query.where(col(AuditEntry.at) < self.until) if self.until else query


def newest(
    session: Session, among: SelectOfScalar[AuditEntry], most: int, before_id: int | None = None
) -> list[AuditEntry]:
    """The newest of them, newest first; `before_id` goes on after the last entry of a page."""
    query = among.where(col(AuditEntry.id) < before_id) if before_id else among
    return list(session.exec(query.order_by(col(AuditEntry.id).desc()).limit(most)))


def facts_of(entry: AuditEntry, *, with_words: bool) -> dict[str, Fact]:
    """The detail as plain values; what could be somebody's words becomes "…" unless `with_words`."""
    found = json.loads(entry.detail)
    return {
        str(name): value if with_words or not isinstance(value, str) or PLAIN.fullmatch(value) else "…"
        for name, value in found.items()
        if isinstance(value, str | int | float | None)
    }


def as_facts(entry: AuditEntry, *, with_words: bool) -> dict[str, object]:
    """One entry as plain values for JSON and CSV."""
    return {
        "entry": entry.id,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": facts_of(entry, with_words=with_words),
    }


@dataclass(frozen=True)
class Chain:
    """What walking the whole chain found. `broken_id`: the first entry that does not follow from the one before it.

    `last_hash` can be kept elsewhere: an end that was cut off cannot be seen from what is left.
    """

    entries: int
    since: datetime | None
    last_hash: str
    broken_id: int | None
    holds: bool | None  # whether the hash that was asked for is in it; None when none was asked for

    @property
    def is_whole(self) -> bool:
        return self.broken_id is None and self.holds is not False


def walk(session: Session, expected: str | None = None) -> Chain:
    """Check every entry from the first one on. Linear in their number; nothing is held in memory."""
    count, since, previous, holds = 0, None, GENESIS, None if expected is None else expected == GENESIS
    for entry in _in_order(session):
        if entry.previous_hash != previous or entry.hash != hash_of(entry):
            return Chain(count, since, previous, entry.id, holds)
        count, since, previous = count + 1, since or entry.at, entry.hash
        holds = holds or entry.hash == expected if expected is not None else None
    return Chain(count, since, previous, None, holds)


def _in_order(session: Session) -> Iterator[AuditEntry]:
    return iter(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).yield_per(500))
