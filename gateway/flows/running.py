"""Runs: conversations with people, kept in a table. One at a time for each person; the others wait their turn.

A run finishes on the version with which it began. What it says goes out from the program line, in one lane.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.flows.conversation import END, Flow
from gateway.flows.engine import Began, Call, Effect, Event, Heard, Keep, Place, Put, Say, Woke, advance
from gateway.flows.settable import put
from gateway.i18n import date_of, pick
from gateway.models import KeptAnswer, Kind, Participant, Run, RunState, spelled
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.alerts import raise_alert
from gateway.people.directory import data_key_of, first_name
from gateway.routing.lines import program_line

log = structlog.get_logger()

FlowOf = Callable[[Session, str, int], Flow | None]
Words = Mapping[str, Mapping[str, str]]  # program, phone and hours by language
TASK = "task/"  # before the slug of a task: the question that it asks at its end
MOST_WAKES = 200


@dataclass(frozen=True)
class Conversations:
    """What a run needs from outside: its flow, and the program's own words."""

    flow_of: FlowOf
    words: Words


@dataclass(frozen=True)
class Start:
    """A conversation to begin. `dedupe_key` is the same for the same occasion: it begins once."""

    flow: str
    version_id: int
    participant_id: int
    dedupe_key: str
    match_id: int | None = None
    day: date | None = None  # what {date} names in this conversation


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
        known = _written(Place("", {"date": wanted.day.isoformat()}))
        session.seal(row, "state_sealed", known, data_key_of(session, person.community_id))
    if session.add_once(Run, row.model_dump(exclude={"id"})) is None:
        return set()
    return _begin_next(session, talk, wanted.participant_id, now)


def waiting_run(session: Session, phone_index: bytes) -> Run | None:
    """The run that waits for an answer from this phone. None when several people there have one: it is not guessed."""
    found = session.exec(
        select(Run)
        .join(Participant, col(Participant.id) == Run.participant_id)
        .where(Participant.phone_index == phone_index, spelled(col(Run.state), RunState.RUNNING))
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def hear(
    session: Session, talk: Conversations, run: Run, words: str, inbound_id: int, now: datetime
) -> set[int] | None:
    """Take an answer. Returns the lines to ring; None when the run did not wait for words."""
    place, flow = _place(session, run), talk.flow_of(session, run.flow, run.version_id)
    step = flow.by_id.get(place.step) if flow and place else None
    if flow is None or place is None or step is None or step.ask is None:
        return None
    return _move(session, talk, run, flow, Heard(words), now, inbound_id)


def wake(session: Session, talk: Conversations, now: datetime) -> set[int]:
    """Move every run whose time has come. Returns the lines to ring."""
    lines: set[int] = set()
    due = select(Run).where(spelled(col(Run.state), RunState.RUNNING), col(Run.wake_at) <= now)
    for run in session.exec(
        due.order_by(col(Run.wake_at)).limit(MOST_WAKES).with_for_update(skip_locked=True)
    ):
        flow = talk.flow_of(session, run.flow, run.version_id)
        if flow is None:
            _end(session, talk, run, RunState.STOPPED, now)
        else:
            lines |= _move(session, talk, run, flow, Woke(), now)
    return lines


def stop(session: Session, phone_index: bytes, now: datetime) -> None:
    """STOP beats every conversation of this phone, also those that wait their turn."""
    people = select(Participant.id).where(Participant.phone_index == phone_index)
    session.execute(
        update(Run)
        .where(col(Run.participant_id).in_(people), col(Run.state).in_([RunState.RUNNING, RunState.QUEUED]))
        .values(state=RunState.STOPPED, ended_at=now, wake_at=None)
    )


def _begin_next(session: Session, talk: Conversations, participant_id: int, now: datetime) -> set[int]:
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
        if flow is None:
            run.state, run.ended_at = RunState.STOPPED, now
        else:
            lines |= _apply(session, talk, run, flow, Began(_known(session, run)), now, None)
    return lines


def _move(
    session: Session,
    talk: Conversations,
    run: Run,
    flow: Flow,
    event: Event,
    now: datetime,
    inbound_id: int | None = None,
) -> set[int]:
    lines = _apply(session, talk, run, flow, event, now, inbound_id)
    return lines | (
        _begin_next(session, talk, run.participant_id, now) if run.state is not RunState.RUNNING else set()
    )


def _apply(
    session: Session,
    talk: Conversations,
    run: Run,
    flow: Flow,
    event: Event,
    now: datetime,
    inbound_id: int | None,
) -> set[int]:
    """Move one run by one event and carry out what follows. Returns the lines to ring."""
    person = session.get_one(Participant, run.participant_id)
    key_uid = data_key_of(session, person.community_id)
    place, effects = advance(flow, _place(session, run), event, now)
    run.steps_made += 1
    lines: set[int] = set()
    for number, effect in enumerate(effects):
        lines |= _carry_out(session, talk, run, person, effect, f"{run.steps_made}:{number}", now, inbound_id)
    run.step, run.wake_at = place.step, place.wake_at
    session.seal(run, "state_sealed", _written(place), key_uid)
    session.add(run)
    if place.has_ended:
        run.state, run.ended_at, run.wake_at = RunState.ENDED, now, None
    session.flush()
    return lines


def _carry_out(
    session: Session,
    talk: Conversations,
    run: Run,
    person: Participant,
    effect: Effect,
    number: str,
    now: datetime,
    inbound_id: int | None,
) -> set[int]:
    key_uid = data_key_of(session, person.community_id)
    match effect:
        case Say():
            return _say(session, talk, run, person, effect, number, now, inbound_id)
        case Keep(name, value):
            task = run.flow.removeprefix(TASK) if run.flow.startswith(TASK) else None
            kept = KeptAnswer(
                participant_id=run.participant_id,
                match_id=run.match_id,
                run_id=run.id or 0,
                question=f"task_{value}:{task}" if task else name,
                value_sealed=b"",
                at=now,
            )
            session.seal(kept, "value_sealed", value, key_uid)
            session.add(kept)
        case Put(name, value):
            put(session, person, name, value, now)
        case Call(reason):
            raise_alert(session, run.participant_id, reason, now, run.id)
            log.warning("alert", participant=run.participant_id, run=run.id, reason=reason)
    return set()


def _say(
    session: Session,
    talk: Conversations,
    run: Run,
    person: Participant,
    effect: Say,
    number: str,
    now: datetime,
    inbound_id: int | None,
) -> set[int]:
    line = program_line(session)
    if line is None or line.id is None:
        log.error("alarm_no_program_line", run=run.id)
        return set()
    draft = Draft(
        kind=Kind.FLOW,
        dedupe_key=f"flow:{run.id}:{number}",
        line_id=line.id,
        to_number=session.open(person, "phone_sealed"),
        body=rendered(effect, first_name(session, person), _known(session, run), talk.words, person.language),
        key_uid=data_key_of(session, person.community_id),
        wording=f"{run.flow[:40]}@{run.version_id}/{effect.step}"[:64],
        lane=f"run:{run.id}",
        participant_id=person.id,
        inbound_id=inbound_id,
        expires_at=now + timedelta(days=7),
    )
    return {line.id} if enqueue(session, draft, now) else set()


def rendered(effect: Say, name: str, known: Mapping[str, str], words: Words, language: str) -> str:
    """A text of a conversation, ready to leave."""
    named = ("program", "phone", "hours")
    values = {word: pick({code: own[word] for code, own in words.items()}, language) for word in named}
    values["first_name"] = name
    values["choices"] = pick(effect.menu, language) if effect.menu else ""
    values["date"] = date_of(date.fromisoformat(known["date"]), language) if "date" in known else ""
    return effect.said.say(language, values)


def _end(session: Session, talk: Conversations, run: Run, state: RunState, now: datetime) -> None:
    run.state, run.ended_at, run.wake_at = state, now, None
    session.add(run)
    session.flush()


def _place(session: Session, run: Run) -> Place | None:
    """Where the run stands; None before its first step."""
    if not run.step:
        return None
    kept = json.loads(session.open(run, "state_sealed"))
    since = datetime.fromisoformat(kept["since"]) if kept["since"] else None
    return Place(run.step or END, kept["answers"], since, kept["tries"], kept["reminded"], run.wake_at)


def _known(session: Session, run: Run) -> dict[str, str]:
    """What was given when the run was asked for."""
    return dict(json.loads(session.open(run, "state_sealed"))["answers"]) if run.state_sealed else {}


def _written(place: Place) -> str:
    since = place.since.isoformat() if place.since else None
    kept = {"answers": dict(place.answers), "since": since, "tries": place.tries, "reminded": place.reminded}
    return json.dumps(kept)
