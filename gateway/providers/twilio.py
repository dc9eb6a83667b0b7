"""Twilio, through its official client: one request for each text, and look-ups for what got lost.

It must never repeat a send of its own accord, nor name more than one recipient.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]

from gateway.providers.protocol import (
    InboundText,
    OutgoingText,
    ProviderError,
    Retry,
    SentText,
    Status,
    Trouble,
)
from gateway.providers.twilio_check import complaints
from gateway.providers.twilio_errors import refuse_unsendable
from gateway.providers.twilio_webhook import (
    SMS_PATH,
    STATUSES,
    UNKNOWN_MEDIA,
    VOICE_PATH,
    TwilioWebhooks,
    status_path,
)

Answer = TypeVar("Answer")

API_URL = "https://api.twilio.com"
# A callback that fails is lost, unless Twilio is told to try again. Only Twilio is known to read the fragment, which is
# no part of the request or its signature. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
_RETRY_CALLBACKS = "#rc=3&rp=all"
_SKEW = timedelta(seconds=5)  # Twilio cuts its times to whole seconds, and its clock is not ours
_PAGE_SIZE = 500
_MOST_PAGES = 40
_NOT_THERE = "20404"


class Twilio(TwilioWebhooks):
    """One Twilio account. The heavy client is loaded at the first request: a process that only verifies never does."""

    name = "twilio"

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        previous_auth_token: str | None = None,
        public_url: str,
        api_url: str = API_URL,
        connect_seconds: float = 5.0,
        read_seconds: float = 15.0,
    ) -> None:
        super().__init__(account_sid, (auth_token, previous_auth_token), public_url)
        self._auth_token = auth_token
        self._api_url = api_url.rstrip("/")
        self._timeouts = (connect_seconds, read_seconds)

    @cached_property
    def _client(self) -> Any:
        if not self._account_sid or not self._auth_token:
            raise ProviderError(Trouble.CONFIGURATION, Retry.AFTER_REPAIR, "no credentials")
        from gateway.providers.twilio_wire import Wire, open_client  # noqa: PLC0415 - 30 MB, 0.8 s

        loopback = urlsplit(self._api_url).hostname in ("127.0.0.1", "::1", "localhost")
        wire = Wire(*self._timeouts, trust_environment=not loopback)
        return open_client(self._account_sid, self._auth_token, self._api_url, wire)

    def send(self, text: OutgoingText) -> SentText:
        """Hand one text over, once. Raises ProviderError; LOST_ANSWER when it may have been accepted."""
        refuse_unsendable(text)
        callback = self._public_url + status_path(text.reference)
        if self._api_url == API_URL:
            callback += _RETRY_CALLBACKS
        options = {"validity_period": text.validity_seconds} if text.validity_seconds else {}
        return self._ask(
            lambda client: _sent(
                client.messages.create(
                    to=text.to_number,
                    from_=text.from_number,
                    body=text.body,
                    status_callback=callback,
                    **options,
                )
            )
        )

    def status_of(self, provider_message_id: str) -> SentText:
        """Where an accepted text is now. Raises ProviderError; FAILED, code 20404, for an id that Twilio denies."""
        try:
            return self._ask(lambda client: _sent(client.messages(provider_message_id).fetch()))
        except ProviderError as error:
            if error.code in ("404", _NOT_THERE):
                raise ProviderError(Trouble.FAILED, Retry.NEVER, _NOT_THERE) from None
            raise

    def find_sent(self, text: OutgoingText, since: datetime) -> list[SentText]:
        """Texts of the same two numbers and body, created at or after `since` (UTC, less 5 s), oldest first.

        Ids that the caller already holds for other texts may be among them. Twilio filters by the day of sending,
        and a text that still waits in its queue has none: so the newest page is read without that filter too.
        Raises ProviderError when the list cannot be read whole: then nothing is known.
        """
        numbers = {"to": text.to_number, "from_": text.from_number}
        newest = self._ask(lambda client: list(client.messages.page(**numbers, page_size=_PAGE_SIZE)))
        messages = [*newest, *self._list(since, **numbers)]
        found = {
            message.sid: _sent(message)
            for message in messages
            if _is_outbound(message)
            and (message.to, message.from_) == (text.to_number, text.from_number)
            and _plain(message.body) == _plain(text.body)
            and _is_since(message, since)
        }
        return sorted(found.values(), key=lambda sent: (sent.created_at or since, sent.provider_message_id))

    def received_since(self, since: datetime) -> Iterable[InboundText]:
        """Inbound texts that Twilio took in at or after `since` (UTC, less 5 s), oldest first. Raises ProviderError.

        Twilio lists no media types: each medium counts as `application/octet-stream`.
        """
        inbound = [m for m in self._list(since) if m.direction == "inbound" and _is_since(m, since)]
        inbound.reverse()  # Twilio lists the newest first, and keeps its times to the second only
        return [_received(message) for message in sorted(inbound, key=lambda m: m.date_created or since)]

    def forget(self, provider_message_id: str) -> None:
        """Remove Twilio's record: numbers, words and media. Only Twilio's own "not there" counts as removed already.

        A bare 404 does not: it may come from an address that is no Twilio. Raises ProviderError, UNFINISHED too soon.
        """
        try:
            self._ask(lambda client: client.messages(provider_message_id).delete())
        except ProviderError as error:
            if error.code != _NOT_THERE:
                raise

    def check(self, lines: Iterable[str]) -> list[str]:
        """What is wrong with our account and lines at Twilio: sentences without secrets; empty when all is well."""
        try:
            numbers: list[Any] = self._ask(
                lambda client: client.incoming_phone_numbers.list(
                    page_size=_PAGE_SIZE, limit=_PAGE_SIZE * _MOST_PAGES
                )
            )
        except ProviderError as error:
            if error.trouble is Trouble.CONFIGURATION:
                return [f"Twilio refuses our account SID or auth token (code {error.code})."]
            return [f"Twilio could not be asked about our lines: {error}."]
        found = {number.phone_number: number for number in numbers}
        wanted = (self._public_url + SMS_PATH, self._public_url + VOICE_PATH)
        return [sentence for line in lines for sentence in complaints(line, found.get(line), *wanted)]

    def _list(self, since: datetime, **numbers: str) -> list[Any]:
        """What was made since then, newest first, as Twilio lists it; the pages of older texts are not asked for."""
        day_before = (since.astimezone(UTC) - timedelta(days=1)).date().isoformat()
        return self._ask(
            lambda client: _until_older(
                client.messages.stream(date_sent_after=day_before, page_size=_PAGE_SIZE, **numbers), since
            )
        )

    def _ask(self, question: Callable[[Any], Answer]) -> Answer:
        """Raises ProviderError and nothing else: JSON of another shape than Twilio's is an answer that was lost."""
        try:
            return question(self._client)
        except (TwilioException, AttributeError, LookupError, TypeError, ValueError):
            raise ProviderError(Trouble.LOST_ANSWER, Retry.LOOK_UP, "unreadable answer") from None


def _sent(message: Any) -> SentText:
    if not message.sid:
        raise ValueError("a message without an id")
    return SentText(
        provider_message_id=str(message.sid),
        status=STATUSES.get(str(message.status), Status.ACCEPTED),
        error_code=str(message.error_code) if message.error_code else None,
        to_number=message.to or "",
        from_number=message.from_ or "",
        body=message.body or "",
        created_at=message.date_created,
    )


def _received(message: Any) -> InboundText:
    media = int(message.num_media) if str(message.num_media).isdecimal() else 0
    return InboundText(
        provider_message_id=str(message.sid),
        from_number=message.from_ or "",
        to_number=message.to or "",
        body=message.body or "",
        media_types=(UNKNOWN_MEDIA,) * min(media, 10),
        sent_at=message.date_created,
    )


def _is_outbound(message: Any) -> bool:
    return str(message.direction).startswith("outbound")


def _until_older(newest_first: Iterable[Any], since: datetime) -> list[Any]:
    """Read until a whole page's worth in a row is older: Twilio's order is by its seconds, and not promised to the text."""
    messages: list[Any] = []
    older = 0
    for message in newest_first:
        messages.append(message)
        older = 0 if _is_since(message, since) else older + 1
        if older >= _PAGE_SIZE:
            break
        if len(messages) >= _PAGE_SIZE * _MOST_PAGES:
            raise ProviderError(Trouble.LOST_ANSWER, Retry.LOOK_UP, "list too long")
    return messages


def _is_since(message: Any, since: datetime) -> bool:
    created_at = message.date_created or message.date_sent
    return created_at is None or bool(created_at >= since - _SKEW)


def _plain(body: str | None) -> str:
    return " ".join((body or "").removeprefix("Sent from your Twilio trial account - ").split())
