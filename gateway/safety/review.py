"""What staff do with texts that are held or flagged: release them, in the order in which they were written, discard them,
say a word to whoever wrote them, ask for more eyes. Every act is kept as a decision, and audited.

A text is named by its inbound id: in a group it has several legs, and they share its fate.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.i18n import Voice, Voices
from gateway.models import (
    Act,
    Alert,
    Decision,
    Finding,
    InboundMessage,
    Kind,
    OutboundMessage,
    OutboundState,
    Participant,
    spelled,
)
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.alerts import Reason, raise_alert
from gateway.people.directory import Refused, data_key_of, voice_for
from gateway.privacy.audit import audit
from gateway.routing.lines import program_line
from gateway.safety import escalation
from gateway.safety.actor import Actor

LONGEST_NOTE = 300
SETTLED_BY_REVIEW = (Reason.HELD, Reason.FLAGGED, Reason.REVIEW_OVERDUE)


def held(session: Session) -> list[OutboundMessage]:
    """Every leg that waits for a look, oldest first."""
    return list(
        session.exec(
            select(OutboundMessage)
            .where(spelled(col(OutboundMessage.state), OutboundState.HELD))
            .order_by(col(OutboundMessage.id))
        )
    )


def read(session: Session, by: Actor, inbound_id: int, now: datetime) -> str:
    """The words of one text, for staff; reading them is audited. Raises Refused, Erased."""
    text = _text(session, inbound_id)
    audit(session, by.name, "text.read", f"inbound:{inbound_id}", now)
    return session.open(text, "body_sealed")


def release(session: Session, by: Actor, inbound_id: int, now: datetime) -> set[int]:
    """Let a held text go; the lines to ring. Raises Refused when nothing of it is held."""
    lines = _move(session, inbound_id, OutboundState.QUEUED, now)
    _settle(session, by, inbound_id, Act.RELEASED, now)
    return lines


def release_with_note(
    session: Session, voices: Voices, by: Actor, inbound_id: int, note: str, now: datetime
) -> set[int]:
    """Let it go, and say a word to its writer in private, from the program line. Raises Refused."""
    lines = _say(session, voices, _text(session, inbound_id), note, now)
    lines |= _move(session, inbound_id, OutboundState.QUEUED, now)
    _settle(session, by, inbound_id, Act.RELEASED, now, has_note=True)
    return lines


def discard(session: Session, by: Actor, inbound_id: int, now: datetime) -> None:
    """It will never leave, and stays on record. Raises Refused when nothing of it is held."""
    _move(session, inbound_id, OutboundState.DISCARDED, now)
    _settle(session, by, inbound_id, Act.DISCARDED, now)


def looked(session: Session, by: Actor, inbound_id: int, now: datetime) -> None:
    """A flagged text was read, and nothing more is needed."""
    _text(session, inbound_id)
    _settle(session, by, inbound_id, Act.LOOKED, now)


def escalate(
    session: Session, voice: Voice, alarms: escalation.Alarms, by: Actor, inbound_id: int, now: datetime
) -> set[int]:
    """More eyes, at once: an urgent alert. What is held stays held. The lines to ring."""
    text = _text(session, inbound_id)
    alert = raise_alert(
        session, text.participant_id, Reason.ESCALATED, now, match_id=text.match_id, inbound_id=inbound_id
    )
    _settle(session, by, inbound_id, Act.ESCALATED, now)
    return escalation.step(session, voice, alarms, alert, now)


def release_of(session: Session, participant_id: int, reason: str, now: datetime) -> set[int]:
    """Let go all that one person wrote, or was to receive, and that was held for `reason`; the lines to ring."""
    doubted = select(Participant.id).where(col(Participant.number_doubted_at).is_not(None))
    concerned = (
        spelled(col(OutboundMessage.state), OutboundState.HELD),
        col(OutboundMessage.reason) == reason,
        _written_by([participant_id]) | (col(OutboundMessage.participant_id) == participant_id),
        # the other end may be in doubt as well
        ~_written_by(doubted),
        col(OutboundMessage.participant_id).not_in(doubted),
    )
    lines = set(session.exec(select(OutboundMessage.line_id).where(*concerned)))
    session.execute(
        update(OutboundMessage)
        .where(*concerned)
        .values(state=OutboundState.QUEUED, not_before=now, reason=None)
        .execution_options(synchronize_session=False)
    )
    return lines


def _written_by(people: Sequence[int] | Select[Any]) -> ColumnElement[bool]:
    """Texts that these people wrote."""
    wrote = select(InboundMessage.id).where(col(InboundMessage.participant_id).in_(people))
    return col(OutboundMessage.inbound_id).in_(wrote)


def _text(session: Session, inbound_id: int) -> InboundMessage:
    text = session.get(InboundMessage, inbound_id)
    if text is None:
        raise Refused(f"there is no text {inbound_id}")
    return text


def _move(session: Session, inbound_id: int, state: OutboundState, now: datetime) -> set[int]:
    """Move every held leg of a text; the lines to ring. A conditional update: two reviewers decide once."""
    concerned = (OutboundMessage.inbound_id == inbound_id, OutboundMessage.state == OutboundState.HELD)
    lines = set(session.exec(select(OutboundMessage.line_id).where(*concerned)))
    values = {"state": state, "not_before": now} | (
        {"settled_at": now} if state is OutboundState.DISCARDED else {}
    )
    moved = session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.inbound_id) == inbound_id, col(OutboundMessage.state) == OutboundState.HELD
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise Refused(f"text {inbound_id} is not held; `gateway held list` shows those that are")
    session.expire_all()
    return lines


def _settle(
    session: Session, by: Actor, inbound_id: int, act: Act, now: datetime, *, has_note: bool = False
) -> None:
    """Keep the decision, audit it, and close the alerts that it answers when nothing else waits in the thread."""
    session.add(Decision(inbound_id=inbound_id, act=act, staff_id=by.staff_id, has_note=has_note, at=now))
    session.flush()
    of_it = (col(Finding.inbound_id) == inbound_id, col(Finding.decided_at).is_(None))
    session.execute(update(Finding).where(*of_it).values(decided_at=now))
    audit(session, by.name, f"text.{act.value}", f"inbound:{inbound_id}", now, {"note": has_note})
    text = _text(session, inbound_id)
    if act is Act.ESCALATED or text.match_id is None or _still_waits(session, text.match_id):
        return
    answered = session.exec(
        select(Alert).where(
            Alert.match_id == text.match_id,
            col(Alert.reason).in_(SETTLED_BY_REVIEW),
            col(Alert.closed_at).is_(None),
        )
    ).all()
    for alert in answered:
        escalation.close(session, alert, by.staff_id, now)


def _still_waits(session: Session, match_id: int) -> bool:
    return (
        session.exec(
            select(OutboundMessage.id)
            .where(OutboundMessage.match_id == match_id, OutboundMessage.state == OutboundState.HELD)
            .limit(1)
        ).first()
        is not None
    )


def _say(session: Session, voices: Voices, text: InboundMessage, note: str, now: datetime) -> set[int]:
    note = " ".join(note.split())
    writer = session.get(Participant, text.participant_id) if text.participant_id else None
    line = program_line(session)
    if not note or len(note) > LONGEST_NOTE:
        raise Refused(f"write a note of 1 to {LONGEST_NOTE} characters")
    if writer is None or line is None or line.id is None:
        raise Refused("a note needs a writer whom we know and a program line to say it from")
    draft = Draft(
        kind=Kind.NOTICE,
        dedupe_key=f"note:{text.id}:{now:%Y%m%d%H%M%S}",
        line_id=line.id,
        to_number=session.open(writer, "phone_sealed"),
        body=voice_for(session, voices, writer).say("staff_note", writer.language, note=note),
        key_uid=data_key_of(session, writer.community_id),
        wording="staff_note",
        participant_id=writer.id,
        inbound_id=text.id,
    )
    return {line.id} if enqueue(session, draft, now) else set()
