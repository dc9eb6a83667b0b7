"""A text that may leave, with all that could forbid it: read in one query, at the claim and once more before the wire."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import col

from gateway.db import Session
from gateway.models import MaskState, Match, Member, OptOut, OutboundMessage, Participant


@dataclass(frozen=True)
class Circumstances:
    """What is known of one text at one moment. `word` is the STOP or START of the phone that it goes to."""

    row: OutboundMessage
    person: Participant | None
    word: OptOut | None
    match: Match | None
    holds_mask: bool  # whether the one who would receive it still has this line as the mask of this match


def circumstances(session: Session, outbound_id: int, *, to_change: bool = False) -> Circumstances | None:
    """Read them afresh; `to_change` keeps others from changing the row meanwhile. None when there is no such text."""
    found = session.execute(_LOCKED if to_change else _ALL, {"text": outbound_id}).first()
    if found is None:
        return None
    row, person, word, match, place = found
    return Circumstances(row, person, word, match, place is not None)


_ALL = (
    select(OutboundMessage, Participant, OptOut, Match, col(Member.id))
    .outerjoin(Participant, col(Participant.id) == OutboundMessage.participant_id)
    .outerjoin(OptOut, col(OptOut.phone_index) == OutboundMessage.to_index)
    .outerjoin(Match, col(Match.id) == OutboundMessage.match_id)
    .outerjoin(
        Member,
        (col(Member.match_id) == OutboundMessage.match_id)
        & (col(Member.participant_id) == OutboundMessage.participant_id)
        & (col(Member.line_id) == OutboundMessage.line_id)
        & (col(Member.phone_index) == OutboundMessage.to_index)
        & (col(Member.mask_state) == MaskState.ACTIVE),
    )
    .where(col(OutboundMessage.id) == bindparam("text"))
    .execution_options(populate_existing=True)
)
_LOCKED = _ALL.with_for_update(of=OutboundMessage)
