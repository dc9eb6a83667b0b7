"""A change to what the program says, from the first look to the moment when it is in use.

A proposal holds the whole set as it would be, read through already. Putting it in use twice is putting it in use once,
and it never undoes what a colleague put in use meanwhile.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from gateway.authored.changes import Changes, Files, changes, line_changes
from gateway.authored.costs import Cost, month_of
from gateway.db import Session
from gateway.editions.sets import cost_of
from gateway.library import decoded, files_of, live_files, live_version, store
from gateway.models import ContentKind, ContentProposal
from gateway.privacy.audit import audit

KEPT_FOR = timedelta(days=7)


class Overtaken(Exception):
    """Another set was put in use after this proposal was made."""


@dataclass(frozen=True)
class Preview:
    """What a proposal would change. `texts` are those of new and changed files; money is for `pairs` pairs a month."""

    kind: ContentKind
    changes: Changes
    lines: tuple[tuple[str, tuple[str, ...]], ...]  # of each changed and each new file
    texts: tuple[Cost, ...]
    month_before: float
    month_after: float
    files: int
    is_used: bool
    is_overtaken: bool


def propose(
    session: Session, kind: ContentKind, files: Files, staff_id: int, now: datetime
) -> ContentProposal:
    """Keep a whole set for a look. Raises AuthoringRefused with every fault, and then nothing is kept."""
    cost_of(kind, files)
    session.execute(delete(ContentProposal).where(col(ContentProposal.created_at) < now - KEPT_FOR))
    row = ContentProposal(
        kind=kind,
        files=json.dumps(decoded(files)),
        based_on_id=live_version(session, kind) or None,
        staff_id=staff_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def proposal_named(session: Session, uid: str) -> ContentProposal | None:
    """None when there is no such proposal any more."""
    return session.exec(select(ContentProposal).where(ContentProposal.uid == uid)).first()


def preview(session: Session, row: ContentProposal, pairs: int, price: float) -> Preview:
    """What putting it in use would do to the set in use now; to the one before it when that has happened already."""
    after = _files(row)
    is_used = row.used_at is not None
    before = _based_on(session, row) if is_used else live_files(session, row.kind)
    found = changes(before, after)
    costs = cost_of(row.kind, after)
    touched = {*found.new, *found.changed}
    return Preview(
        kind=row.kind,
        changes=found,
        lines=tuple(
            (name, tuple(line_changes(name, before.get(name, b""), after[name])[2:]))
            for name in (*found.changed, *found.new)
        ),
        texts=tuple(cost for cost in costs if cost.file in touched),
        month_before=month_of(cost_of(row.kind, before), pairs, price),
        month_after=month_of(costs, pairs, price),
        files=len(after),
        is_used=is_used,
        is_overtaken=not is_used and _is_overtaken(session, row),
    )


def put_in_use(session: Session, row: ContentProposal, actor: str, now: datetime) -> int:
    """Make it the set in use, and write that into the audit. Returns the version. Raises Overtaken."""
    if row.used_at is None and _is_overtaken(session, row):
        raise Overtaken
    if row.used_at is not None:
        return live_version(session, row.kind)
    files = _files(row)
    version = store(session, row.kind, files, now)
    row.used_at = now
    session.add(row)
    audit(session, actor, f"{row.kind}.load", f"version:{version}", now, {"files": len(files)})
    return version


def _is_overtaken(session: Session, row: ContentProposal) -> bool:
    return live_version(session, row.kind) != (row.based_on_id or 0)


def _based_on(session: Session, row: ContentProposal) -> Files:
    return files_of(session, row.based_on_id) if row.based_on_id else {}


def _files(row: ContentProposal) -> dict[str, bytes]:
    return {name: str(source).encode() for name, source in json.loads(row.files).items()}
