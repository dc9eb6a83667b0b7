"""Finding people in a list: by filters that tell nothing, by an exact key or number, or by a name read in memory."""

import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db import Session
from gateway.models import ConsentKind, OptOut, Participant, Role
from gateway.people.consent import lacking
from gateway.sms.numbers import NumberRefused, parse_number

AT_A_TIME = 500
MOST_FOUND = 50


class Need(StrEnum):
    """What somebody in the list may need from staff."""

    CONSENT = "consent"
    SCREENING = "screening"
    TRAINING = "training"
    NUMBER = "number"
    UNREACHABLE = "unreachable"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True)
class Wanted:
    """A choice of people. What is None or empty does not narrow it."""

    role: Role | None = None
    language: str = ""
    community_id: int | None = None
    need: Need | None = None


def narrowed(
    people: SelectOfScalar[Participant], wanted: Wanted, screened_since: date
) -> SelectOfScalar[Participant]:
    """`people` narrowed to what is wanted. A mentor's check counts when it is of `screened_since` or later."""
    if wanted.role:
        people = people.where(Participant.role == wanted.role)
    if wanted.language:
        people = people.where(Participant.language == wanted.language)
    if wanted.community_id:
        people = people.where(Participant.community_id == wanted.community_id)
    return people.where(_needs(wanted.need, screened_since)) if wanted.need else people


def _needs(need: Need, screened_since: date) -> ColumnElement[bool]:
    is_mentor = col(Participant.role) == Role.MENTOR
    screened = col(Participant.screened_on)
    match need:
        case Need.CONSENT:
            return or_(*(lacking(kind) for kind in ConsentKind))
        case Need.SCREENING:
            return and_(is_mentor, or_(screened.is_(None), screened < screened_since))
        case Need.TRAINING:
            return and_(is_mentor, col(Participant.trained_on).is_(None))
        case Need.NUMBER:
            return col(Participant.number_doubted_at).is_not(None)
        case Need.UNREACHABLE:
            return col(Participant.unreachable_since).is_not(None)
        case Need.OPTED_OUT:
            stopped = select(OptOut.phone_index).where(col(OptOut.active))
            return col(Participant.phone_index).in_(stopped)


def find(
    session: Session, people: SelectOfScalar[Participant], words: str, most: int = MOST_FOUND
) -> tuple[list[Participant], bool]:
    """(those whom the words name, by key, at most `most`; whether there are more).

    Words are an exact key, a whole number, or a part of a name; capitals and accents do not count, and no mark means
    anything but itself.
    """
    if found := _exactly(session, people, words.strip()):
        return found[:most], len(found) > most
    sought = plain(words)
    if not sought:
        return [], False
    found = []
    for person in _all(session, people):
        if sought in plain(session.open(person, "name_sealed")):
            found.append(person)
            if len(found) > most:
                return found[:most], True
    return found, False


def screened_since(today: date, days: int) -> date:
    """The oldest day on which a check may have been made."""
    return today - timedelta(days=days)


def plain(text: str) -> str:
    """For comparing only: small letters, without accents, one blank between words."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(mark for mark in bare if not unicodedata.combining(mark)).split())


def _exactly(session: Session, people: SelectOfScalar[Participant], words: str) -> list[Participant]:
    named = col(Participant.key) == words
    with suppress(NumberRefused):
        named = or_(named, col(Participant.phone_index) == session.index(parse_number(words)))
    return list(session.exec(people.where(named).order_by(col(Participant.key))))


def _all(session: Session, people: SelectOfScalar[Participant]) -> Iterator[Participant]:
    """Every row in the order of keys, some hundreds at a time."""
    last = ""
    while True:
        batch = session.exec(
            people.where(col(Participant.key) > last).order_by(col(Participant.key)).limit(AT_A_TIME)
        ).all()
        yield from batch
        if len(batch) < AT_A_TIME:
            return
        last = batch[-1].key
