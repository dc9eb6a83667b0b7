"""Calls to a line, kept for staff: somebody who calls may need a person. Nobody is ever put through."""

from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Call
from gateway.models.types import new_uid
from gateway.people.alerts import Reason, raise_alert
from gateway.people.directory import data_key_of, house_key, people_at
from gateway.providers.protocol import IncomingCall


def record(session: Session, call: IncomingCall, provider: str, now: datetime) -> bool:
    """Keep one call, once. A caller whom we know alone on the phone is named to staff; False when it was known."""
    index, uid = session.index(call.from_number), new_uid()
    people = people_at(session, index)
    person = people[0] if len(people) == 1 else None
    key_uid = data_key_of(session, people[0].community_id) if people else house_key(session)
    values = {
        "uid": uid,
        "provider": provider,
        "provider_call_id": call.provider_call_id,
        "from_index": index,
        "from_sealed": session.sealed(Call, uid, "from_sealed", call.from_number, key_uid),
        "to_number": call.to_number,
        "participant_id": person.id if person else None,
        "at": now,
    }
    if session.add_once(Call, values) is None:
        return False
    for one in people:
        raise_alert(session, one.id, Reason.CALLED, now)
    return True


def calls_of(session: Session, participant_id: int, most: int = 50) -> list[Call]:
    """The newest calls of one person, newest first."""
    return list(
        session.exec(
            select(Call)
            .where(Call.participant_id == participant_id)
            .order_by(col(Call.id).desc())
            .limit(most)
        ).all()
    )
