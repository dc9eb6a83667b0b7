"""The one gate: which private rows a member of staff may read. The console reads none but through here.

A row that is not the viewer's and a row that does not exist are answered alike (`Hidden`), so that ids cannot be probed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, false, literal, or_, true
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db import Session
from gateway.models import AuditEntry, Guardianship, Match, Member, Participant, Staff, StaffRole

T = TypeVar("T")


class Hidden(LookupError):
    """There is no such row, or it is not for this viewer: the same answer for both."""


class Act(StrEnum):
    """What a member of staff may be allowed to do. Every page of the console asks for one of these."""

    LOOK = "look"  # names and texts: today, threads, people
    CARE = "care"  # write to members, pause, note, hand over, close
    REVIEW = "review"  # release or discard what is held
    ENROL = "enrol"  # people, matches and lines: add, edit, import, export
    AUTHOR = "author"  # put prompts and conversations in use
    COUNT = "count"  # figures without names
    AUDIT = "audit"  # who did what
    STAFF = "staff"  # invite, change and disable colleagues
    INSTALL = "install"  # communities and settings
    SIGN_IN = "sign_in"  # one's own account


_CARING = frozenset({Act.LOOK, Act.CARE, Act.REVIEW, Act.COUNT, Act.SIGN_IN})
_RUNNING: frozenset[Act] = _CARING | {Act.ENROL, Act.AUTHOR, Act.AUDIT, Act.STAFF}
MAY: dict[StaffRole, frozenset[Act]] = {
    StaffRole.COORDINATOR: _CARING,
    StaffRole.ADMIN: _RUNNING,
    StaffRole.AUDITOR: frozenset({Act.COUNT, Act.AUDIT, Act.SIGN_IN}),
    # Whoever installs holds the keys and the database, and could read all of it unseen. An owner therefore reads here,
    # where each reading is on record, and can stand in when a community's only admin is away.
    StaffRole.OWNER: frozenset(Act),
}


@dataclass(frozen=True)
class Viewer:
    """The member of staff who looks. `community_id` is None for an owner, who belongs to no community."""

    staff_id: int
    uid: str
    role: StaffRole
    community_id: int | None
    name: str
    language: str
    zone: ZoneInfo

    @property
    def actor(self) -> str:
        """How the audit names this person."""
        return f"staff:{self.uid}"


def viewer_of(session: Session, staff: Staff) -> Viewer:
    """The viewer that this member of staff is. Without a name, the e-mail address stands for it."""
    assert staff.id is not None
    return Viewer(
        staff_id=staff.id,
        uid=staff.uid,
        role=staff.role,
        community_id=staff.community_id,
        name=session.open(staff, "name_sealed" if staff.name_sealed else "email_sealed"),
        language=staff.language,
        zone=ZoneInfo(staff.timezone),
    )


def may(viewer: Viewer, act: Act) -> bool:
    """Whether this role allows the act at all; on which rows is a question for the functions below."""
    return act in MAY[viewer.role]


def sees_match(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Match` that its private rows are this viewer's to read. Join it to texts, runs and answers."""
    if not may(viewer, Act.LOOK):
        return false()
    if viewer.role is StaffRole.OWNER:
        return true()
    own = _belongs(viewer, col(Match.community_id))
    if viewer.role is StaffRole.COORDINATOR:
        return own & (col(Match.coordinator_id) == viewer.staff_id)
    return own


def counts_match(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Match` that it is counted in this viewer's figures: an auditor's are of the whole community.

    It opens no private row. Who may not look is shown no figure of fewer than five matches.
    """
    if may(viewer, Act.COUNT) and not may(viewer, Act.LOOK):
        return _belongs(viewer, col(Match.community_id))
    return sees_match(viewer)


def sees_person(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Participant` that this person is the viewer's to see; a youth's guardians go with the youth."""
    if viewer.role is StaffRole.COORDINATOR:
        hers = (
            select(Member.participant_id)
            .join(Match, col(Match.id) == Member.match_id)
            .where(sees_match(viewer))
        )
        guardians = select(Guardianship.guardian_id).where(col(Guardianship.youth_id).in_(hers))
        return col(Participant.id).in_(hers) | col(Participant.id).in_(guardians)
    if viewer.role is StaffRole.OWNER:
        return true()
    if not may(viewer, Act.LOOK):
        return false()
    return _belongs(viewer, col(Participant.community_id))


def matches_for(viewer: Viewer) -> SelectOfScalar[Match]:
    """The matches that this viewer may read, in no order."""
    return select(Match).where(sees_match(viewer))


def people_for(viewer: Viewer) -> SelectOfScalar[Participant]:
    """The people whom this viewer may see, in no order."""
    return select(Participant).where(sees_person(viewer))


def match_for(session: Session, viewer: Viewer, uid: str) -> Match:
    """The match with this `uid`. Raises Hidden."""
    return _found(session.exec(matches_for(viewer).where(Match.uid == uid)).first())


def person_for(session: Session, viewer: Viewer, uid: str) -> Participant:
    """The person with this `uid`. Raises Hidden."""
    return _found(session.exec(people_for(viewer).where(Participant.uid == uid)).first())


def staff_for(viewer: Viewer) -> SelectOfScalar[Staff]:
    """The colleagues whom this viewer may look after: those of the own community, for an owner everybody."""
    if not may(viewer, Act.STAFF):
        return select(Staff).where(false())
    if viewer.role is StaffRole.OWNER:
        return select(Staff)
    return select(Staff).where(_belongs(viewer, col(Staff.community_id)))


def carers_for(viewer: Viewer, of: Match | Participant) -> SelectOfScalar[Staff]:
    """The colleagues to whom this viewer may hand it: coordinators of its community whose account is open."""
    if not may(viewer, Act.CARE):
        return select(Staff).where(false())
    return select(Staff).where(
        Staff.role == StaffRole.COORDINATOR,
        Staff.community_id == of.community_id,
        col(Staff.disabled_at).is_(None),
    )


def audit_for(viewer: Viewer) -> SelectOfScalar[AuditEntry]:
    """The entries that this viewer may read: by staff of the own community, or about its staff, matches and people."""
    if not may(viewer, Act.AUDIT):
        return select(AuditEntry).where(false())
    if viewer.role is StaffRole.OWNER:
        return select(AuditEntry)
    subjects = [
        select(literal(f"{kind}:") + cast(table.id, String)).where(_belongs(viewer, col(table.community_id)))
        for kind, table in (("match", Match), ("participant", Participant), ("staff", Staff))
    ]
    actors = select(literal("staff:") + col(Staff.uid)).where(_belongs(viewer, col(Staff.community_id)))
    return select(AuditEntry).where(
        or_(
            col(AuditEntry.actor).in_(actors),
            *(col(AuditEntry.subject).in_(subject) for subject in subjects),
        )
    )


def _belongs(viewer: Viewer, community_id: Mapped[int] | Mapped[int | None]) -> ColumnElement[bool]:
    """The condition that a row is of the viewer's community. Whoever belongs to none has no row (None is no wildcard)."""
    return false() if viewer.community_id is None else community_id == viewer.community_id


def _found(row: T | None) -> T:
    if row is None:
        raise Hidden
    return row
