"""Who answers for alerts: whoever is on duty, then the match's coordinator, then the others of the community."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlmodel import col, func, or_, select

from gateway.db import Session
from gateway.models import Alert, DutyShift, Match, Member, Staff, StaffRole
from gateway.people.alerts import Reason
from gateway.people.directory import Refused, house_key

ANSWERING = (
    StaffRole.COORDINATOR,
    StaffRole.ADMIN,
    StaffRole.OWNER,
)  # an auditor reads the trail, not threads
SECOND_EYES = (StaffRole.ADMIN, StaffRole.OWNER)
SENSITIVE = (Reason.CRISIS, Reason.DISCLOSURE, Reason.SEXUAL, Reason.REPORT, Reason.REPORT_STAFF)


def on_duty(session: Session, community_id: int | None, now: datetime) -> list[Staff]:
    """Those on duty at `now`, who is told first first; shifts for all communities count for each."""
    return list(
        session.exec(
            select(Staff)
            .join(DutyShift, col(DutyShift.staff_id) == Staff.id)
            .where(
                DutyShift.starts_at <= now,
                DutyShift.ends_at > now,
                _serves(col(DutyShift.community_id), community_id),
                col(Staff.disabled_at).is_(None),
            )
            .order_by(col(DutyShift.rank), col(DutyShift.id))
        ).all()
    )


def chain(session: Session, alert: Alert, now: datetime) -> list[Staff]:
    """Who is told of an alert, in turn, each once, and never whom it is kept from.

    A report about staff is for admins and owners; only where there is none other, for the other coordinators.
    """
    found = on_duty(session, alert.community_id, now)
    match = session.get(Match, alert.match_id) if alert.match_id else None
    coordinator = session.get(Staff, match.coordinator_id) if match and match.coordinator_id else None
    found += [coordinator] if coordinator else []
    found += staff_of(session, alert.community_id)
    is_about_staff = alert.reason == Reason.REPORT_STAFF
    kept_from = {alert.about_staff_id} | ({coordinator.id} if coordinator and is_about_staff else set())
    fit = {
        one.id: one
        for one in found
        if one.disabled_at is None and one.role in ANSWERING and one.id not in kept_from
    }
    second_eyes = [one for one in fit.values() if one.role in SECOND_EYES]
    return second_eyes or list(fit.values()) if is_about_staff else list(fit.values())


def open_alerts(session: Session, reader: Staff | None, *, after: int = 0, most: int = 50) -> list[Alert]:
    """Alerts that are not closed and that `reader` may see (None: the command line), by id, page by page.

    Never one that is kept from the reader; a report about staff is for admins and owners.
    """
    found = select(Alert).where(_is_open_to(reader), col(Alert.id) > after)
    return list(session.exec(found.order_by(col(Alert.id)).limit(most)).all())


def how_many_open(session: Session, reader: Staff) -> int:
    """How many alerts `open_alerts` would give this reader in all."""
    return session.exec(select(func.count()).select_from(Alert).where(_is_open_to(reader))).one()


def alert_for(session: Session, reader: Staff, uid: str) -> Alert | None:
    """The alert with this uid, open or closed, when it may be this reader's; None as for one that does not exist."""
    return session.exec(select(Alert).where(Alert.uid == uid, _may_be_seen_by(reader))).first()


def is_sensitive(session: Session, reader: Staff, match_id: int) -> bool:
    """Whether something that touches a person deeply is open in this match, as far as this reader may know."""
    members = select(Member.participant_id).where(Member.match_id == match_id)
    concerns = or_(
        Alert.match_id == match_id,
        col(Alert.match_id).is_(None) & col(Alert.participant_id).in_(members),
    )
    found = select(Alert.id).where(_is_open_to(reader), col(Alert.reason).in_(SENSITIVE), concerns)
    return session.exec(found.limit(1)).first() is not None


def reads_staff_reports(reader: Staff, match: Match) -> bool:
    """Whether this reader may see, in this match, what a member reported about staff: an admin whose match it is not."""
    return reader.role in SECOND_EYES and match.coordinator_id != reader.id


def _is_open_to(reader: Staff | None) -> ColumnElement[bool]:
    return col(Alert.closed_at).is_(None) & _may_be_seen_by(reader)


def _may_be_seen_by(reader: Staff | None) -> ColumnElement[bool]:
    if reader is None:
        return true()
    seen = or_(col(Alert.about_staff_id).is_(None), col(Alert.about_staff_id) != reader.id)
    if reader.community_id:
        seen &= _serves(col(Alert.community_id), reader.community_id)
    return seen if reader.role in SECOND_EYES else seen & (col(Alert.reason) != Reason.REPORT_STAFF)


def staff_of(session: Session, community_id: int | None) -> list[Staff]:
    """Everyone who may answer for a community, coordinators first; staff of no community serve all."""
    found = session.exec(
        select(Staff)
        .where(
            col(Staff.role).in_(ANSWERING),
            col(Staff.disabled_at).is_(None),
            _serves(col(Staff.community_id), community_id),
        )
        .order_by(col(Staff.id))
    ).all()
    return sorted(found, key=lambda one: ANSWERING.index(one.role))


def _serves(column: Any, community_id: int | None) -> ColumnElement[bool]:
    """Whoever belongs to no community serves all; what concerns no community in particular is everyone's."""
    return or_(column.is_(None), column == community_id) if community_id else true()


def add(
    session: Session, staff: Staff, community_id: int | None, span: tuple[datetime, datetime], rank: int
) -> DutyShift:
    """Put somebody on duty from the first moment to the second (UTC). Raises Refused."""
    starts_at, ends_at = span
    if ends_at <= starts_at:
        raise Refused("duty must end after it begins")
    if staff.role not in ANSWERING or staff.disabled_at:
        raise Refused("only a coordinator, an admin or an owner who is not disabled can be on duty")
    shift = DutyShift(
        community_id=community_id, staff_id=staff.id or 0, rank=rank, starts_at=starts_at, ends_at=ends_at
    )
    session.add(shift)
    session.flush()
    return shift


def remove(session: Session, shift_id: int) -> None:
    """Raises Refused when there is no such shift."""
    shift = session.get(DutyShift, shift_id)
    if shift is None:
        raise Refused(f"there is no shift {shift_id}; `gateway duty list` shows them")
    session.delete(shift)


def shifts_from(session: Session, now: datetime) -> list[tuple[DutyShift, Staff]]:
    """Every shift that is not over, with who takes it, in order."""
    return list(
        session.exec(
            select(DutyShift, Staff)
            .join(Staff, col(Staff.id) == DutyShift.staff_id)
            .where(DutyShift.ends_at > now)
            .order_by(col(DutyShift.starts_at), col(DutyShift.rank), col(DutyShift.id))
        ).all()
    )


def set_phone(session: Session, staff: Staff, number: str) -> None:
    """Where urgent alerts reach this member of staff; `number` is E.164."""
    session.seal(staff, "phone_sealed", number, house_key(session))
    session.add(staff)


def by_email(session: Session, email: str) -> Staff:
    """Raises Refused when nobody on the staff has this address."""
    address = email.strip().lower()
    found = session.exec(select(Staff).where(Staff.email_index == session.index(address))).first()
    if found is None:
        raise Refused("nobody on the staff has this e-mail address; add them with `gateway staff add`")
    return found
