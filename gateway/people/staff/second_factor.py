"""The second factor: a code that a phone computes (RFC 6238: 6 digits, 30 s, SHA-1), or a recovery code.

Each code is good once. A step early or late is taken, for clocks that go wrong (RFC 6238, 5.2).
"""

from datetime import datetime
from secrets import choice, compare_digest

import pyotp
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import Credential, RecoveryCode, StaffSession
from gateway.people.directory import house_key

STEP_SECONDS = 30
DRIFT_STEPS = 1
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
CODE_LENGTH = 12  # 59 bits


def pending_secret(session: Session, row: StaffSession) -> str:
    """The secret that this session is setting up; made when it has none."""
    if row.pending_sealed is None:
        session.seal(row, "pending_sealed", pyotp.random_base32(), house_key(session))
        session.add(row)
    return session.open(row, "pending_sealed")


def address_for(secret: str, account: str, issuer: str) -> str:
    """What an authenticator reads from the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def set_up(
    session: Session, credential: Credential, row: StaffSession, code: str, now: datetime
) -> list[str] | None:
    """Make the pending secret this account's second factor when `code` proves that the phone has it.

    Returns the new recovery codes, which nobody can read again; None when the code is wrong.
    """
    secret = pending_secret(session, row)
    step = _step_of(secret, code, 0, now)
    if step is None:
        return None
    session.seal(credential, "totp_sealed", secret, house_key(session))
    credential.totp_set_at, credential.totp_step = now, step
    session.add(credential)
    return new_recovery_codes(session, credential.staff_id, now)


def is_right(session: Session, credential: Credential, code: str, now: datetime) -> bool:
    """Whether this is a code of the account's phone, or an unused recovery code; right ones are used up."""
    if credential.totp_sealed is None:
        return False
    step = _step_of(session.open(credential, "totp_sealed"), code, credential.totp_step, now)
    if step is None:
        return _use_recovery_code(session, credential.staff_id, code, now)
    used = session.execute(
        update(Credential)
        .where(col(Credential.staff_id) == credential.staff_id, col(Credential.totp_step) < step)
        .values(totp_step=step)
    )
    return used.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def new_recovery_codes(session: Session, staff_id: int, now: datetime) -> list[str]:
    """Ten fresh codes; the old ones are gone."""
    for old in session.exec(select(RecoveryCode).where(RecoveryCode.staff_id == staff_id)):
        session.delete(old)
    codes = ["".join(choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        session.add(RecoveryCode(staff_id=staff_id, code_index=_index(session, staff_id, code), made_at=now))
    return codes


def codes_left(session: Session, staff_id: int) -> int:
    unused = select(RecoveryCode.id).where(
        RecoveryCode.staff_id == staff_id, col(RecoveryCode.used_at).is_(None)
    )
    return len(session.exec(unused).all())


def _step_of(secret: str, code: str, newest_used: int, now: datetime) -> int | None:
    """The time step whose code this is, if it was not used yet."""
    digits = "".join(code.split())
    today = int(now.timestamp()) // STEP_SECONDS
    made = pyotp.TOTP(secret)
    found = None
    for step in range(today - DRIFT_STEPS, today + DRIFT_STEPS + 1):
        if compare_digest(made.generate_otp(step).encode(), digits.encode()) and step > newest_used:
            found = step
    return found


def _use_recovery_code(session: Session, staff_id: int, code: str, now: datetime) -> bool:
    written = "".join(letter for letter in code.lower() if letter.isalnum())
    used = session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.staff_id) == staff_id,
            col(RecoveryCode.code_index) == _index(session, staff_id, written),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
    )
    return used.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def _index(session: Session, staff_id: int, code: str) -> bytes:
    return session.index(f"recovery:{staff_id}:{code}")
