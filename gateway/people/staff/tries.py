"""The end of guessing: how many wrong tries an account or an address has left, and when it may try again.

A try counts as wrong from the moment it begins, so that many at once gain nothing. Accounts that do not exist are
counted like those that do. Nothing here is kept for longer than a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlmodel import col, delete, func, select

from gateway.db import Session
from gateway.models import SignInTry, TryResult

Limits = tuple[tuple[int, timedelta], ...]
PER_ACCOUNT: Limits = ((5, timedelta(minutes=15)), (20, timedelta(hours=6)))
PER_ADDRESS: Limits = ((20, timedelta(minutes=15)), (60, timedelta(hours=6)))  # an office may share one
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Guess:
    """A try under way: its row, or, when it may not be made, the moment from which it may."""

    row_id: int | None
    wait_until: datetime | None = None


def begin(session: Session, account: str, address: str | None, now: datetime) -> Guess:
    """Note a try at the account with this e-mail address from this network address, unless it must wait."""
    session.execute(delete(SignInTry).where(col(SignInTry.at) < now - KEPT_FOR))
    account_index = session.index(f"account:{account.strip().lower()}")
    address_index = session.index(f"address:{_network(address)}") if _counts(address) else None
    session.take_turn(f"sign in {account_index.hex()}")
    waits = [_wait(_since_last_success(session, account_index), PER_ACCOUNT, now)]
    if address_index:
        waits.append(_wait(_wrong(session, address_index), PER_ADDRESS, now))
    if wait_until := max((wait for wait in waits if wait), default=None):
        return Guess(None, wait_until)
    row = SignInTry(account_index=account_index, address_index=address_index, at=now)
    session.add(row)
    session.flush()
    return Guess(row.id)


def conclude(session: Session, guess: Guess, result: TryResult) -> None:
    """Say how a try ended. WHOLE forgives the account what was wrong before."""
    row = session.get(SignInTry, guess.row_id)
    if row:  # it may have been swept away
        row.result = result
        session.add(row)


def forgive(session: Session, account: str) -> None:
    """Forget the wrong tries of an account, when staff know who it was."""
    index = session.index(f"account:{account.strip().lower()}")
    session.execute(delete(SignInTry).where(col(SignInTry.account_index) == index))


def _wait(wrong: Sequence[datetime], limits: Limits, now: datetime) -> datetime | None:
    """When the next try may be made, given the times of the wrong ones, newest first; None for now."""
    ends = [wrong[count - 1] + span for count, span in limits if len(wrong) >= count]
    return max((end for end in ends if end > now), default=None)


def _since_last_success(session: Session, account_index: bytes) -> Sequence[datetime]:
    last = select(func.coalesce(func.max(SignInTry.id), 0)).where(
        SignInTry.account_index == account_index, SignInTry.result == TryResult.WHOLE
    )
    return session.exec(
        select(SignInTry.at)
        .where(
            SignInTry.account_index == account_index,
            SignInTry.result == TryResult.WRONG,
            col(SignInTry.id) > last.scalar_subquery(),
        )
        .order_by(col(SignInTry.id).desc())
        .limit(PER_ACCOUNT[-1][0])
    ).all()


def _wrong(session: Session, address_index: bytes) -> Sequence[datetime]:
    """No success forgives an address: whoever guesses may own an account there."""
    return session.exec(
        select(SignInTry.at)
        .where(SignInTry.address_index == address_index, SignInTry.result == TryResult.WRONG)
        .order_by(col(SignInTry.id).desc())
        .limit(PER_ADDRESS[-1][0])
    ).all()


def _counts(address: str | None) -> bool:
    """A loopback address is a proxy that was not declared: to count it would lock everybody out together."""
    try:
        return address is not None and not ip_address(address).is_loopback
    except ValueError:
        return False


def _network(address: str | None) -> str:
    """The address itself; of IPv6 the /64, which one household or phone has to itself."""
    parsed = ip_address(address or "")
    return str(parsed if parsed.version == 4 else ip_network((parsed, 64), strict=False))
