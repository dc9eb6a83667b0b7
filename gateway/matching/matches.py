"""The life of a match: made, paused, resumed, closed. Each act is audited by whoever calls."""

from datetime import date, datetime

from sqlmodel import col, select, update

from gateway.db import Session
from gateway.matching.gates import Gate, unmet_gates
from gateway.matching.waivers import waive
from gateway.models import (
    MATCH_MOVES,
    Agenda,
    Match,
    MatchState,
    Member,
    OutboundMessage,
    OutboundState,
    Participant,
    is_for_its_reader,
)
from gateway.people.directory import Refused, look_at_people
from gateway.routing.masks import lend, rest


class GatesNotMet(Refused):
    """Who may not be matched yet, and why."""

    def __init__(self, gates: list[Gate]) -> None:
        reasons = "; ".join(gate.sentence for gate in gates)
        waivable = all(gate.can_be_waived for gate in gates)
        super().__init__(reasons + (". Staff may waive this with --waive REASON" if waivable else ""))
        self.gates = gates


def create(
    session: Session,
    youths: list[Participant],
    mentors: list[Participant],
    waiver: str | None,
    now: datetime,
    actor: str = "cli",
) -> tuple[Match, dict[str, str], list[Gate]]:
    """Make an active match and lend its masks: (match, {key: line number}, gates waived). `actor` waives.

    Raises GatesNotMet, or PoolTooSmall when lines are lacking; then nothing is made.
    """
    gates = unmet_gates(session, youths, mentors, now.date())
    if any(not gate.can_be_waived for gate in gates) or (gates and not waiver):
        raise GatesNotMet(gates)
    match = Match(community_id=youths[0].community_id, state=MatchState.ACTIVE, created_at=now)
    session.add(match)
    session.flush()
    session.add(Agenda(match_id=match.id or 0, next_look_at=now))
    if waiver:
        waive(session, match, gates, waiver, actor, now)
    return match, lend(session, match, youths + mentors, now), gates


def get(session: Session, match_id: int) -> Match:
    """Raises Refused when there is no such match."""
    match = session.get(Match, match_id)
    if match is None:
        raise Refused(f"there is no match {match_id}; `gateway match list` shows them")
    return match


def move(match: Match, state: MatchState) -> None:
    """Change the state by an allowed move only. Raises Refused."""
    if state not in MATCH_MOVES[match.state]:
        raise Refused(f"match {match.id} is {match.state}; it cannot become {state}")
    match.state = state


def pause(session: Session, match: Match, why: str) -> None:
    move(match, MatchState.PAUSED)
    match.pause_why = why
    session.add(match)


def resume(session: Session, match: Match) -> None:
    move(match, MatchState.ACTIVE)
    match.pause_why = None
    session.add(match)


def end_on(session: Session, match: Match, last_day: date, now: datetime) -> None:
    """Plan the end: texts still pass until `last_day`, and the closing conversations begin. Again: another day.

    Raises Refused when the match cannot be closed, or the day is past.
    """
    if last_day < now.date():
        raise Refused(f"{last_day} is past; name a day to come, or close the match now")
    if match.state is not MatchState.CLOSING:
        move(match, MatchState.CLOSING)
    agenda = session.get_one(Agenda, match.id)
    agenda.closing_at = agenda.closing_at or now
    agenda.ends_on, agenda.next_look_at = last_day, now
    session.add(match)
    session.add(agenda)


def close(session: Session, match: Match, why: str, cool_down_days: int, now: datetime) -> None:
    """End the match: nothing more passes, what waits is cancelled, the masks rest. What was meant for staff still waits for them."""
    assert match.id is not None
    members = session.exec(select(Member.participant_id).where(Member.match_id == match.id)).all()
    look_at_people(session, members, now)
    move(match, MatchState.CLOSED)
    match.close_why, match.closed_at, match.closes_on = why[:400], now, None
    session.add(match)
    rest(session, match.id, cool_down_days, now)
    session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.match_id) == match.id,
            is_for_its_reader(),
        )
        .values(state=OutboundState.CANCELLED, reason="match_closed", settled_at=now)
    )


def open_matches_of(session: Session, participant_id: int) -> list[Match]:
    """The matches of this person that are not closed, oldest first."""
    return list(
        session.exec(
            select(Match)
            .join(Member, col(Member.match_id) == Match.id)
            .where(
                Member.participant_id == participant_id,
                col(Member.left_at).is_(None),
                Match.state != MatchState.CLOSED,
            )
            .order_by(col(Match.id))
        )
    )
