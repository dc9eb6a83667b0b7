"""Guardians and the youths for whom they answer."""

from datetime import datetime

from sqlmodel import col, delete, select

from gateway.db import Session
from gateway.models import Guardianship, Participant, Role
from gateway.people.directory import Refused


def tie(session: Session, guardian: Participant, youth: Participant, now: datetime) -> None:
    """Note that this guardian answers for this youth. Safe to call twice. Raises Refused."""
    if guardian.role is not Role.GUARDIAN or youth.role is not Role.YOUTH:
        raise Refused("a guardian is tied to a youth, and to nobody else")
    if guardian.community_id != youth.community_id:
        raise Refused("guardian and youth belong to different communities")
    values = {"guardian_id": guardian.id, "youth_id": youth.id, "created_at": now}
    session.add_once(Guardianship, values)


def untie(session: Session, guardian: Participant, youth: Participant) -> None:
    """The guardian no longer answers for the youth. What was consented to stays on record."""
    session.execute(
        delete(Guardianship).where(
            col(Guardianship.guardian_id) == guardian.id, col(Guardianship.youth_id) == youth.id
        )
    )


def guardians_of(session: Session, youth_id: int) -> list[Participant]:
    """Oldest tie first."""
    return list(
        session.exec(
            select(Participant)
            .join(Guardianship, col(Guardianship.guardian_id) == Participant.id)
            .where(Guardianship.youth_id == youth_id)
            .order_by(col(Guardianship.id))
        )
    )


def youths_of(session: Session, guardian_id: int) -> list[Participant]:
    """Oldest tie first."""
    return list(
        session.exec(
            select(Participant)
            .join(Guardianship, col(Guardianship.youth_id) == Participant.id)
            .where(Guardianship.guardian_id == guardian_id)
            .order_by(col(Guardianship.id))
        )
    )
