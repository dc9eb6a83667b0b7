"""How a match comes to its end: on a day that all know, at once, or after one more question to somebody silent.

What the members are told is in the conversations `closing-…` of staff; without them, a short notice says that it has
ended. A planned day is told four weeks before (domain: notices at four, two and one week are in the conversation).
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.flows.running import Start, start
from gateway.matching import matches, presence
from gateway.models import Ending, Match, MatchState, Participant, Role, Run, RunState
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.routing.routes import Partner, partners_of
from gateway.runtime import Gateway

NOTICE = timedelta(days=28)
SILENCE = timedelta(days=14)  # the conversation asks twice in it
LONGEST = timedelta(days=3 * 365)
GOING = (MatchState.ACTIVE, MatchState.PAUSED)
NOBODY = 0  # no participant has this id: everyone is a partner
ACTOR = "gateway"
PREFIX = "closing-"
MOST_AT_ONCE = 50


def today_of(gateway: Gateway, now: datetime) -> date:
    """The program's own date."""
    return now.astimezone(ZoneInfo(gateway.content.charter.timezone)).date()


def plan(
    session: Session, gateway: Gateway, match: Match, last_day: date, why: str, now: datetime
) -> set[int]:
    """Texts pass until the end of `last_day`. Returns the lines to ring. Raises Refused."""
    today = today_of(gateway, now)
    if match.state not in GOING:
        raise Refused(f"match {match.id} is {match.state}; its end cannot be planned")
    if not today < last_day <= today + LONGEST:
        raise Refused("the last day must be after today, and within three years")
    match.ending, match.closes_on, match.close_why = Ending.PLANNED, last_day, why[:400]
    session.add(match)
    return _give_notice(session, gateway, match, now) if last_day - today <= NOTICE else set()


def ask_silent(
    session: Session, gateway: Gateway, match: Match, silent: Participant, why: str, now: datetime
) -> set[int]:
    """Ask somebody who has gone silent once more; in two weeks the match ends, unless staff call it off.

    The others are told only then, and never why. Returns the lines to ring. Raises Refused.
    """
    if match.state not in GOING:
        raise Refused(f"match {match.id} is {match.state}; it cannot be ended in this way")
    match.ending, match.closes_on = Ending.UNREACHABLE, today_of(gateway, now) + SILENCE
    match.close_why = why[:400]
    session.add(match)
    return _converse(session, gateway, match, Ending.UNREACHABLE, silent, now) or set()


def call_off(session: Session, match: Match, now: datetime) -> None:
    """The end that was planned does not come. Raises Refused once the members were told the day."""
    if match.closes_on is None or match.state not in GOING:
        raise Refused(f"match {match.id} has no end that could be called off")
    _break_off(session, match, now)
    match.ending, match.closes_on, match.close_why = None, None, None
    session.add(match)


def at_once(session: Session, gateway: Gateway, match: Match, why: str, now: datetime) -> set[int]:
    """End the match now, and tell its members kindly. Returns the lines to ring. Raises Refused."""
    match.ending, match.close_why = Ending.SUDDEN, why
    _break_off(session, match, now)
    return _finish(session, gateway, match, now)


def tick(session: Session, gateway: Gateway, now: datetime) -> set[int]:
    """Give the notices that are due, and end the matches whose last day is over. Returns the lines to ring.

    Safe to run twice: each conversation begins once.
    """
    today = today_of(gateway, now)
    ahead = (
        select(Match)
        .where(col(Match.closes_on) <= today + NOTICE, Match.state != MatchState.CLOSED)
        .order_by(col(Match.closes_on), col(Match.id))
        .with_for_update(skip_locked=True)
    )
    over = ahead.where(col(Match.closes_on) < today).limit(MOST_AT_ONCE)
    lines: set[int] = set()
    for match in session.exec(over).all():
        lines |= _finish(session, gateway, match, now)
        audit(session, ACTOR, "match.close", f"match:{match.id}", now, {"ending": str(match.ending)})
    untold = ahead.where(Match.ending == Ending.PLANNED, Match.state == MatchState.ACTIVE)
    for match in session.exec(untold.limit(MOST_AT_ONCE)).all():
        lines |= _give_notice(session, gateway, match, now)
    return lines


def is_told_by(session: Session, gateway: Gateway, ending: Ending) -> bool:
    """Whether the conversations of this ending are in use, for youths and mentors."""
    flows = gateway.library.live(session).flows.by_slug
    return all(_slug(ending, role) in flows for role in (Role.YOUTH, Role.MENTOR))


def _give_notice(session: Session, gateway: Gateway, match: Match, now: datetime) -> set[int]:
    """Tell everybody the day. A match on pause stays on pause: closing would let its texts pass again."""
    if match.state is MatchState.ACTIVE:
        matches.move(match, MatchState.CLOSING)
        session.add(match)
    lines: set[int] = set()
    for member in partners_of(session, match.id or 0, NOBODY):
        lines |= _converse(session, gateway, match, Ending.PLANNED, member.person, now) or set()
    return lines


def _finish(session: Session, gateway: Gateway, match: Match, now: datetime) -> set[int]:
    """Close it; whoever was told the day hears a short notice, the others what a sudden end asks for."""
    ending, members = match.ending, partners_of(session, match.id or 0, NOBODY)
    asked = set(session.exec(select(Run.participant_id).where(Run.match_id == match.id, _asks_silent())))
    matches.close(session, match, match.close_why or "", gateway.settings.gateway_cool_down_days, now)
    lines: set[int] = set()
    for member in members:
        if ending is Ending.UNREACHABLE and member.person.id in asked:
            continue  # the conversation with this person says it
        told = None
        if ending is not Ending.PLANNED:
            told = _converse(session, gateway, match, Ending.SUDDEN, member.person, now)
        lines |= _notice(session, gateway, match, member, now) if told is None else told
    return lines


def _converse(
    session: Session, gateway: Gateway, match: Match, ending: Ending, person: Participant, now: datetime
) -> set[int] | None:
    """Begin the closing conversation with one person; None when staff have none in use."""
    live, slug = gateway.library.live(session), _slug(ending, person.role)
    if slug not in live.flows.by_slug:
        return None
    wanted = Start(
        flow=slug,
        version_id=live.flows_version,
        participant_id=person.id or 0,
        dedupe_key=f"closing:{match.id}:{person.id}:{ending}:{match.closes_on or 'now'}",
        match_id=match.id,
        day=match.closes_on,
    )
    return start(session, gateway.talk, wanted, now)


def _break_off(session: Session, match: Match, now: datetime) -> None:
    """What was begun about another end, or another day, is said no further."""
    session.execute(
        update(Run)
        .where(
            col(Run.match_id) == match.id,
            col(Run.state).in_([RunState.RUNNING, RunState.QUEUED]),
            col(Run.flow).startswith(PREFIX),
        )
        .values(state=RunState.STOPPED, ended_at=now, wake_at=None)
    )


def _notice(session: Session, gateway: Gateway, match: Match, member: Partner, now: datetime) -> set[int]:
    voice, match_id = gateway.content.voice, match.id or 0
    return presence.tell(session, voice, member, match_id, "match_closed", f"{match_id}", now)


def _slug(ending: Ending, role: Role) -> str:
    return f"{PREFIX}{ending}-{role}"


def _asks_silent() -> ColumnElement[bool]:
    return col(Run.flow).in_([_slug(Ending.UNREACHABLE, role) for role in Role])
