"""What the tests of the outbox do that no phone can: queue a word of the program's, and look at the rows."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import col, select

from gateway import outreach
from gateway.insight import log
from gateway.models import Kind, Line, OutboundMessage, OutboundState
from gateway.outbox.claim import Claimed
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.directory import data_key_of, person_with_key
from gateway.routing.lines import program_line
from gateway.runtime import Gateway
from gateway.work import jobs
from tests.outbox.wire import TwilioWorld
from tests.twilio_server import Fault, Message
from tests.world import Phone, World


def queue(
    world: World,
    phone: Phone,
    body: str,
    kind: Kind = Kind.PROMPT,
    *,
    line_id: int | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Queue one text of the program's to this phone, on the program line unless another is named."""
    with world.gateway.db.transaction() as session:
        person, line = person_with_key(session, phone.key), program_line(session)
        assert line is not None and line.id is not None
        draft = Draft(
            kind=kind,
            dedupe_key=f"{kind}:{uuid4().hex}",
            line_id=line_id or line.id,
            to_number=phone.number,
            body=body,
            key_uid=data_key_of(session, person.community_id),
            wording="test",
            participant_id=person.id,
            not_before=not_before,
            expires_at=expires_at,
        )
        enqueue(session, draft, world.clock.now())


def rows(world: World, phone: Phone, *kinds: Kind) -> list[OutboundMessage]:
    """The rows to this person, oldest first; a partner's words unless other kinds are named."""
    person_id = phone.person.id
    return [
        row
        for row in world.outbound()
        if row.participant_id == person_id and row.kind in (kinds or (Kind.RELAY,))
    ]


def states(world: World, phone: Phone, *kinds: Kind) -> list[OutboundState]:
    return [row.state for row in rows(world, phone, *kinds)]


def line_of(world: World, number: str) -> Line:
    """The line with this number, as it is now."""
    with world.gateway.db.reading() as session:
        return session.exec(select(Line).where(Line.number == number)).one()


def waiting(world: World) -> list[OutboundMessage]:
    with world.gateway.db.reading() as session:
        query = select(OutboundMessage).where(OutboundMessage.state == OutboundState.QUEUED)
        return list(session.exec(query.order_by(col(OutboundMessage.id))))


def told(phone: Phone, beginning: str) -> list[str]:
    """The texts on this handset that begin so."""
    return [body for body in phone.received if body.startswith(beginning)]


def shown(world: World) -> list[str]:
    """Where each text is, as `gateway messages` says it."""
    with world.gateway.db.reading() as session:
        return [entry.words_for_state for entry in log.texts(session, None, 1000) if entry.direction == "out"]


def claim_next(gateway: Gateway, line_id: int) -> Claimed:
    """The first of a sender's steps by itself: claim, and do not send."""
    with gateway.db.transaction() as session:
        claimed = outreach.next_text(session, gateway, line_id, gateway.clock.now())
    assert isinstance(claimed, Claimed)
    return claimed


def send_due(world: World) -> None:
    """Handle what came and send what may leave now; nobody looks up, nothing is carried, time hardly moves."""
    jobs.drain_inbox(world.gateway)
    for line_id in {row.line_id for row in waiting(world)}:
        before = -1
        while before < (before := world.count_attempts()):
            jobs.deliver_next(world.gateway, line_id)


def accepted_without_an_answer(world: TwilioWorld, maya: Phone, ben: Phone) -> Message:
    """Maya's words were accepted at the provider, and its answer was lost. What the provider has of them."""
    world.twilio.fail_next(Fault.ACCEPT_THEN_500)
    maya.types("hi Ben")
    send_due(world)
    return world.taken(ben.number)[0]


def look(world: World, seconds: float) -> None:
    """After so long, ask the provider about what is uncertain, and nothing else."""
    world.clock.wait(seconds)
    jobs.look_up_uncertain(world.gateway)


def start_line(world: World, number: str) -> None:
    """What `gateway lines start` does."""
    with world.gateway.db.transaction() as session:
        line = session.exec(select(Line).where(Line.number == number)).one()
        line.stopped_at = line.stopped_why = None
        session.add(line)
