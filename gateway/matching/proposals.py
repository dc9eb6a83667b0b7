"""Who might be matched with whom: for one youth, or for everybody who waits at once. Staff decide."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db import Session
from gateway.matching.gates import Gate, person_gates
from gateway.matching.similarity import Likeness, Profile, compare, ranked
from gateway.models import Match, MatchState, Member, Participant, Role
from gateway.people.directory import interests_of
from gateway.routing.pool import held_by, pool_size

MOST_SHOWN = 5
IMPOSSIBLE = 1e6  # a pair that must not be; so many matches as can be come before how good they are
DAYS_PER_POINT = 45  # a youth who has waited this long goes before one whose pair would weigh a point more
MOST_WAITING_POINTS = 4.0


@dataclass(frozen=True)
class Proposal:
    """One pair: why, what is not met yet, and how many lines are lacking for it."""

    youth: Participant
    mentor: Participant
    likeness: Likeness
    gates: tuple[Gate, ...]
    lines_missing: int

    @property
    def can_be_made(self) -> bool:
        """Whether it can be made now, perhaps with a waiver."""
        return not self.lines_missing and all(gate.can_be_waived for gate in self.gates)


def waiting_youths(session: Session, seen: ColumnElement[bool]) -> list[Participant]:
    """Youths without an open match, the one who has waited longest first. `seen` is `access.sees_person`."""
    return list(
        session.exec(
            select(Participant)
            .where(seen, Participant.role == Role.YOUTH, col(Participant.id).not_in(_matched()))
            .order_by(col(Participant.created_at), col(Participant.id))
        )
    )


def free_mentors(session: Session, seen: ColumnElement[bool]) -> list[Participant]:
    """Mentors who can carry one more match."""
    carried = (
        select(func.count())
        .select_from(Member)
        .join(Match, col(Match.id) == Member.match_id)
        .where(
            col(Member.participant_id) == col(Participant.id),
            col(Member.left_at).is_(None),
            Match.state != MatchState.CLOSED,
        )
        .correlate(Participant)
        .scalar_subquery()
    )
    return list(
        session.exec(
            select(Participant)
            .where(seen, Participant.role == Role.MENTOR, carried < col(Participant.most_matches))
            .order_by(col(Participant.id))
        )
    )


def for_youth(
    session: Session, youth: Participant, seen: ColumnElement[bool], now: datetime, most: int = MOST_SHOWN
) -> list[Proposal]:
    """The mentors who may suit this youth, best first; those who could be matched today before the others."""
    mentors = free_mentors(session, seen)
    profiles = profiles_of(session, [youth, *mentors])
    rows = {mentor.id: mentor for mentor in mentors}
    best = ranked(profiles[youth.id or 0], [profiles[mentor.id or 0] for mentor in mentors], now)
    found = _proposals(session, [(youth, rows[mentor.id], likeness) for mentor, likeness in best], now)
    return sorted(found, key=lambda one: not one.can_be_made)[:most]


def pair(session: Session, youth: Participant, mentor: Participant, now: datetime) -> Proposal | None:
    """One pair that staff named; None when it is not for proposing (see `similarity.compare`)."""
    profiles = profiles_of(session, [youth, mentor])
    likeness = compare(profiles[youth.id or 0], profiles[mentor.id or 0], now)
    return _proposals(session, [(youth, mentor, likeness)], now)[0] if likeness else None


def for_everybody(
    session: Session, seen: ColumnElement[bool], now: datetime
) -> tuple[list[Proposal], list[Participant]]:
    """(the pairs that do best taken together, the youths for whom nobody is left), both longest wait first.

    As many pairs as can be, then the greatest weight in all. People with a gate that is never waived stand aside.
    """
    youths, mentors = (
        [
            person
            for person in group
            if all(gate.can_be_waived for gate in person_gates(session, person, now.date()))
        ]
        for group in (waiting_youths(session, seen), free_mentors(session, seen))
    )
    profiles = profiles_of(session, [*youths, *mentors])
    places = [mentor for mentor in mentors for _ in range(profiles[mentor.id or 0].room)]
    likenesses = [
        [compare(profiles[youth.id or 0], profiles[mentor.id or 0], now) for mentor in places]
        for youth in youths
    ]
    waits = [_waiting_points(youth, now) for youth in youths]
    chosen = assign([[one.weight if one else None for one in row] for row in likenesses], waits)
    pairs = [
        (youths[row], places[column], likeness)
        for row, column in chosen
        if (likeness := likenesses[row][column]) is not None
    ]
    found = _proposals(session, pairs, now)
    placed = {one.youth.id for one in found}
    return found, [youth for youth in youths if youth.id not in placed]


def assign(weights: Sequence[Sequence[float | None]], bonus: Sequence[float]) -> list[tuple[int, int]]:
    """The (row, column) pairs of the best assignment: most pairs first, then the greatest sum of weight and bonus.

    None marks a pair that must not be. A bonus belongs to a row: it tells who goes without when columns are few.
    """
    if not weights or not weights[0]:
        return []
    import lap  # noqa: PLC0415 - 20 MB that only this act needs
    import numpy as np  # noqa: PLC0415

    costs = np.array(
        [
            [IMPOSSIBLE if weight is None else -weight - extra for weight in row]
            for row, extra in zip(weights, bonus, strict=True)
        ]
    )
    _, columns, _ = lap.lapjv(costs, extend_cost=True)
    return [
        (row, int(column))
        for row, column in enumerate(columns)
        if column >= 0 and weights[row][column] is not None
    ]


def profiles_of(session: Session, people: Sequence[Participant]) -> dict[int, Profile]:
    """What `similarity` compares, by the person's id."""
    ids = [person.id for person in people]
    carried = Counter(
        session.exec(
            select(Member.participant_id)
            .join(Match, col(Match.id) == Member.match_id)
            .where(
                col(Member.participant_id).in_(ids),
                col(Member.left_at).is_(None),
                Match.state != MatchState.CLOSED,
            )
        )
    )
    return {
        person.id or 0: Profile(
            id=person.id or 0,
            language=person.language,
            zone=person.timezone,
            community_id=person.community_id,
            interests=interests_of(session, person),
            nights_quiet=person.nights_quiet,
            open_matches=carried[person.id or 0],
            most_matches=person.most_matches,
        )
        for person in people
    }


def _proposals(
    session: Session, pairs: Sequence[tuple[Participant, Participant, Likeness]], now: datetime
) -> list[Proposal]:
    people = {person.id: person for youth, mentor, _ in pairs for person in (youth, mentor)}
    gates = {key: tuple(person_gates(session, person, now.date())) for key, person in people.items()}
    held, pool = held_by(session, list(people.values())), pool_size(session)
    return [
        Proposal(
            youth=youth,
            mentor=mentor,
            likeness=likeness,
            gates=gates[youth.id] + gates[mentor.id],
            lines_missing=max(0, max(held[youth.id or 0], held[mentor.id or 0]) + 1 - pool),
        )
        for youth, mentor, likeness in pairs
    ]


def _matched() -> SelectOfScalar[int]:
    return (
        select(Member.participant_id)
        .join(Match, col(Match.id) == Member.match_id)
        .where(col(Member.left_at).is_(None), Match.state != MatchState.CLOSED)
    )


def _waiting_points(youth: Participant, now: datetime) -> float:
    return min(MOST_WAITING_POINTS, (now - youth.created_at) / timedelta(days=DAYS_PER_POINT))
