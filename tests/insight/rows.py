"""Rows of the log without their way through the gateway, for tests that need many: ids and times are real, words are not."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from gateway.db import Session
from gateway.models import (
    InboundMessage,
    InboundState,
    Line,
    MaskState,
    Match,
    MatchState,
    Member,
    Outcome,
    Participant,
)
from gateway.models.types import new_uid


def add_match(session: Session, people: Sequence[Participant], now: datetime) -> int:
    """An active match of these people; its masks pass nothing."""
    line = session.exec(select(Line)).first()
    assert line and line.id
    match = Match(community_id=people[0].community_id, state=MatchState.ACTIVE, created_at=now)
    session.add(match)
    session.flush()
    assert match.id
    for person in people:
        session.add(
            Member(
                match_id=match.id,
                participant_id=person.id or 0,
                line_id=line.id,
                phone_index=person.phone_index,
                mask_state=MaskState.FREE,
                lent_at=now,
            )
        )
    session.flush()
    return match.id


def add_text(
    session: Session, match_id: int, person: Participant, at: datetime, outcome: Outcome = Outcome.RELAYED
) -> int:
    """A text of this member that was handled when it came."""
    row = InboundMessage(
        provider="test",
        provider_message_id=new_uid(),
        from_index=person.phone_index,
        from_sealed=b"",
        to_number="+14165550100",
        body_sealed=b"",
        received_at=at,
        state=InboundState.HANDLED,
        outcome=outcome,
        handled_at=at,
        participant_id=person.id,
        match_id=match_id,
    )
    session.add(row)
    session.flush()
    assert row.id
    return row.id
