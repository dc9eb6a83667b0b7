"""The accounts of staff: made, found, given a password, closed."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import Credential, RecoveryCode, Staff, StaffRole, StaffSession, StaffToken
from gateway.people.directory import Refused, house_key
from gateway.people.staff import sessions

ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,60}")


@dataclass(frozen=True)
class NewStaff:
    """What is needed to add somebody. `phone` is E.164; an owner has no community, everybody else has one."""

    email: str
    role: StaffRole
    community_id: int | None
    name: str | None = None
    phone: str | None = None
    language: str = "en"
    timezone: str = "America/Toronto"


def read_address(text: str) -> str:
    """An e-mail address as it is kept. Raises Refused."""
    address = text.strip().lower()
    if not ADDRESS.fullmatch(address):
        raise Refused(f"{text!r} is no e-mail address; write it as ruth@example.org")
    return address


def add(session: Session, person: NewStaff, now: datetime) -> Staff:
    """Add somebody, who cannot sign in before setting a password. Raises Refused."""
    address = read_address(person.email)
    if find(session, address):
        raise Refused("this person is on the staff already")
    try:
        ZoneInfo(person.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"{person.timezone!r} is no time zone; write it as America/Toronto") from None
    row = Staff(
        role=person.role,
        community_id=person.community_id,
        email_sealed=b"",
        email_index=session.index(address),
        language=person.language,
        timezone=person.timezone,
        created_at=now,
    )
    key_uid = house_key(session)
    session.seal(row, "email_sealed", address, key_uid)
    for column, plain in (("name_sealed", person.name), ("phone_sealed", person.phone)):
        if plain:
            session.seal(row, column, plain, key_uid)
    session.add(row)
    session.flush()
    assert row.id is not None
    session.add(Credential(staff_id=row.id))
    session.flush()
    return row


def find(session: Session, address: str) -> Staff | None:
    """The account with this e-mail address, disabled ones too."""
    return session.exec(
        select(Staff).where(Staff.email_index == session.index(address.strip().lower()))
    ).first()


def named(session: Session, address: str) -> Staff:
    """The same. Raises Refused, naming the command that lists them."""
    found = find(session, address)
    if found is None:
        raise Refused(f"nobody on the staff has the address {address!r}; `gateway staff list` shows them")
    return found


def credential_of(session: Session, staff: Staff) -> Credential:
    """What this account proves itself with; made for accounts that are older than passwords."""
    assert staff.id is not None
    row = session.get(Credential, staff.id)
    if row is None:
        row = Credential(staff_id=staff.id)
        session.add(row)
        session.flush()
    return row


def set_password(
    session: Session, staff: Staff, hashed: str, now: datetime, *, keep: StaffSession | None = None
) -> None:
    """Give the account a new password, by its hash; every session but `keep` and every link end."""
    credential = credential_of(session, staff)
    session.seal(credential, "password_sealed", hashed, house_key(session))
    credential.password_changed_at = now
    session.add(credential)
    sessions.end_all(session, credential.staff_id, now, keep=keep)
    end_links(session, credential.staff_id, now)


def disable(session: Session, staff: Staff, now: datetime) -> None:
    """Close the account: nobody is signed in with it any more and no link opens it. What the person did stays."""
    assert staff.id is not None
    staff.disabled_at = staff.disabled_at or now
    session.add(staff)
    sessions.end_all(session, staff.id, now)
    end_links(session, staff.id, now)


def end_links(session: Session, staff_id: int, now: datetime) -> None:
    session.execute(
        update(StaffToken)
        .where(col(StaffToken.staff_id) == staff_id, col(StaffToken.ended_at).is_(None))
        .values(ended_at=now)
    )


def forget_second_factor(session: Session, staff: Staff) -> None:
    """For somebody who lost phone and recovery codes, once staff have made sure who it is."""
    credential = credential_of(session, staff)
    credential.totp_sealed, credential.totp_set_at = None, None
    session.add(credential)
    for code in session.exec(select(RecoveryCode).where(RecoveryCode.staff_id == credential.staff_id)):
        session.delete(code)
