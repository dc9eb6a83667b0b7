"""Whose caseload a match is in."""

from datetime import datetime

from gateway.db import Session
from gateway.models import Match, Staff, StaffRole
from gateway.oversight.acting import By
from gateway.people.directory import Refused
from gateway.privacy.audit import audit

MAY_HAVE_A_CASELOAD = (StaffRole.COORDINATOR, StaffRole.ADMIN)


def assign(session: Session, by: By, match: Match, staff: Staff | None, now: datetime) -> None:
    """Put the match in this caseload, or in nobody's. Raises Refused for staff who may not have it."""
    if staff is not None:
        if staff.disabled_at or staff.role not in MAY_HAVE_A_CASELOAD:
            raise Refused("only a coordinator or an admin with an active account can have a caseload")
        if staff.community_id != match.community_id:
            raise Refused("this person works for another community")
    before, match.coordinator_id = match.coordinator_id, staff.id if staff else None
    session.add(match)
    detail = {"from": before, "to": match.coordinator_id}
    audit(session, by.actor, "match.assign", f"match:{match.id}", now, detail)
