"""What a person agreed to. Statements are added, never changed; the newest of each kind counts."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import col, func, select

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
    given_by: Participant | None = None,
) -> None:
    """Add a statement. `wording` names the words that were agreed to: a version on paper, or the text that asked.

    `given_by` is the guardian who spoke for the youth, if one did.
    """
    assert person.id is not None
    session.add(
        Consent(
            participant_id=person.id,
            kind=kind,
            state=state,
            how=how,
            given_by_id=given_by.id if given_by else None,
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
