"""Who is in a match, as lists show it: first names only, and what a form needs to name one of them."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Guardianship, Member, Participant, Role, Staff
from gateway.oversight.caseload import MAY_HAVE_A_CASELOAD
from gateway.people.access import Act, Viewer, may, staff_for
from gateway.people.directory import first_name
from gateway.web import words


@dataclass(frozen=True)
class Known:
    """The people of one match, the youth first, in the order in which they joined."""

    people: list[tuple[Participant, str]] = field(default_factory=list)

    @property
    def names(self) -> str:
        return " + ".join(name for _, name in self.people)

    @property
    def by_id(self) -> dict[int, str]:
        return {person.id or 0: name for person, name in self.people}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(uid, first name and role), to choose from."""
        return [(person.uid, f"{name} ({words.role(person.role)})") for person, name in self.people]


def known_in(session: Session, match_ids: Collection[int]) -> dict[int, Known]:
    """The people of these matches, by match."""
    found = session.exec(
        select(Member.match_id, Participant)
        .join(Participant, col(Participant.id) == Member.participant_id)
        .where(col(Member.match_id).in_(match_ids))
        .order_by(col(Member.id))
    )
    known = {match_id: Known() for match_id in match_ids}
    for match_id, person in found:
        known[match_id].people.append((person, words.visible(first_name(session, person))))
    for one in known.values():
        one.people.sort(key=lambda pair: pair[0].role is not Role.YOUTH)
    return known


def kin_in(session: Session, match_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The guardians of the youths in these matches, by match, to choose from: (uid, first name and role)."""
    found = session.exec(
        select(Member.match_id, Participant)
        .join(Guardianship, col(Guardianship.youth_id) == Member.participant_id)
        .join(Participant, col(Participant.id) == Guardianship.guardian_id)
        .where(col(Member.match_id).in_(match_ids))
        .order_by(col(Guardianship.id))
    )
    kin: dict[int, list[tuple[str, str]]] = {match_id: [] for match_id in match_ids}
    for match_id, person in found:
        name = words.visible(first_name(session, person))
        choice = person.uid, f"{name} ({words.role(person.role)})"
        if choice not in kin[match_id]:
            kin[match_id].append(choice)
    return kin


def colleagues(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Those to whom the viewer can hand a match: (uid, name); none for whoever may not."""
    if not may(viewer, Act.ENROL):
        return []
    rows = session.exec(
        staff_for(viewer).where(col(Staff.disabled_at).is_(None), col(Staff.role).in_(MAY_HAVE_A_CASELOAD))
    )
    return sorted(((row.uid, staff_name(session, row)) for row in rows), key=lambda one: one[1].casefold())


def staff_name(session: Session, row: Staff) -> str:
    """The name, or the address of whoever has given none."""
    return words.visible(session.open(row, "name_sealed" if row.name_sealed else "email_sealed"))
