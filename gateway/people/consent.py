"""What a person agreed to. Statements are added, never changed; the newest of each kind counts."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import Consent, ConsentKind, ConsentState, Participant

WORDING_VERSION = "2026-11"


def record_consent(
    session: Session,
    person: Participant,
    kind: ConsentKind,
    state: ConsentState,
    how: str,
    now: datetime,
    given_by: Participant | None = None,
) -> None:
    """Add a statement. `given_by` is the guardian who spoke for the youth, if one did."""
    assert person.id is not None
    session.add(
        Consent(
            participant_id=person.id,
            kind=kind,
            state=state,
            how=how,
            given_by_id=given_by.id if given_by else None,
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


def history(session: Session, participant_id: int) -> list[Consent]:
    """Every statement of this person, newest first."""
    return list(
        session.exec(
            select(Consent).where(Consent.participant_id == participant_id).order_by(col(Consent.id).desc())
        )
    )


def lacking(kind: ConsentKind) -> ColumnElement[bool]:
    """The condition on `Participant` that consent of this kind is not given, or given no longer."""
    newest = (
        select(Consent.state)
        .where(Consent.participant_id == Participant.id, Consent.kind == kind)
        .order_by(col(Consent.id).desc())
        .limit(1)
        .correlate(Participant)
        .scalar_subquery()
    )
    return func.coalesce(newest, ConsentState.PENDING) != ConsentState.GIVEN
