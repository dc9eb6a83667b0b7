"""What a person agreed to. Statements are added, never changed; the newest of each kind counts."""

from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Consent, ConsentKind, ConsentState, Participant

WORDING_VERSION = "2026-11"


def record_consent(
    session: Session, person: Participant, kind: ConsentKind, state: ConsentState, how: str, now: datetime
) -> None:
    assert person.id is not None
    session.add(
        Consent(
            participant_id=person.id,
            kind=kind,
            state=state,
            how=how,
            wording_version=WORDING_VERSION,
            language=person.language,
            at=now,
        )
    )


def has_consent(session: Session, participant_id: int, kind: ConsentKind) -> bool:
    newest = session.exec(
        select(Consent.state)
        .where(Consent.participant_id == participant_id, Consent.kind == kind)
        .order_by(col(Consent.id).desc())
        .limit(1)
    ).first()
    return newest is ConsentState.GIVEN
