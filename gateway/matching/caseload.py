"""In whose care a match is."""

from gateway.db import Session
from gateway.models import Match, Staff, StaffRole
from gateway.people.directory import Refused


def assign(session: Session, match: Match, coordinator: Staff) -> None:
    """Put the match in this coordinator's care, and in nobody else's. Raises Refused."""
    if coordinator.role is not StaffRole.COORDINATOR or coordinator.disabled_at:
        raise Refused("a match is cared for by a coordinator whose account is open")
    if coordinator.community_id != match.community_id:
        raise Refused("this coordinator serves another community; matches stay within their own")
    match.coordinator_id = coordinator.id
    session.add(match)
