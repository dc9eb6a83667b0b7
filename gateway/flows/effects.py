"""What a step of a conversation brings about: a text, an answer kept, a change, a call to staff; and how a run is kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from gateway.db import Session
from gateway.flows.conversation import END, Flow
from gateway.flows.engine import Call, Effect, Keep, Place, Put, Say
from gateway.flows.settable import put
from gateway.i18n import ANYWHERE, date_of, pick
from gateway.models import Community, KeptAnswer, Kind, Participant, Run
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.alerts import raise_alert, ring_at_once
from gateway.people.directory import data_key_of, first_name
from gateway.routing.lines import program_line

log = structlog.get_logger()

FlowOf = Callable[[Session, str, int], Flow | None]
Words = Mapping[str, Mapping[str, str]]  # program, phone and hours by language
TASK = "task/"  # before the slug of a task: the question that it asks at its end
CHECKIN = "checkin/"  # before the slug of a check-in


@dataclass(frozen=True)
class Cause:
    """Why a conversation moves: a text that was heard; or time, since which its words may have been said already."""

    inbound_id: int | None = None
    maybe_sent_since: datetime | None = None


NO_CAUSE = Cause()


@dataclass(frozen=True)
class Conversations:
    """What a run needs from outside: its flow, and the program's own words."""

    flow_of: FlowOf
    words_of: Callable[[str], Words]  # by community


def carry_out(
    session: Session,
    talk: Conversations,
    run: Run,
    person: Participant,
    effect: Effect,
    number: str,
    cause: Cause,
    now: datetime,
) -> set[int]:
    key_uid = data_key_of(session, person.community_id)
    match effect:
        case Say():
            return _say(session, talk, run, person, effect, number, cause, now)
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
            put(session, person, name, value, _wording(run, run.step), now)
        case Call(reason, is_urgent):
            alert = raise_alert(session, run.participant_id, reason, now, run.id)
            if is_urgent:
                ring_at_once(session, alert, now)
            log.warning("alert", participant=run.participant_id, run=run.id, reason=reason)
    return set()


def _say(
    session: Session,
    talk: Conversations,
    run: Run,
    person: Participant,
    effect: Say,
    number: str,
    cause: Cause,
    now: datetime,
) -> set[int]:
    line = program_line(session)
    if line is None or line.id is None:
        log.error("alarm_no_program_line", run=run.id)
        return set()
    community = session.get_one(Community, person.community_id).slug
    draft = Draft(
        kind=Kind.FLOW,
        dedupe_key=f"flow:{run.id}:{number}",
        line_id=line.id,
        to_number=session.open(person, "phone_sealed"),
        body=rendered(
            effect,
            first_name(session, person),
            known_of(session, run),
            talk.words_of(community),
            person.language,
        ),
        key_uid=data_key_of(session, person.community_id),
        wording=_wording(run, effect.step),
        lane=f"run:{run.id}",
        participant_id=person.id,
        inbound_id=cause.inbound_id,
        expires_at=now + timedelta(days=7),
        maybe_sent_since=cause.maybe_sent_since,
    )
    return {line.id} if enqueue(session, draft, now) else set()


def _wording(run: Run, step: str) -> str:
    """Which words these are, for good: the conversation, the version that said them, the step."""
    return f"{run.flow[:40]}@{run.version_id}/{step}"[:64]


def rendered(effect: Say, name: str, known: Mapping[str, str], words: Words, language: str) -> str:
    """A text of a conversation, ready to leave."""
    values = {word: pick({code: own[word] for code, own in words.items()}, language) for word in ANYWHERE}
    values["first_name"] = name
    values["choices"] = pick(effect.menu, language) if effect.menu else ""
    values["date"] = date_of(date.fromisoformat(known["date"]), language) if "date" in known else ""
    return effect.said.say(language, values)


def place_of(session: Session, run: Run) -> Place | None:
    """Where the run stands; None before its first step."""
    if not run.step:
        return None
    kept = json.loads(session.open(run, "state_sealed"))
    since = datetime.fromisoformat(kept["since"]) if kept["since"] else None
    return Place(run.step or END, kept["answers"], since, kept["tries"], kept["reminded"], run.wake_at)


def known_of(session: Session, run: Run) -> dict[str, str]:
    """What was given when the run was asked for."""
    return dict(json.loads(session.open(run, "state_sealed"))["answers"]) if run.state_sealed else {}


def written(place: Place) -> str:
    since = place.since.isoformat() if place.since else None
    kept = {"answers": dict(place.answers), "since": since, "tries": place.tries, "reminded": place.reminded}
    return json.dumps(kept)
