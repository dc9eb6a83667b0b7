"""Enrolling a whole list of people, or nobody."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from gateway.db import Session
from gateway.models import ConsentKind, ConsentState, Participant
from gateway.people.consent import record_consent
from gateway.people.directory import KeyTaken, OwnLine, community_named, enrol
from gateway.people.fields import Problem
from gateway.people.roster import Fault, RosterRefused, RosterRow

TOLD_TO_STAFF = "told to staff"


def enrol_all(session: Session, rows: Sequence[RosterRow], now: datetime) -> list[Participant]:
    """Enrol every row, with the consent that it states. Raises RosterRefused, naming each row that cannot be."""
    faults: list[Fault] = []
    people: list[Participant] = []
    for number, row in enumerate(rows, start=2):
        try:
            person = enrol(session, community_named(session, row.community, now), row.person, now)
        except KeyTaken:
            faults.append(Fault(number, "key", Problem.KEY_TAKEN, row.person.key))
            continue
        except OwnLine:
            faults.append(Fault(number, "phone", Problem.OWN_LINE))
            continue
        state = ConsentState.GIVEN if row.has_consent else ConsentState.PENDING
        for kind in ConsentKind:
            record_consent(session, person, kind, state, TOLD_TO_STAFF, now)
        people.append(person)
    if faults:
        raise RosterRefused(faults)
    return people


def faults_ahead(session: Session, rows: Sequence[RosterRow], slug: str | None) -> list[Fault]:
    """What would be refused, without writing: keys taken and, when `slug` is given, people of another community."""
    taken = set(session.exec(select(Participant.key)))
    faults = []
    for number, row in enumerate(rows, start=2):
        if row.person.key in taken:
            faults.append(Fault(number, "key", Problem.KEY_TAKEN, row.person.key))
        if slug is not None and row.community != slug:
            faults.append(Fault(number, "community", Problem.OTHER_COMMUNITY, row.community))
    return faults
