"""Writing down what became of a text that was claimed: accepted, refused, or an answer that was lost.

Receipts only ever raise the status. They may come twice, out of order, or before the send has returned.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, func, select, update

from gateway.db import Session
from gateway.models import OutboundMessage, OutboundState, Receipt
from gateway.models.types import UtcDateTime
from gateway.outbox.retry import Again, GiveUp, Halt, LookUp, next_step
from gateway.providers.protocol import (
    DeliveryReceipt,
    ProviderError,
    Retry,
    SentText,
    Status,
    Trouble,
    Verdict,
)

# Not known to be accepted. A queued row is one of these when it was sent before: an answer may come after all.
NOT_KNOWN_SENT = (OutboundState.SENDING, OutboundState.UNCERTAIN, OutboundState.QUEUED)
COUNTED = (Retry.GENTLY, Retry.ONCE)
FIRST_LOOK = timedelta(seconds=2)
RANK = {Status.SENT: 1, Status.DELIVERED: 2, Status.UNDELIVERED: 2, Status.FAILED: 2}
FINAL = {
    Status.DELIVERED: OutboundState.DELIVERED,
    Status.UNDELIVERED: OutboundState.UNDELIVERED,
    Status.FAILED: OutboundState.FAILED,
}


@dataclass(frozen=True)
class Changed:
    """What a record or a receipt did to a row, for whoever must follow up."""

    row: OutboundMessage
    trouble: Trouble | None = None
    will_retry: bool = False
    code: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.row.state is OutboundState.DELIVERED


def record_sent(session: Session, outbound_id: int, provider: str, sent: SentText, now: datetime) -> None:
    """The provider has accepted the text; a receipt may have said so before this answer."""
    if _first_to_say(session, outbound_id, provider, sent, now):
        return
    row = session.execute(_ROW, {"id": outbound_id}).scalar_one()
    if row.provider_message_id not in (None, sent.provider_message_id):
        # A receipt of an earlier try came first, and this is a second copy: its id must be known, to be removed too.
        keep_receipt(session, DeliveryReceipt(sent.provider_message_id, sent.status, row.uid), now)
        return
    row.provider, row.provider_message_id = provider, sent.provider_message_id
    row.error_code = None
    row.sent_at = row.sent_at or now
    if row.state in NOT_KNOWN_SENT:
        row.state, row.reason, row.parked_at = OutboundState.SENT, None, None
    session.add(row)
    session.flush()


def _first_to_say(session: Session, outbound_id: int, provider: str, sent: SentText, now: datetime) -> bool:
    """What nearly always happens, in one statement: the text is still `sending` and nothing is known of it yet."""
    told = session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.id) == outbound_id,
            col(OutboundMessage.state) == OutboundState.SENDING,
            col(OutboundMessage.provider_message_id).is_(None),
        )
        .values(
            provider=provider,
            provider_message_id=sent.provider_message_id,
            sent_at=func.coalesce(OutboundMessage.sent_at, now),
            state=OutboundState.SENT,
            error_code=None,
            reason=None,
            parked_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(told.rowcount)  # type: ignore[attr-defined]


def waiting_receipts(session: Session, provider_message_id: str) -> list[DeliveryReceipt]:
    """Receipts that came before their row knew this provider id, in the order of what they report."""
    rows = session.execute(_WAITING, {"provider_id": provider_message_id}).scalars()
    receipts = [
        DeliveryReceipt(row.provider_message_id, Status(row.status), row.reference, row.error_code)
        for row in rows
    ]
    return sorted(receipts, key=lambda receipt: RANK.get(receipt.status, 0))


def record_trouble(
    session: Session,
    outbound_id: int,
    error: ProviderError,
    keep_trying: timedelta,
    chance: float,
    now: datetime,
) -> Changed | None:
    """A send that did not work. None when the row has moved on by itself (a receipt came first)."""
    row = session.execute(_ROW, {"id": outbound_id}).scalar_one()
    if row.state is not OutboundState.SENDING:
        return None
    row.error_code = error.code or None
    row.reason = error.trouble.value
    step = next_step(
        error.retry,
        now=now,
        tries=row.attempts,
        gentle_tries=row.gentle_retries,
        keep_trying_until=row.created_at + keep_trying,
        chance=chance,
        wait_seconds=error.wait_seconds,
    )
    match step:
        case Again(not_before):
            row.state, row.not_before = OutboundState.QUEUED, not_before
            row.gentle_retries += error.retry in COUNTED
        case Halt():
            row.state, row.not_before = OutboundState.QUEUED, now
        case LookUp():
            row.state, row.not_before, row.looked_up = OutboundState.UNCERTAIN, now + FIRST_LOOK, 0
        case GiveUp():
            row.state, row.settled_at = OutboundState.FAILED, now
    session.add(row)
    session.flush()
    return Changed(row, error.trouble, not isinstance(step, GiveUp), error.code)


def keep_receipt(session: Session, receipt: DeliveryReceipt, now: datetime) -> None:
    """Store a receipt as it came. A repeated one changes nothing."""
    session.add_once(
        Receipt,
        {
            "provider_message_id": receipt.provider_message_id,
            "reference": receipt.reference,
            "status": receipt.status.value,
            "error_code": receipt.error_code,
            "received_at": now,
        },
    )


def apply_receipt(
    session: Session,
    receipt: DeliveryReceipt,
    verdict: Verdict | None,
    keep_trying: timedelta,
    chance: float,
    now: datetime,
) -> Changed | None:
    """Raise the row's status by one receipt. None when it is unknown yet, stale, or tells nothing new."""
    row = _row_of(session, receipt)
    if row is None:
        return None
    _mark_applied(session, receipt, now)
    if row.state in NOT_KNOWN_SENT:  # whatever it tells, the provider has the text
        row.state, row.sent_at = OutboundState.SENT, row.sent_at or now
        row.reason = row.parked_at = None
        session.add(row)
        session.flush()
    if receipt.status not in FINAL:
        return None
    if row.state is OutboundState.SENT or (
        receipt.status is Status.DELIVERED and row.state in (OutboundState.UNDELIVERED, OutboundState.FAILED)
    ):
        return _settle(session, row, receipt, verdict, keep_trying, chance, now)
    return None


def _row_of(session: Session, receipt: DeliveryReceipt) -> OutboundMessage | None:
    """By the provider's id; by our own reference only while the row has none of its own yet."""
    known: OutboundMessage | None = (
        session.execute(_KNOWN, {"provider_id": receipt.provider_message_id}).scalars().first()
    )
    if known or not receipt.reference:
        return known
    row = session.exec(
        select(OutboundMessage).where(OutboundMessage.uid == receipt.reference).with_for_update()
    ).first()
    if row is None or row.provider_message_id or row.attempts == 0 or row.state not in NOT_KNOWN_SENT:
        return None
    if _is_of_an_earlier_try(session, receipt) and not (
        receipt.status is Status.DELIVERED and row.state is OutboundState.QUEUED
    ):
        return None
    row.provider_message_id = receipt.provider_message_id
    return row


def _is_of_an_earlier_try(session: Session, receipt: DeliveryReceipt) -> bool:
    """Whether the row had this id before and was queued again: that follows a receipt, which was applied."""
    return (
        session.exec(
            select(Receipt.id).where(
                Receipt.provider_message_id == receipt.provider_message_id,
                col(Receipt.applied_at).is_not(None),
            )
        ).first()
        is not None
    )


def _settle(
    session: Session,
    row: OutboundMessage,
    receipt: DeliveryReceipt,
    verdict: Verdict | None,
    keep_trying: timedelta,
    chance: float,
    now: datetime,
) -> Changed:
    row.error_code = receipt.error_code or row.error_code
    trouble = verdict.trouble if verdict and receipt.status is not Status.DELIVERED else None
    row.reason = trouble.value if trouble else None
    again_at: datetime | None = None
    if trouble and verdict:
        step = next_step(
            verdict.retry,
            now=now,
            tries=row.attempts,
            gentle_tries=row.gentle_retries,
            keep_trying_until=row.created_at + keep_trying,
            chance=chance,
        )
        again_at = step.not_before if isinstance(step, Again) else now if isinstance(step, Halt) else None
    if again_at:
        _queue_again(row, again_at)
    else:
        row.state, row.settled_at = FINAL[receipt.status], now
    session.add(row)
    session.flush()
    return Changed(row, trouble, again_at is not None, receipt.error_code or "")


def _queue_again(row: OutboundMessage, not_before: datetime) -> None:
    """It was accepted and did not arrive. The next try is a text of its own for the provider, and polled as one."""
    row.state, row.not_before = OutboundState.QUEUED, not_before
    row.gentle_retries += 1
    row.provider_message_id = row.sent_at = None
    row.polled = 0


def _mark_applied(session: Session, receipt: DeliveryReceipt, now: datetime) -> None:
    told = {"provider_id": receipt.provider_message_id, "told": receipt.status.value, "moment": now}
    session.execute(_MARK, told)


# Statements that run for every text are built once: building them costs more than running them.
_ROW = select(OutboundMessage).where(col(OutboundMessage.id) == bindparam("id")).with_for_update()
_WAITING = select(Receipt).where(
    col(Receipt.provider_message_id) == bindparam("provider_id"), col(Receipt.applied_at).is_(None)
)
_KNOWN = (
    select(OutboundMessage)
    .where(col(OutboundMessage.provider_message_id) == bindparam("provider_id"))
    .with_for_update()
)
_MARK = (
    update(Receipt)
    .where(
        col(Receipt.provider_message_id) == bindparam("provider_id"),
        col(Receipt.status) == bindparam("told"),
    )
    .values(applied_at=bindparam("moment", type_=UtcDateTime()))
    .execution_options(synchronize_session=False)
)
