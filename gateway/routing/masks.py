"""Lending a line to each member of a match as a mask, and letting it rest afterwards.

No phone may hold one line twice, now or while it rests, or a late text would reach the wrong partner.
"""

from datetime import datetime, timedelta

from sqlmodel import col, func, or_, select, update

from gateway.db import Session
from gateway.models import HELD, Line, MaskState, Match, Member, Participant, spelled
from gateway.people.directory import Refused


class PoolTooSmall(Refused):
    """There are not enough lines; `missing` says how many to add."""

    def __init__(self, missing: int, keys: list[str]) -> None:
        people = ", ".join(keys)
        count = "1 more line" if missing == 1 else f"{missing} more lines"
        super().__init__(
            f"add {count} with `gateway lines add NUMBER`: every line is already held, or rests, for {people}. "
            "A person needs a line of their own for each match, and a line rests before it is lent to the same "
            "phone again, so that a late text cannot reach a former partner"
        )
        self.missing = missing


def lend(session: Session, match: Match, people: list[Participant], now: datetime) -> dict[str, str]:
    """Lend each person a line that this phone does not hold; returns {person's key: line number}.

    Lends to all or, raising PoolTooSmall, to none.
    """
    session.take_turn("lend lines")
    free_rested_masks(session, now)
    masks: dict[str, str] = {}
    for person in people:
        line = _line_for(session, person)
        if line is None:
            raise PoolTooSmall(1, [person.key])
        assert line.id is not None and person.id is not None and match.id is not None
        session.add(
            Member(
                match_id=match.id,
                participant_id=person.id,
                line_id=line.id,
                phone_index=person.phone_index,
                mask_state=MaskState.ACTIVE,
                lent_at=now,
            )
        )
        session.flush()  # so that the next member is lent a less used line
        masks[person.key] = line.number
    return masks


def lend_again(session: Session, place: Member, person: Participant, now: datetime) -> str:
    """Give a former member of the same match a line again: the old one while it rests and the phone is the same."""
    session.take_turn("lend lines")
    free_rested_masks(session, now)
    session.refresh(place)
    if place.mask_state is not MaskState.COOLING or place.phone_index != person.phone_index:
        line = _line_for(session, person)
        if line is None or line.id is None:
            raise PoolTooSmall(1, [person.key])
        place.line_id, place.phone_index = line.id, person.phone_index
    place.mask_state, place.lent_at, place.cool_until, place.left_at = MaskState.ACTIVE, now, None, None
    session.add(place)
    session.flush()
    return session.get_one(Line, place.line_id).number


def rest_one(session: Session, place: Member, cool_down_days: int, now: datetime) -> None:
    """Take one member's mask back."""
    place.mask_state, place.cool_until = MaskState.COOLING, now + timedelta(days=cool_down_days)
    session.add(place)


def _line_for(session: Session, person: Participant) -> Line | None:
    """The least lent line that neither this person nor this phone holds."""
    held = select(Member.line_id).where(
        spelled(col(Member.mask_state), *HELD),
        or_(Member.participant_id == person.id, Member.phone_index == person.phone_index),
    )
    load = (
        select(func.count())
        .where(col(Member.line_id) == col(Line.id), col(Member.mask_state) == MaskState.ACTIVE)
        .correlate(Line)
        .scalar_subquery()
    )
    return session.exec(
        select(Line)
        .where(~col(Line.is_program), col(Line.stopped_at).is_(None), col(Line.id).not_in(held))
        .order_by(load, col(Line.id))
        .limit(1)
    ).first()


def rest(session: Session, match_id: int, cool_down_days: int, now: datetime) -> None:
    """Take the masks of a match back: they route no more, and rest for `cool_down_days`."""
    session.execute(
        update(Member)
        .where(col(Member.match_id) == match_id, col(Member.mask_state) == MaskState.ACTIVE)
        .values(mask_state=MaskState.COOLING, cool_until=now + timedelta(days=cool_down_days))
    )


def free_rested_masks(session: Session, now: datetime) -> None:
    """Masks whose rest is over may be lent again."""
    session.execute(
        update(Member)
        .where(
            spelled(col(Member.mask_state), *HELD),
            col(Member.mask_state) == MaskState.COOLING,
            col(Member.cool_until) <= now,
        )
        .values(mask_state=MaskState.FREE)
    )
