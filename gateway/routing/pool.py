"""The pool of lines: how many people text each, and how many more would be needed.

A person needs a line of their own for each match, and a line that rests counts as taken by that phone.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import HELD, Line, MaskState, Member, Participant


@dataclass(frozen=True)
class Use:
    """One line, the people who text it now, and those for whom it rests."""

    line: Line
    texting: int
    resting: int


def uses(session: Session) -> list[Use]:
    """Every line: program lines first, then in the order in which they were added."""
    counts: dict[tuple[int | None, MaskState], int] = {
        (line_id, MaskState(state)): count
        for line_id, state, count in session.exec(
            select(Member.line_id, Member.mask_state, func.count()).group_by(
                col(Member.line_id), col(Member.mask_state)
            )
        )
    }
    lines = session.exec(select(Line).order_by(col(Line.is_program).desc(), col(Line.id)))
    return [
        Use(line, counts.get((line.id, MaskState.ACTIVE), 0), counts.get((line.id, MaskState.COOLING), 0))
        for line in lines
    ]


def pool_size(session: Session) -> int:
    """The lines that can be lent: neither the program's own nor stopped ones."""
    lent = select(func.count()).select_from(Line).where(~col(Line.is_program), col(Line.stopped_at).is_(None))
    return session.exec(lent).one()


def held_by(session: Session, people: Sequence[Participant]) -> dict[int, int]:
    """How many lines of the pool each person cannot be lent: held or resting, for the person or for the phone."""
    phones = [person.phone_index for person in people]
    rows = session.exec(
        select(Member.participant_id, Member.phone_index, Member.line_id)
        .join(Line, col(Line.id) == Member.line_id)
        .where(
            col(Member.mask_state).in_(HELD),
            col(Line.stopped_at).is_(None),
            col(Member.phone_index).in_(phones)
            | col(Member.participant_id).in_([person.id for person in people]),
        )
    ).all()
    by_person: dict[int, set[int]] = {}
    by_phone: dict[bytes, set[int]] = {}
    for person_id, phone, line_id in rows:
        by_person.setdefault(person_id, set()).add(line_id)
        by_phone.setdefault(phone, set()).add(line_id)
    return {
        person.id or 0: len(by_person.get(person.id or 0, set()) | by_phone.get(person.phone_index, set()))
        for person in people
    }


def lines_needed(matches: int, youths: Sequence[int], mentors: Sequence[tuple[int, int]]) -> int:
    """How large the pool must be for this many more matches.

    `youths`: the lines that each waiting youth cannot have; `mentors`: the same and how many more matches each can
    carry. The matches are spread so that the fewest lines suffice; people still to come hold none.
    """
    levels = [held + 1 for held in sorted(youths)[:matches]]
    free = [(held, room) for held, room in mentors if room > 0]
    heapq.heapify(free)
    for _ in range(matches):
        held, room = heapq.heappop(free) if free else (0, 1)
        levels.append(held + 1)
        if room > 1:
            heapq.heappush(free, (held + 1, room - 1))
    return max(levels, default=0)
