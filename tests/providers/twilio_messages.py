"""What the test server keeps: its account, the faults that it knows, and the texts that it took."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "an auth token of the test server"


class Fault(StrEnum):
    """What happens to one POST of a text."""

    ACCEPT_THEN_HANG = "accept then hang"
    ACCEPT_THEN_500 = "accept then 500"
    ACCEPT_THEN_RESET = "accept then reset"
    REJECT_THEN_HANG = "reject then hang"
    BUSY = "429 with Retry-After"
    TRUNCATED = "201 with truncated JSON"
    NO_SID = "201 without a sid"
    CALLBACK_FIRST = "callback before the answer"
    CALLBACK_TWICE = "callbacks twice"
    CALLBACK_DISORDER = "callbacks out of order"
    CALLBACK_UNKNOWN = "callback for an unknown id"


OVER = frozenset({"delivered", "undelivered", "failed", "received", "canceled", "read"})
REFUSING = frozenset({Fault.REJECT_THEN_HANG, Fault.BUSY})
HANGING = frozenset({Fault.ACCEPT_THEN_HANG, Fault.REJECT_THEN_HANG})


@dataclass
class Message:
    """One text as Twilio keeps it."""

    sid: str
    direction: str
    from_number: str
    to_number: str
    body: str
    created_at: datetime
    callback: str = ""
    status: str = "queued"
    error_code: int | None = None
    num_media: int = 0
    sent_at: datetime | None = None
    is_removed: bool = False  # by a DELETE: no list has it, and no handset lost it
    form: dict[str, list[str]] = field(default_factory=dict)  # as it was posted

    def is_over(self, now: datetime) -> bool:
        """Whether Twilio lets it be removed: `sent` alone is not the end, and after 14 days everything is."""
        return self.status in OVER or now - self.created_at > timedelta(days=14)

    def as_json(self) -> dict[str, Any]:
        created_at = format_datetime(self.created_at)
        return {
            "sid": self.sid,
            "direction": self.direction,
            "from": self.from_number,
            "to": self.to_number,
            "body": self.body,
            "status": self.status,
            "error_code": self.error_code,
            "num_media": str(self.num_media),
            "date_created": created_at,
            "date_sent": format_datetime(self.sent_at) if self.sent_at else None,
        }
