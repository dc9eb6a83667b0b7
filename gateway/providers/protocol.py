"""What a provider must be able to do, and how its trouble is named.

A new provider is one file that satisfies `Provider` and one row in the contract table of the tests. It must
never touch the database, read the clock of its own accord, or decide whether a text may go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Trouble(StrEnum):
    """Why a text did not go through, in words of the field rather than in one company's numbers."""

    OPTED_OUT = "opted_out"  # the network or the provider blocks texts to this phone at its owner's wish
    BAD_NUMBER = "bad_number"  # can never be texted: malformed, landline, not reachable by text
    UNREACHABLE = "unreachable"  # switched off, out of coverage, roaming: may come back
    BLOCKED = "blocked"  # barred by the phone or its network
    UNKNOWN_NUMBER = "unknown_number"  # out of service: perhaps somebody else's soon
    FILTERED = "filtered"  # held to be spam by the network: repeating it harms the line
    EXPIRED = "expired"  # waited in the provider's queue past its validity
    FAILED = "failed"  # the network gave no reason
    BAD_BODY = "bad_body"  # too long, empty, not acceptable as it stands
    BUSY = "busy"  # too many requests or a full queue: surely not accepted
    DOWN = "down"  # no connection was made: surely not accepted
    LOST_ANSWER = "lost_answer"  # it may have been accepted: look it up, never repeat blindly
    CONFIGURATION = "configuration"  # credentials, sender, permissions: an operator must act
    LOOP = "loop"  # the provider stopped two numbers that answer each other
    UNFINISHED = "unfinished"  # the provider is not done with the text yet, so it cannot be removed there


class Retry(StrEnum):
    """What may be done with the text next."""

    NEVER = "never"
    SOON = "soon"  # seconds, then growing, with jitter
    GENTLY = "gently"  # a few times over 48 h
    ONCE = "once"  # one time, half an hour later
    LOOK_UP = "look_up"  # ask the provider first
    AFTER_REPAIR = "after_repair"  # the line stops until an operator has acted


@dataclass(frozen=True)
class Verdict:
    """One row of a provider's error table."""

    trouble: Trouble
    retry: Retry


class ProviderError(Exception):
    """A send or a look-up that did not work. `code` is the provider's own, for staff; it holds no number or body."""

    def __init__(
        self, trouble: Trouble, retry: Retry, code: str = "", *, wait_seconds: float | None = None
    ) -> None:
        super().__init__(f"{trouble} (code {code or 'none'})")
        self.trouble = trouble
        self.retry = retry
        self.code = code
        self.wait_seconds = wait_seconds  # the provider's own Retry-After, when it gave one


class Status(StrEnum):
    """Where a text is, as far as the provider knows."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


@dataclass(frozen=True)
class OutgoingText:
    """One text to one phone, always from a named line. `reference` is our own id, echoed in receipts."""

    to_number: str
    from_number: str
    body: str
    reference: str
    validity_seconds: int | None = None


@dataclass(frozen=True)
class SentText:
    """What the provider says of a text that it accepted."""

    provider_message_id: str
    status: Status = Status.QUEUED
    error_code: str | None = None
    to_number: str = ""
    from_number: str = ""
    body: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True)
class InboundText:
    """A text that somebody sent to one of our lines."""

    provider_message_id: str
    from_number: str
    to_number: str
    body: str
    media_types: tuple[str, ...] = ()
    sent_at: datetime | None = None


@dataclass(frozen=True)
class IncomingCall:
    """Somebody calls one of our lines. `from_number` is a word such as "anonymous" when it was withheld."""

    provider_call_id: str
    from_number: str
    to_number: str


@dataclass(frozen=True)
class DeliveryReceipt:
    """A provider's report on one outbound text; may come twice, out of order, or before `send` returned."""

    provider_message_id: str
    status: Status
    reference: str | None = None
    error_code: str | None = None


@dataclass(frozen=True)
class SignedRequest:
    """A webhook as it came over the wire. `query` is the raw query string; `form` keeps every repeated value."""

    path: str
    query: str
    form: Mapping[str, list[str]]
    headers: Mapping[str, str] = field(default_factory=dict)


class BadWebhook(ValueError):
    """The signature holds, but what is needed is missing or makes no sense."""


class Provider(Protocol):
    """A company that carries texts."""

    name: str

    def verify(self, request: SignedRequest) -> bool:
        """Whether the request truly comes from the provider and speaks of our account."""

    def read_inbound(self, form: Mapping[str, list[str]]) -> InboundText:
        """The text in a verified webhook. Raises BadWebhook."""

    def read_call(self, form: Mapping[str, list[str]]) -> IncomingCall:
        """The call in a verified voice webhook. Raises BadWebhook."""

    def read_receipt(self, form: Mapping[str, list[str]], reference: str | None) -> DeliveryReceipt:
        """The delivery receipt in a verified callback. Raises BadWebhook."""

    def send(self, text: OutgoingText) -> SentText:
        """Hand one text over, once. Raises ProviderError; LOST_ANSWER when it may have been accepted."""

    def judge(self, error_code: str | None) -> Verdict:
        """What a receipt's error code means and allows."""

    def status_of(self, provider_message_id: str) -> SentText:
        """Where an accepted text is now. Raises ProviderError."""

    def find_sent(self, text: OutgoingText, since: datetime) -> list[SentText]:
        """Texts to the same phone, from the same line, with the same body, created at or after `since` (UTC).

        Raises ProviderError when the list cannot be read: then nothing is known.
        """

    def received_since(self, since: datetime) -> Iterable[InboundText]:
        """Inbound texts that the provider has taken in at or after `since` (UTC), oldest first."""

    def forget(self, provider_message_id: str) -> None:
        """Remove the provider's own copy: numbers, words and media. One that is gone already counts as removed.

        Raises ProviderError; UNFINISHED for a text that is not over yet: ask again a day later. Twice is harmless.
        """

    def check(self, lines: Iterable[str]) -> list[str]:
        """What is wrong with our account and lines at the provider: sentences for an operator; empty when well."""
