"""What the plan must know of a match or of a person, read from the tables with as few statements as it takes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, union_all
from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import (
    Agenda,
    Community,
    Consent,
    ConsentKind,
    ConsentState,
    InboundMessage,
    KeptAnswer,
    MaskState,
    Match,
    MatchState,
    Member,
    OptOut,
    OutboundMessage,
    OutboundState,
    Outcome,
    Participant,
    Run,
    RunState,
)
from gateway.models.types import UtcDateTime
from gateway.outbox.reach import PROGRAM_KINDS
from gateway.people.consent import state_of
from gateway.people.opt_out import is_opted_out
from gateway.prompts.occasion import Enrolment, Person

SPEAKING = (MatchState.ACTIVE, MatchState.CLOSING)
TASK_DONE = "task_done:"
NO_MATCH = 0  # in the key of an occasion that concerns one person and no match


def enrolment_of(session: Session, agenda: Agenda, now: datetime) -> Enrolment | None:
    """The match as the plan sees it; None while nothing may be said in it."""
    match = session.get_one(Match, agenda.match_id)
    if match.state not in SPEAKING:
        return None
    wrote = _last_words(session, agenda.match_id)
    return Enrolment(
        match_id=agenda.match_id,
        community=session.get_one(Community, match.community_id).slug,
        people=tuple(_people(session, agenda.match_id, wrote, now)),
        events=_events(session, match, agenda),
        tags=frozenset(filter(None, agenda.tags.split(","))),
        talked_at=max(wrote.values(), default=None),
        ends_on=agenda.ends_on,
    )


def person_alone(session: Session, person: Participant, now: datetime) -> Enrolment | None:
    """A person as the plan sees one outside any match; None while nothing may be said: STOP, PAUSE, or a no."""
    if person.prompts_paused or is_opted_out(session, person.phone_index):
        return None
    consent = state_of(session, person.id or 0, ConsentKind.TEXTING)
    if consent is ConsentState.WITHDRAWN:
        return None
    events = {"matched": person.created_at, "enrolled": person.created_at}
    return Enrolment(
        match_id=NO_MATCH,
        community=session.get_one(Community, person.community_id).slug,
        people=(_person(session, person, consent is ConsentState.GIVEN, None, now),),
        events=events | dict(_events_of_person(session, person)),
    )


def _events_of_person(session: Session, person: Participant) -> Iterator[tuple[str, datetime]]:
    """When consent to texting was last given, and when a match of theirs last ended without notice."""
    for name, statement in (("consented", _CONSENTED), ("ended_suddenly", _ENDED_SUDDENLY)):
        moment: datetime | None = session.execute(statement, {"person": person.id}).scalar()
        if moment:
            yield name, moment


_CONSENTED = select(func.max(Consent.at)).where(
    col(Consent.participant_id) == bindparam("person"),
    col(Consent.kind) == ConsentKind.TEXTING,
    col(Consent.state) == ConsentState.GIVEN,
)
_ENDED_SUDDENLY = (
    select(func.max(Match.closed_at))
    .join(Member, col(Member.match_id) == Match.id)
    .join(Agenda, col(Agenda.match_id) == Match.id)
    .where(
        col(Member.participant_id) == bindparam("person"),
        col(Match.state) == MatchState.CLOSED,
        col(Agenda.closing_at).is_(None),
    )
)


def said_among(session: Session, keys: Sequence[str]) -> set[str]:
    """Those occasions that were queued before, as a text or as a conversation."""
    if not keys:
        return set()
    return set(session.execute(_SAID, {"keys": keys}).scalars())


# Statements that run for every match are built once: building them costs more than running them.
_SAID = union_all(
    select(OutboundMessage.dedupe_key).where(
        col(OutboundMessage.dedupe_key).in_(bindparam("keys", expanding=True))
    ),
    select(Run.dedupe_key).where(col(Run.dedupe_key).in_(bindparam("keys", expanding=True))),
)


def _people(session: Session, match_id: int, wrote: dict[int, datetime], now: datetime) -> list[Person]:
    """Every member to whom the program may speak: consent to texting, no STOP, no PAUSE."""
    found = session.execute(_MEMBERS, {"match": match_id}).all()
    return [
        _person(session, row, True, _owes_since(session, match_id, row.id or 0, wrote), now)
        for row, stopped in found
        if not row.prompts_paused
        and not stopped
        and state_of(session, row.id or 0, ConsentKind.TEXTING) is ConsentState.GIVEN
    ]


_MEMBERS = (
    select(Participant, OptOut.active)
    .join(Member, col(Member.participant_id) == Participant.id)
    .outerjoin(OptOut, col(OptOut.phone_index) == Participant.phone_index)
    .where(col(Member.match_id) == bindparam("match"), col(Member.mask_state) == MaskState.ACTIVE)
    .order_by(col(Member.id))
)


def _person(
    session: Session, row: Participant, has_consent: bool, owes_since: datetime | None, now: datetime
) -> Person:
    return Person(
        id=row.id or 0,
        role=row.role.value,
        language=row.language,
        zone=ZoneInfo(row.timezone),
        told=_told(session, row, now),
        owes_since=owes_since,
        has_consent=has_consent,
        is_trained=row.trained_on is not None,
        is_talking=session.execute(_TALKING, {"person": row.id}).first() is not None,
    )


_TALKING = select(Run.id).where(
    col(Run.participant_id) == bindparam("person"), col(Run.state).in_([RunState.RUNNING, RunState.QUEUED])
)


def _told(session: Session, person: Participant, now: datetime) -> tuple[date, ...]:
    """The local days of this week on which the program spoke unasked or is about to; a conversation once for each day."""
    zone = ZoneInfo(person.timezone)
    said = session.execute(_TOLD, {"person": person.id, "since": now - timedelta(days=8)})
    return tuple(day for day, _ in {(moment.astimezone(zone).date(), talk) for talk, moment in said})


_TOLD = select(
    func.coalesce(OutboundMessage.lane, OutboundMessage.dedupe_key),
    func.coalesce(OutboundMessage.claimed_at, OutboundMessage.created_at),
).where(
    col(OutboundMessage.participant_id) == bindparam("person"),
    col(OutboundMessage.kind).in_(PROGRAM_KINDS),
    col(OutboundMessage.inbound_id).is_(None),
    col(OutboundMessage.created_at) > bindparam("since", type_=UtcDateTime()),
    col(OutboundMessage.state).not_in([OutboundState.CANCELLED, OutboundState.DISCARDED]),
)


def _last_words(session: Session, match_id: int) -> dict[int, datetime]:
    """When each member last wrote something that was passed on."""
    found = session.execute(_LAST_WORDS, {"match": match_id})
    return {person_id: moment for person_id, moment in found if person_id}


_LAST_WORDS = (
    select(InboundMessage.participant_id, func.max(InboundMessage.received_at))
    .where(
        col(InboundMessage.match_id) == bindparam("match"),
        col(InboundMessage.outcome) == Outcome.RELAYED,
    )
    .group_by(col(InboundMessage.participant_id))
)


def _owes_since(
    session: Session, match_id: int, person_id: int, wrote: dict[int, datetime]
) -> datetime | None:
    """Since when somebody else's words wait for this person's; None when they do not."""
    mine = wrote.get(person_id)
    if not any(mine is None or moment > mine for other, moment in wrote.items() if other != person_id):
        return None
    place = {"match": match_id, "person": person_id, "mine": mine or LONG_AGO}
    since: datetime | None = session.execute(_OWED, place).scalar_one()
    return since


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_OWED = select(func.min(InboundMessage.received_at)).where(
    col(InboundMessage.match_id) == bindparam("match"),
    col(InboundMessage.outcome) == Outcome.RELAYED,
    col(InboundMessage.participant_id) != bindparam("person"),
    col(InboundMessage.received_at) > bindparam("mine", type_=UtcDateTime()),
)


def _events(session: Session, match: Match, agenda: Agenda) -> dict[str, datetime]:
    events = {"matched": match.created_at}
    first: datetime | None = session.execute(_FIRST_WORDS, {"match": match.id}).scalar_one()
    if first:
        events["first_text"] = first
    if agenda.closing_at and match.state is MatchState.CLOSING:
        events["closing"] = agenda.closing_at
    return events | dict(session.execute(_TASKS_DONE, {"match": match.id}).all())


_FIRST_WORDS = select(func.min(InboundMessage.received_at)).where(
    col(InboundMessage.match_id) == bindparam("match"), col(InboundMessage.outcome) == Outcome.RELAYED
)
_TASKS_DONE = (
    select(KeptAnswer.question, func.min(KeptAnswer.at))
    .where(col(KeptAnswer.match_id) == bindparam("match"), col(KeptAnswer.question).startswith(TASK_DONE))
    .group_by(col(KeptAnswer.question))
)
