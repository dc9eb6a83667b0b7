"""Which matches must be looked at now, and what the plan must know of each. A tick reads these and no others."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, union_all
from sqlmodel import col, func, select, update

from gateway.db import Session
from gateway.models import (
    Agenda,
    Community,
    ConsentKind,
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
)
from gateway.models.types import UtcDateTime
from gateway.outbox.reach import PROGRAM_KINDS
from gateway.people.consent import has_consent
from gateway.prompts.plan import Enrolment, Person, soonest_reaction
from gateway.prompts.schema import Prompt

SPEAKING = (MatchState.ACTIVE, MatchState.CLOSING)
PAUSE_LOOK = timedelta(hours=6)
TASK_DONE = "task_done:"


def waiting(session: Session, now: datetime, most: int) -> list[Agenda]:
    """The agendas that are due for a look, locked; two schedulers get different ones, or the second gets none."""
    due = select(Agenda).where(col(Agenda.next_look_at) <= now).order_by(col(Agenda.next_look_at)).limit(most)
    return list(session.exec(due.with_for_update(skip_locked=True)))


def look_soon(session: Session, match_id: int, by: datetime) -> None:
    """Something happened in the match: look at it no later than `by`."""
    session.execute(
        update(Agenda)
        .where(col(Agenda.match_id) == match_id, func.coalesce(Agenda.next_look_at, datetime_max()) > by)
        .values(next_look_at=by)
    )


def react(session: Session, prompts: Mapping[str, Prompt], match_id: int, now: datetime) -> None:
    """Somebody wrote: look at the match as soon as a prompt may react to that."""
    span = soonest_reaction(prompts)
    if span is not None:
        look_soon(session, match_id, now + span)


def datetime_max() -> datetime:
    """Later than any agenda."""
    return datetime.fromisoformat("9000-01-01T00:00:00+00:00")


def enrolment_of(session: Session, agenda: Agenda, now: datetime) -> Enrolment | None:
    """The match as the plan sees it; None while nothing may be said in it. Notes when it began to close."""
    match = session.get_one(Match, agenda.match_id)
    if match.state not in SPEAKING:
        return None
    if match.state is MatchState.CLOSING and agenda.closing_at is None:
        agenda.closing_at = now
        session.add(agenda)
    wrote = _last_words(session, agenda.match_id)
    return Enrolment(
        match_id=agenda.match_id,
        community=session.get_one(Community, match.community_id).slug,
        people=tuple(_people(session, agenda.match_id, wrote, now)),
        events=_events(session, match, agenda),
        tags=frozenset(filter(None, agenda.tags.split(","))),
        talked_at=max(wrote.values(), default=None),
    )


def may_speak_again(session: Session, agenda: Agenda) -> bool:
    """Whether a match in which nothing may be said now may come back: it is paused, not closed."""
    return session.get_one(Match, agenda.match_id).state is not MatchState.CLOSED


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
        Person(
            id=row.id or 0,
            role=row.role.value,
            language=row.language,
            zone=ZoneInfo(row.timezone),
            told=_told(session, row, now),
            owes_since=_owes_since(session, match_id, row.id or 0, wrote),
        )
        for row, stopped in found
        if not row.prompts_paused and not stopped and has_consent(session, row.id or 0, ConsentKind.TEXTING)
    ]


_MEMBERS = (
    select(Participant, OptOut.active)
    .join(Member, col(Member.participant_id) == Participant.id)
    .outerjoin(OptOut, col(OptOut.phone_index) == Participant.phone_index)
    .where(col(Member.match_id) == bindparam("match"), col(Member.mask_state) == MaskState.ACTIVE)
    .order_by(col(Member.id))
)


def _told(session: Session, person: Participant, now: datetime) -> tuple[date, ...]:
    """The local days of this week on which the program spoke or is about to; a conversation counts once."""
    zone = ZoneInfo(person.timezone)
    said = session.execute(_TOLD, {"person": person.id, "since": now - timedelta(days=8)}).scalars()
    return tuple(moment.astimezone(zone).date() for moment in said)


_TOLD = (
    select(func.min(func.coalesce(OutboundMessage.claimed_at, OutboundMessage.created_at)))
    .where(
        col(OutboundMessage.participant_id) == bindparam("person"),
        col(OutboundMessage.kind).in_(PROGRAM_KINDS),
        col(OutboundMessage.inbound_id).is_(None),
        col(OutboundMessage.created_at) > bindparam("since", type_=UtcDateTime()),
        col(OutboundMessage.state).not_in([OutboundState.CANCELLED, OutboundState.DISCARDED]),
    )
    .group_by(func.coalesce(OutboundMessage.lane, OutboundMessage.dedupe_key))
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
    if agenda.closing_at:
        events["closing"] = agenda.closing_at
    return events | {name: moment for name, moment in session.execute(_TASKS_DONE, {"match": match.id})}


_FIRST_WORDS = select(func.min(InboundMessage.received_at)).where(
    col(InboundMessage.match_id) == bindparam("match"), col(InboundMessage.outcome) == Outcome.RELAYED
)
_TASKS_DONE = (
    select(KeptAnswer.question, func.min(KeptAnswer.at))
    .where(col(KeptAnswer.match_id) == bindparam("match"), col(KeptAnswer.question).startswith(TASK_DONE))
    .group_by(col(KeptAnswer.question))
)


def tag(session: Session, match_id: int, tags: Sequence[str], now: datetime) -> None:
    """Set a match's tags, and look at it again."""
    session.execute(
        update(Agenda).where(col(Agenda.match_id) == match_id).values(tags=",".join(tags), next_look_at=now)
    )
