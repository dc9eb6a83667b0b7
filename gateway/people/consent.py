"""What a person agreed to. Statements are added, never changed; the newest of each kind counts."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Consent, ConsentKind, ConsentState, Participant
from gateway.people.directory import look_at_people

WORDING_VERSION = "2026-11"


def record_consent(
    session: Session,
    person: Participant,
    kind: ConsentKind,
    state: ConsentState,
    how: str,
    now: datetime,
    wording: str = WORDING_VERSION,
) -> None:
    """Add a statement. `wording` names the words that were agreed to: a version on paper, or the text that asked."""
    assert person.id is not None
    session.add(
        Consent(
            participant_id=person.id,
            kind=kind,
            state=state,
            how=how,
            wording_version=wording[:64],
            language=person.language,
            at=now,
        )
    )
    look_at_people(session, [person.id], now)


def has_consent(session: Session, participant_id: int, kind: ConsentKind) -> bool:
    return state_of(session, participant_id, kind) is ConsentState.GIVEN


def state_of(session: Session, participant_id: int, kind: ConsentKind) -> ConsentState | None:
    """The newest statement of this kind; None when nothing was ever said."""
    found: ConsentState | None = session.execute(_NEWEST, {"person": participant_id, "kind": kind}).scalar()
    return found


_NEWEST = (
    select(Consent.state)
    .where(col(Consent.participant_id) == bindparam("person"), col(Consent.kind) == bindparam("kind"))
    .order_by(col(Consent.id).desc())
    .limit(1)
)
