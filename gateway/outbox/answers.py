"""What the gateway answers by itself: once a day for each kind, and never to a machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.db import Session
from gateway.i18n import Voice
from gateway.models import Kind, Line, Participant
from gateway.outbox.enqueue import Draft, enqueue, was_said
from gateway.sms.numbers import in_allowed_countries, is_textable

ONCE_IN = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """An automatic text to one phone. `key_uid` seals it; `values` fill the text's own placeholders."""

    wording: str
    kind: Kind
    line: Line
    to_number: str
    language: str
    dedupe_key: str
    key_uid: bytes
    participant: Participant | None = None
    match_id: int | None = None
    inbound_id: int | None = None
    once_in: timedelta = ONCE_IN
    lane: str | None = None


def say(session: Session, voice: Voice, answer: Answer, now: datetime, **values: str) -> set[int]:
    """Queue the answer unless this phone had the same within `once_in`; returns the line to ring, if any.

    Short codes, senders with letters and our own lines get no answer: they may be machines that answer back. Nor does a
    stranger abroad, whose number may be one that earns by each text (abuse case 34).
    """
    if not is_textable(answer.to_number):
        return set()
    is_to_stranger = answer.inbound_id is not None and answer.participant is None
    if is_to_stranger and not in_allowed_countries(answer.to_number):
        return set()
    if was_said(session, session.index(answer.to_number), answer.wording, now - answer.once_in):
        return set()
    assert answer.line.id is not None
    queued = enqueue(
        session,
        Draft(
            kind=answer.kind,
            dedupe_key=answer.dedupe_key,
            line_id=answer.line.id,
            to_number=answer.to_number,
            body=voice.say(answer.wording, answer.language, **values),
            key_uid=answer.key_uid,
            wording=answer.wording,
            lane=answer.lane,
            participant_id=answer.participant.id if answer.participant else None,
            match_id=answer.match_id,
            inbound_id=answer.inbound_id,
        ),
        now,
    )
    return {answer.line.id} if queued else set()
