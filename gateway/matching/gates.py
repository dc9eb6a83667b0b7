"""What must be true before two people may text: MENTOR Canada's order is screening, consent, training, then a match."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import ConsentKind, Match, MatchState, Member, Participant, Role
from gateway.people.consent import has_consent
from gateway.people.opt_out import is_opted_out

SCREENING_HOLDS_DAYS = 3 * 365  # a vulnerable-sector check is renewed about every three years


@dataclass(frozen=True)
class Gate:
    """One condition that is not met. Some can be waived by staff with a reason; some never.

    `sentence` is for commands; pages say it in their own words, from `key`, whose it is and to what consent lacks.
    """

    key: str
    sentence: str
    can_be_waived: bool
    person: Participant | None = None
    consent: ConsentKind | None = None


def unmet_gates(
    session: Session, youths: list[Participant], mentors: list[Participant], today: date
) -> list[Gate]:
    """Every gate that these people do not pass, in the order in which staff should mend them."""
    people = youths + mentors
    gates = _shape(youths, mentors)
    for person in people:
        gates += person_gates(session, person, today)
    if not gates and _are_matched(session, people):
        gates.append(Gate("matched", "these people already share a match that is not closed", False))
    return gates


def _shape(youths: list[Participant], mentors: list[Participant]) -> list[Gate]:
    people = youths + mentors
    gates = [
        Gate("role", f"{person.key} is enrolled as {person.role}, not as {role}", False, person)
        for group, role in ((youths, Role.YOUTH), (mentors, Role.MENTOR))
        for person in group
        if person.role is not role
    ]
    if not youths or not mentors or not 2 <= len(people) <= 6:
        gates.append(Gate("size", "a match has 2 to 6 people, at least one youth and one mentor", False))
    if len({person.id for person in people}) < len(people):
        gates.append(Gate("twice", "somebody is named twice", False))
    elif len({person.phone_index for person in people}) < len(people):
        gates.append(Gate("same_phone", "two of them share one phone, so they would text themselves", False))
    if len({person.community_id for person in people}) > 1:
        gates.append(Gate("community", "they belong to different communities", False))
    return gates


def person_gates(session: Session, person: Participant, today: date) -> list[Gate]:
    """What keeps this person from being matched."""
    assert person.id is not None
    gates = []
    if is_opted_out(session, person.phone_index):
        said = f"{person.key} texted STOP; only {person.key} can text START"
        gates.append(Gate("opted_out", said, False, person))
    if person.number_doubted_at:
        gates.append(Gate("number", f"{person.key}'s number must be verified first", False, person))
    gates += [
        Gate("consent", f"{person.key} has not given consent ({kind})", False, person, kind)
        for kind in ConsentKind
        if not has_consent(session, person.id, kind)
    ]
    if person.role is Role.MENTOR:
        if is_screening_old(person.screened_on, today):
            said = f"{person.key} has no screening of the last three years"
            gates.append(Gate("screening", said, True, person))
        if person.trained_on is None:
            gates.append(Gate("training", f"{person.key} has not been trained", True, person))
    return gates


def is_screening_old(screened_on: date | None, today: date) -> bool:
    """Whether a mentor's check is missing or older than it may be."""
    return screened_on is None or screened_on < today - timedelta(days=SCREENING_HOLDS_DAYS)


def _are_matched(session: Session, people: list[Participant]) -> bool:
    """Whether an open match has just these people. (A pair may also belong to a group.)"""
    ids = {person.id for person in people}
    members: dict[int, set[int]] = {}
    for match_id, participant_id in session.exec(
        select(Member.match_id, Member.participant_id)
        .join(Match, col(Match.id) == Member.match_id)
        .where(
            Match.community_id == people[0].community_id,
            Match.state != MatchState.CLOSED,
            col(Member.left_at).is_(None),
        )
    ):
        members.setdefault(match_id, set()).add(participant_id)
    return ids in members.values()
