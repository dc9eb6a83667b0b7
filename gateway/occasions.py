"""Something is due in one match, or with one person: it is said, or a conversation begins; and the next look is set."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.db import Session
from gateway.flows import running
from gateway.flows.effects import CHECKIN, TASK, Conversations
from gateway.flows.running import Start
from gateway.library import FLOW, Live
from gateway.matching import matches, presence
from gateway.models import Agenda, Community, Installation, Match, MatchState, Participant
from gateway.outbox.budget import Budget
from gateway.outbox.permission import Limits
from gateway.privacy.audit import audit
from gateway.prompts import agenda, enrolments, plan
from gateway.prompts.occasion import Due, Enrolment, Rules
from gateway.prompts.plan import Outlook
from gateway.prompts.schema import PromptKind
from gateway.prompts.speaking import Speaker, speak
from gateway.routing.routes import partners_of
from gateway.runtime import Gateway

EVERYONE = 0  # no participant has this id: all members are partners of it


@dataclass(frozen=True)
class Programme:
    """What the program says now, and by which rules. `restored_at`: when a backup was last put back."""

    live: Live
    talk: Conversations
    rules: Rules
    restored_at: datetime | None


def limits(gateway: Gateway, community: str = "") -> Limits:
    """What the charter that holds in a community allows, as plain values."""
    charter = gateway.content.charter_of(community)
    budget = charter.budget
    return Limits(
        program_window=charter.program_window,
        day_window=charter.day_window,
        per_day=charter.allowance.day,
        per_week=charter.allowance.week,
        budget=Budget(budget.person_day, budget.program_day, budget.program_month),
        quiet=charter.quiet_days,
    )


def limits_for(session: Session, gateway: Gateway, participant_id: int | None) -> Limits:
    """What is allowed for one person, where that person belongs."""
    person = session.get(Participant, participant_id) if participant_id else None
    return limits(gateway, session.get_one(Community, person.community_id).slug if person else "")


def _programme(session: Session, gateway: Gateway, community: str) -> Programme:
    allowed = limits(gateway, community)
    rules = Rules(allowed.program_window, allowed.per_day, allowed.per_week, allowed.quiet)
    restored_at = session.get_one(Installation, 1).restored_at
    return Programme(gateway.library.live(session), gateway.talk, rules, restored_at)


def wake(session: Session, gateway: Gateway, run_id: int, now: datetime) -> set[int]:
    """Move one conversation that waited for its time. Returns the lines to ring."""
    return running.wake(session, gateway.talk, run_id, session.get_one(Installation, 1).restored_at, now)


def look_at_match(session: Session, gateway: Gateway, match_id: int, now: datetime) -> set[int]:
    """Say what is due in one match; close it when its last day is over. Returns the lines to ring."""
    row = agenda.of_match(session, match_id, now)
    if row is None:
        return set()
    session.add(row)
    row.failures = 0
    if _is_over(session, gateway, row, now):
        row.next_look_at = None
        return _close(session, gateway, match_id, now)
    enrolment = enrolments.enrolment_of(session, row, now)
    if enrolment is None:
        is_over = session.get_one(Match, match_id).state is MatchState.CLOSED
        row.next_look_at = None if is_over else now + agenda.PAUSE_LOOK
        return set()
    programme = _programme(session, gateway, enrolment.community)
    ahead = plan.outlook(enrolment, programme.live.planned, programme.rules, now)
    lines, said = _say_what_is_due(session, programme, enrolment, ahead, now)
    row.next_look_at = min(
        ahead.look_again_at(said, now), _end_of(gateway, row) or datetime.max.replace(tzinfo=UTC)
    )
    return lines


def _end_of(gateway: Gateway, row: Agenda) -> datetime | None:
    """When a match whose end is planned is closed: in the morning after its last day."""
    if row.ends_on is None:
        return None
    charter = gateway.content.charter
    return datetime.combine(
        row.ends_on + timedelta(days=1), charter.program_hours.opens, ZoneInfo(charter.timezone)
    ).astimezone(UTC)


def _is_over(session: Session, gateway: Gateway, row: Agenda, now: datetime) -> bool:
    ends_at = _end_of(gateway, row)
    return (
        ends_at is not None
        and ends_at <= now
        and session.get_one(Match, row.match_id).state is MatchState.CLOSING
    )


def _close(session: Session, gateway: Gateway, match_id: int, now: datetime) -> set[int]:
    lines: set[int] = set()
    members, match = partners_of(session, match_id, EVERYONE), session.get_one(Match, match_id)
    matches.close(session, match, "its last day is over", gateway.settings.gateway_cool_down_days, now)
    for member in members:
        lines |= presence.tell(
            session, gateway.content.voice, member, match_id, "match_closed", f"{match_id}", now
        )
    audit(session, "gateway", "match.close", f"match:{match_id}", now, {"why": "planned"})
    return lines


def look_at_person(session: Session, gateway: Gateway, participant_id: int, now: datetime) -> set[int]:
    """Begin the conversation that is due with one person, if any. Returns the lines to ring."""
    row = agenda.of_person(session, participant_id, now)
    if row is None:
        return set()
    session.add(row)
    row.failures, row.next_look_at = 0, None
    person = session.get_one(Participant, participant_id)
    enrolment = enrolments.person_alone(session, person, now)
    if enrolment is None:
        return set()
    programme = _programme(session, gateway, enrolment.community)
    ahead = plan.outlook(enrolment, programme.live.for_people, programme.rules, now)
    lines, said = _say_what_is_due(session, programme, enrolment, ahead, now)
    if ahead.next_opening_at or ahead.unsaid(said) or ahead.barred:
        row.next_look_at = ahead.look_again_at(said, now)
    return lines


def _say_what_is_due(
    session: Session, programme: Programme, enrolment: Enrolment, ahead: Outlook, now: datetime
) -> tuple[set[int], set[str]]:
    """(lines to ring, keys of what was said, now or before)."""
    said = enrolments.said_among(session, [one.key for one in ahead.open])
    words = programme.talk.words_of(enrolment.community)
    speaker = Speaker(programme.live.planned, programme.live.prompts_version, words, programme.rules)
    lines: set[int] = set()
    for one in plan.within_allowance(ahead.unsaid(said), programme.rules, now):
        since = _maybe_sent_since(programme, one)
        if one.begins_a_talk:
            begins = _conversation_of(programme.live, one, enrolment, since)
            lines |= running.start(session, programme.talk, begins, now)
        else:
            lines |= speak(session, speaker, one, enrolment.ends_on, since, now)
        said.add(one.key)
    return lines, said


def _maybe_sent_since(programme: Programme, one: Due) -> datetime | None:
    """The beginning of the occasion's day, when the database was restored after it: its words may have left that day."""
    began = datetime.combine(one.on, time(), one.person.zone)
    return began if programme.restored_at and programme.restored_at >= began else None


def _conversation_of(live: Live, one: Due, enrolment: Enrolment, since: datetime | None) -> Start:
    """The conversation that an occasion begins: one that starts by itself, or a prompt's question."""
    flow, version = f"{CHECKIN if one.kind is PromptKind.CHECKIN else TASK}{one.slug}", live.prompts_version
    if one.kind is PromptKind.FLOW:
        flow, version = one.slug.removeprefix(FLOW), live.flows_version
    match_id = one.match_id or None
    interrupts = one.kind is PromptKind.FLOW and live.begins[one.slug].interrupts
    day = one.task_on or enrolment.ends_on
    return Start(flow, version, one.person.id, one.key, match_id, day, since, interrupts)
