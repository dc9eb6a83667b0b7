"""Runs: conversations with people, kept in a table. One at a time for each person; the others wait their turn.

A run finishes on the version with which it began. What it says goes out from the program line, in one lane.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Update
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.flows.conversation import Flow
from gateway.flows.effects import NO_CAUSE, Cause, Conversations, carry_out, known_of, place_of, written
from gateway.flows.engine import Began, Event, Heard, Place, Woke, advance
from gateway.models import ConsentKind, Participant, Run, RunState, spelled
from gateway.people.alerts import raise_alert
from gateway.people.consent import has_consent
from gateway.people.directory import data_key_of

MOST_FAILURES = 5
WAIT_AFTER_FAILURE = timedelta(minutes=10)  # times the number of failures


@dataclass(frozen=True)
class Start:
    """A conversation to begin. `dedupe_key` is the same for the same occasion: it begins once.

    `maybe_sent_since`: a database that was restored may have forgotten that it began then (see `outbox.enqueue.Draft`).
    """

    flow: str
    version_id: int
    participant_id: int
    dedupe_key: str
    match_id: int | None = None
    day: date | None = None  # what {date} names in this conversation
    maybe_sent_since: datetime | None = None
    interrupts: bool = False  # the conversation that goes on, and those that wait, end


def start(session: Session, talk: Conversations, wanted: Start, now: datetime) -> set[int]:
    """Begin it, or queue it behind the one that runs. Returns the lines to ring; nothing when it began before."""
    row = Run(
        dedupe_key=wanted.dedupe_key,
        participant_id=wanted.participant_id,
        match_id=wanted.match_id,
        flow=wanted.flow,
        version_id=wanted.version_id,
        state=RunState.QUEUED,
        created_at=now,
    )
    if wanted.day:
        person = session.get_one(Participant, wanted.participant_id)
        known = written(Place("", {"date": wanted.day.isoformat()}))
        session.seal(row, "state_sealed", known, data_key_of(session, person.community_id))
    run_id = session.add_once(Run, row.model_dump(exclude={"id"}))
    if run_id is None:
        return set()
    if wanted.interrupts:
        _stop_others(session, wanted.participant_id, run_id, now)
    cause = Cause(maybe_sent_since=wanted.maybe_sent_since)
    return _begin_next(session, talk, wanted.participant_id, cause, now)


def waiting_run(session: Session, phone_index: bytes) -> Run | None:
    """The run that waits for an answer from this phone. None when several people there have one: it is not guessed.

    Nor is it the answer of whoever's number is in doubt: somebody else may hold the phone.
    """
    found = session.exec(
        select(Run)
        .join(Participant, col(Participant.id) == Run.participant_id)
        .where(
            Participant.phone_index == phone_index,
            col(Participant.number_doubted_at).is_(None),
            spelled(col(Run.state), RunState.RUNNING),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def hear(
    session: Session, talk: Conversations, run: Run, words: str, inbound_id: int, now: datetime
) -> set[int] | None:
    """Take an answer. Returns the lines to ring; None when the run did not wait for words."""
    place, flow = place_of(session, run), talk.flow_of(session, run.flow, run.version_id)
    step = flow.by_id.get(place.step) if flow and place else None
    if flow is None or place is None or step is None or step.ask is None:
        return None
    return _move(session, talk, run, flow, Heard(words), Cause(inbound_id), now)


def waiting(session: Session, now: datetime, most: int) -> list[int]:
    """The runs whose time has come, the longest waiting first."""
    due = select(Run.id).where(spelled(col(Run.state), RunState.RUNNING), col(Run.wake_at) <= now)
    return [run_id for run_id in session.exec(due.order_by(col(Run.wake_at)).limit(most)) if run_id]


def wake(
    session: Session, talk: Conversations, run_id: int, restored_at: datetime | None, now: datetime
) -> set[int]:
    """Move one run whose time has come. Returns the lines to ring; nothing when another scheduler has it, or had it.

    What it says was perhaps said already when a backup was put back after its time: then it is looked up first.
    """
    due = select(Run).where(Run.id == run_id, Run.state == RunState.RUNNING, col(Run.wake_at) <= now)
    run = session.exec(due.with_for_update(skip_locked=True)).first()
    if run is None or run.wake_at is None:
        return set()
    cause = Cause(maybe_sent_since=run.wake_at if restored_at and restored_at >= run.wake_at else None)
    flow = talk.flow_of(session, run.flow, run.version_id)
    run.failures = 0
    if flow is None:
        _end(session, run, RunState.STOPPED, now)
        return _begin_next(session, talk, run.participant_id, NO_CAUSE, now)
    return _move(session, talk, run, flow, Woke(), cause, now)


def failed(session: Session, run_id: int, now: datetime) -> bool:
    """It could not be moved: try later; after several, it ends and staff see it. True when it was ended."""
    run = session.get_one(Run, run_id)
    run.failures += 1
    run.wake_at = now + WAIT_AFTER_FAILURE * run.failures
    if run.failures < MOST_FAILURES:
        return False
    _end(session, run, RunState.STOPPED, now)
    raise_alert(session, run.participant_id, "conversation_set_aside", now, run_id)
    return True


def stop(session: Session, phone_index: bytes, now: datetime) -> None:
    """STOP beats every conversation of this phone, also those that wait their turn."""
    people = select(Participant.id).where(Participant.phone_index == phone_index)
    session.execute(_stopped(now).where(col(Run.participant_id).in_(people)))


def _stop_others(session: Session, participant_id: int, run_id: int, now: datetime) -> None:
    session.execute(_stopped(now).where(col(Run.participant_id) == participant_id, col(Run.id) != run_id))


def _stopped(now: datetime) -> Update:
    return (
        update(Run)
        .where(col(Run.state).in_([RunState.RUNNING, RunState.QUEUED]))
        .values(state=RunState.STOPPED, ended_at=now, wake_at=None)
    )


def _begin_next(
    session: Session, talk: Conversations, participant_id: int, cause: Cause, now: datetime
) -> set[int]:
    """Begin the oldest run that waits its turn, unless one is running."""
    lines: set[int] = set()
    for _ in range(20):  # a conversation that only says a word ends at once, and makes room
        mine = select(Run).where(Run.participant_id == participant_id)
        if session.exec(mine.where(spelled(col(Run.state), RunState.RUNNING))).first():
            break
        run = session.exec(mine.where(Run.state == RunState.QUEUED).order_by(col(Run.id)).limit(1)).first()
        flow = talk.flow_of(session, run.flow, run.version_id) if run else None
        if run is None:
            break
        run.state = RunState.RUNNING
        session.add(run)
        session.flush()
        if flow is None or not _may_be_held(session, run, flow):
            _end(session, run, RunState.STOPPED, now)
        else:
            lines |= _apply(session, talk, run, flow, Began(known_of(session, run)), cause, now)
    return lines


def _may_be_held(session: Session, run: Run, flow: Flow) -> bool:
    """Whoever has not agreed to texts is asked for that, and for nothing else."""
    return flow.asks_for_consent or has_consent(session, run.participant_id, ConsentKind.TEXTING)


def _move(
    session: Session,
    talk: Conversations,
    run: Run,
    flow: Flow,
    event: Event,
    cause: Cause,
    now: datetime,
) -> set[int]:
    lines = _apply(session, talk, run, flow, event, cause, now)
    if run.state is RunState.RUNNING:
        return lines
    return lines | _begin_next(session, talk, run.participant_id, NO_CAUSE, now)


def _apply(
    session: Session,
    talk: Conversations,
    run: Run,
    flow: Flow,
    event: Event,
    cause: Cause,
    now: datetime,
) -> set[int]:
    """Move one run by one event and carry out what follows. Returns the lines to ring."""
    person = session.get_one(Participant, run.participant_id)
    key_uid = data_key_of(session, person.community_id)
    place, effects = advance(flow, place_of(session, run), event, now)
    run.steps_made += 1
    lines: set[int] = set()
    for number, effect in enumerate(effects):
        lines |= carry_out(session, talk, run, person, effect, f"{run.steps_made}:{number}", cause, now)
    run.step, run.wake_at = place.step, place.wake_at
    session.seal(run, "state_sealed", written(place), key_uid)
    session.add(run)
    if place.has_ended:
        run.state, run.ended_at, run.wake_at = RunState.ENDED, now, None
    session.flush()
    return lines


def _end(session: Session, run: Run, state: RunState, now: datetime) -> None:
    run.state, run.ended_at, run.wake_at = state, now, None
    session.add(run)
    session.flush()
