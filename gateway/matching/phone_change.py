"""Changing somebody's number: two steps, by staff, so that nobody can take over a youth's place with one call.

A code goes to the new phone; staff call the person, hear the code, and confirm. From then on the old number reaches
nobody, and what waited for it goes to the new one.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.i18n import Voices
from gateway.models import (
    Kind,
    Line,
    MaskState,
    Member,
    NumberChange,
    OutboundMessage,
    OutboundState,
    Participant,
)
from gateway.outbox.answers import Answer, say
from gateway.people.directory import Refused, data_key_of, voice_for
from gateway.people.opt_out import is_opted_out
from gateway.routing.lines import program_line

CODE_HOLDS = timedelta(hours=24)
MOST_TRIES = 5


class Why(StrEnum):
    """Why a change is refused; the value is the English sentence, for commands."""

    NO_LINE = "there is no program line to text the code from; `gateway lines add NUMBER --program`"
    OWN_LINE = "this is one of the gateway's own lines; give the person's own phone"
    SAME = "this is the number that the person has already; `gateway people verify` says that it is right"
    STOPPED = "{key} texted STOP; when {key} asks for texts again, first run `gateway people opt {key} --in`"
    NEW_STOPPED = "this phone texted STOP; its owner must text START to one of your lines first"
    NOT_ASKED = "no change to this number was asked for; run `gateway people new-number {key} NUMBER`"
    TOO_OLD = "this code is no longer good; ask for a new one, without --confirm"
    WRONG = "this is not the code that was texted; listen again"
    TAKEN = "somebody with this phone already texts one of this person's lines; close that match first"


class ChangeRefused(Refused):
    """The number stays as it is."""

    def __init__(self, why: Why, person: Participant) -> None:
        super().__init__(why.value.replace("{key}", person.key))
        self.why = why


class WrongCode(ChangeRefused):
    """Staff typed another code; the try counts."""


def ask(session: Session, voices: Voices, person: Participant, phone: str, now: datetime) -> set[int]:
    """Text a code to the new phone. Raises ChangeRefused."""
    assert person.id is not None
    line = program_line(session)
    if line is None:
        raise ChangeRefused(Why.NO_LINE, person)
    if session.exec(select(Line.id).where(Line.number == phone)).first():
        raise ChangeRefused(Why.OWN_LINE, person)
    if session.index(phone) == person.phone_index:
        raise ChangeRefused(Why.SAME, person)
    if is_opted_out(session, person.phone_index):
        raise ChangeRefused(Why.STOPPED, person)
    if is_opted_out(session, session.index(phone)):
        raise ChangeRefused(Why.NEW_STOPPED, person)
    code = f"{secrets.randbelow(1_000_000):06d}"
    session.execute(delete(NumberChange).where(col(NumberChange.participant_id) == person.id))
    change = NumberChange(
        participant_id=person.id,
        phone_index=session.index(phone),
        phone_sealed=b"",
        code_index=_code_index(session, person, code),
        asked_at=now,
    )
    session.seal(change, "phone_sealed", phone, data_key_of(session, person.community_id))
    session.add(change)
    text = Answer(
        wording="number_code",
        kind=Kind.KEYWORD,
        line=line,
        to_number=phone,
        language=person.language,
        dedupe_key=f"number:{person.id}:{now.isoformat()}",
        key_uid=data_key_of(session, person.community_id),
        once_in=timedelta(0),
    )
    return say(session, voice_for(session, voices, person), text, now, code=code)


def awaited(session: Session, person: Participant, now: datetime) -> str | None:
    """The new number for which a code is awaited; None when there is none, or the code is good no longer."""
    asked = session.get(NumberChange, person.id)
    if asked is None or not _is_good(asked, now):
        return None
    return session.open(asked, "phone_sealed")


def confirm(session: Session, person: Participant, phone: str, code: str, now: datetime) -> None:
    """Make the new number the person's. Raises ChangeRefused.

    A wrong code is counted by the caller's commit: see `count_wrong`.
    """
    asked = session.get(NumberChange, person.id)
    if asked is None or asked.phone_index != session.index(phone):
        raise ChangeRefused(Why.NOT_ASKED, person)
    if not _is_good(asked, now):
        raise ChangeRefused(Why.TOO_OLD, person)
    if is_opted_out(session, person.phone_index):  # since the code was asked for
        raise ChangeRefused(Why.STOPPED, person)
    if not secrets.compare_digest(asked.code_index, _code_index(session, person, code)):
        raise WrongCode(Why.WRONG, person)
    session.delete(asked)
    _move(session, person, phone, now)


def _is_good(asked: NumberChange, now: datetime) -> bool:
    return asked.asked_at >= now - CODE_HOLDS and asked.tries < MOST_TRIES


def count_wrong(session: Session, person: Participant) -> None:
    """Five wrong codes make a change void."""
    session.execute(
        update(NumberChange)
        .where(col(NumberChange.participant_id) == person.id)
        .values(tries=col(NumberChange.tries) + 1)
    )


def _move(session: Session, person: Participant, phone: str, now: datetime) -> None:
    index, key_uid = session.index(phone), data_key_of(session, person.community_id)
    person.phone_index, person.number_doubted_at, person.number_verified_at = index, None, now
    person.unreachable_since = None
    session.seal(person, "phone_sealed", phone, key_uid)
    session.add(person)
    try:
        session.execute(
            update(Member)
            .where(col(Member.participant_id) == person.id, col(Member.mask_state) == MaskState.ACTIVE)
            .values(phone_index=index)
        )
    except IntegrityError as error:
        raise ChangeRefused(Why.TAKEN, person) from error
    for row in session.exec(
        select(OutboundMessage).where(
            OutboundMessage.participant_id == person.id,
            col(OutboundMessage.state).in_([OutboundState.QUEUED, OutboundState.HELD]),
        )
    ):
        row.to_index = index
        session.seal(row, "to_sealed", phone, key_uid)
        session.add(row)


def _code_index(session: Session, person: Participant, code: str) -> bytes:
    return session.index(f"code:{person.uid}:{code.strip()}")
