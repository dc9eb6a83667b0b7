"""The sets that were in use: which, since when, and who put them there, as the audit tells."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.library import live_version
from gateway.models import AuditEntry, ContentKind, ContentVersion

MOST = 30


@dataclass(frozen=True)
class Edition:
    """One version. `hash` names it in addresses; `actor` is as in the audit, None when it was loaded with the sample."""

    id: int
    hash: str
    kind: ContentKind
    live_at: datetime
    actor: str | None
    is_live: bool


def editions(session: Session, kind: ContentKind) -> list[Edition]:
    """The latest versions of a kind, the one in use first."""
    rows = session.exec(
        select(ContentVersion)
        .where(ContentVersion.kind == kind)
        .order_by(col(ContentVersion.live_at).desc(), col(ContentVersion.id).desc())
        .limit(MOST)
    ).all()
    actors = _actors(session, kind, [row.id or 0 for row in rows])
    live = live_version(session, kind)
    return [
        Edition(row.id or 0, row.hash, row.kind, row.live_at, actors.get(row.id or 0), row.id == live)
        for row in rows
    ]


def edition_named(session: Session, kind: ContentKind, digest: str) -> ContentVersion | None:
    """The version with this hash, None when there is none."""
    return session.exec(
        select(ContentVersion).where(ContentVersion.kind == kind, ContentVersion.hash == digest)
    ).first()


def _actors(session: Session, kind: ContentKind, version_ids: list[int]) -> dict[int, str]:
    """Who put each version in use last."""
    subjects = {f"version:{version_id}": version_id for version_id in version_ids}
    rows = session.exec(
        select(AuditEntry)
        .where(col(AuditEntry.subject).in_(subjects), AuditEntry.action == f"{kind}.load")
        .order_by(col(AuditEntry.id))
    )
    return {subjects[row.subject]: row.actor for row in rows}
