"""A long conversation of Maya and Ben, as if it had passed through the gateway: real rows, sealed and delivered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.db import Session
from gateway.models import (
    InboundMessage,
    InboundState,
    Kind,
    OutboundMessage,
    OutboundState,
    Outcome,
    Participant,
)
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.directory import data_key_of, person_with_key
from tests.web.conftest import PROGRAM_LINE, World


def fill(world: World, texts: Sequence[str]) -> None:
    """These texts in turns, seven minutes apart, the last one seven minutes ago."""
    now = world.clock.now()
    with world.gateway.db.transaction() as session:
        people = [person_with_key(session, key) for key in ("maya", "ben")]
        for number, words in enumerate(texts):
            writer, reader = people[number % 2], people[1 - number % 2]
            at = now - timedelta(minutes=7 * (len(texts) - number))
            _one(session, writer, reader, words, at)


def _one(session: Session, writer: Participant, reader: Participant, words: str, at: datetime) -> None:
    key = data_key_of(session, writer.community_id)
    row = InboundMessage(
        provider="test",
        provider_message_id=f"t{at.timestamp()}",
        from_index=writer.phone_index,
        from_sealed=b"",
        to_number=PROGRAM_LINE,
        body_sealed=b"",
        received_at=at,
        state=InboundState.HANDLED,
        outcome=Outcome.RELAYED,
        handled_at=at,
        participant_id=writer.id,
        match_id=1,
    )
    session.seal(row, "body_sealed", words, key)
    session.add(row)
    session.flush()
    number = session.open(reader, "phone_sealed")
    draft = Draft(
        Kind.RELAY,
        f"relay:{row.id}",
        1,
        number,
        words,
        key,
        participant_id=reader.id,
        match_id=1,
        inbound_id=row.id,
    )
    for leg_id in enqueue(session, draft, at):
        leg = session.get_one(OutboundMessage, leg_id)
        leg.state = OutboundState.DELIVERED
        session.add(leg)
