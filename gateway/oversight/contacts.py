"""Talks of staff with youth, mentors and guardians: promised twice in the first month, then once a month."""

from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.insight.pulse import measure_again
from gateway.insight.rules import Rules
from gateway.models import ContactHow, Match, Member, Participant, Role, StaffContact
from gateway.oversight.acting import By
from gateway.people.directory import Refused
from gateway.privacy.audit import audit


def contacted(
    session: Session,
    by: By,
    match: Match,
    person: Participant,
    how: ContactHow,
    rules: Rules,
    now: datetime,
    *,
    at: datetime | None = None,
) -> StaffContact:
    """Staff spoke to this person, now or at an earlier time. Raises Refused for a stranger to the match, or a time ahead."""
    at = at or now
    if at > now:
        raise Refused("a talk is noted when it has taken place")
    if not _belongs(session, match, person):
        raise Refused("this person is not in this match")
    row = StaffContact(
        match_id=match.id or 0, participant_id=person.id or 0, staff_id=by.staff_id, how=how, at=at
    )
    session.add(row)
    detail = {"participant": person.id, "how": how.value}
    audit(session, by.actor, "contact.add", f"match:{match.id}", now, detail)
    measure_again(session, match.id or 0, rules, now)
    return row


def contacts_of(session: Session, match_id: int, most: int = 50) -> list[StaffContact]:
    """The talks about this match, newest first."""
    mine = select(StaffContact).where(StaffContact.match_id == match_id)
    return list(
        session.exec(mine.order_by(col(StaffContact.at).desc(), col(StaffContact.id).desc()).limit(most))
    )


def _belongs(session: Session, match: Match, person: Participant) -> bool:
    """A member; or a guardian of the same community, who need not be a member."""
    if person.role is Role.GUARDIAN:
        return person.community_id == match.community_id
    member = select(Member.id).where(Member.match_id == match.id, Member.participant_id == person.id)
    return session.exec(member).first() is not None
