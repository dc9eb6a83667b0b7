"""A small pretend phone network: handsets, a carrier and its weather, speaking Twilio's own webhooks.

It comes in by the front door only: signed, posted, and repeated when the gateway does not answer. It must never be
reachable in a running program, nor reach for anything but its own ledger and that door.
"""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from gateway.providers import twilio_errors
from gateway.providers.protocol import (
    InboundText,
    OutgoingText,
    ProviderError,
    Retry,
    SentText,
    Status,
    Trouble,
)
from gateway.providers.simulator_carrier import Carrier, FrontDoor
from gateway.providers.simulator_handsets import Handsets, HandsetText, TextState
from gateway.providers.simulator_ledger import EVERYWHERE, Ledger, Row
from gateway.providers.simulator_weather import SendFault, Weather
from gateway.providers.twilio_webhook import TwilioWebhooks

__all__ = ["EVERYWHERE", "FrontDoor", "HandsetText", "SendFault", "SimulatedNetwork", "TextState"]

SIMULATED_ACCOUNT = "AC" + "5" * 32


class SimulatedNetwork(TwilioWebhooks):
    """A provider whose handsets are pages. Its truth is in `path` (None: a temporary file), shared by all processes.

    `weather` makes trouble; `handset` methods play the people. Nothing moves by itself: `tick` or `run_forever` does.
    """

    name = "simulated"

    def __init__(
        self,
        path: str | Path | None,
        *,
        public_url: str,
        auth_token: str,
        clock: Callable[[], datetime],
        account_sid: str = SIMULATED_ACCOUNT,
        give_up_seconds: float = 86_400.0,
        dice: random.Random | None = None,
    ) -> None:
        super().__init__(account_sid, (auth_token,), public_url)
        self._clock = clock
        self._ledger = Ledger(path)
        self.weather = Weather(self._ledger, dice or random.Random(0))
        self._handsets = Handsets(self._ledger)
        self._carrier = Carrier(
            self._ledger, self.weather, account_sid, auth_token, self._public_url, give_up_seconds
        )

    def connect(self, front_door: FrontDoor) -> None:
        """Where webhooks are posted: `(path with query, form, headers) -> HTTP status`; may raise OSError."""
        self._carrier.front_door = front_door

    def close(self) -> None:
        """Let go of the ledger's file."""
        self._ledger.close()

    # The people.

    def text(self, from_number: str, to_number: str, body: str, media_types: Iterable[str] = ()) -> str:
        """Somebody types on a handset. Returns the carrier's id; the webhook has been posted when there is a door.

        Without coverage the text waits on the handset. Without a door it waits for a `tick` in a process with one.
        """
        text_id = self._handsets.type_text(from_number, to_number, body, tuple(media_types), self._clock())
        self._carrier.take_in(self._clock())
        return text_id

    def inbox(self, number: str) -> list[HandsetText]:
        """What this handset has received, in the order of arrival."""
        return self._handsets.inbox(number)

    def arrived_after(self, arrival: int) -> list[tuple[int, HandsetText]]:
        """(order of arrival, text) of everything that reached any handset after that one, in order; 0 for all."""
        return self._handsets.arrived_after(arrival)

    def sent_by(self, number: str) -> list[HandsetText]:
        """What was typed on this handset, in order."""
        return self._handsets.sent_by(number)

    def conversation(self, number: str) -> list[HandsetText]:
        """Both directions in order, with what became of each, for a page that draws a phone."""
        return self._handsets.conversation(number)

    def handsets(self) -> list[str]:
        """Every number that has typed a text or been sent one."""
        return self._handsets.numbers()

    # The carrier.

    def tick(self, now: datetime) -> int:
        """Carry what is due at `now` and post the receipts; how many texts arrived on handsets. Safe to run twice."""
        self._carrier.take_in(now)
        arrived = self._carrier.deliver(now)
        self._carrier.post_receipts()
        return arrived

    def run_forever(self, stop: Event, every_seconds: float = 0.5) -> None:
        """Tick until `stop` is set: for the demonstration, in a thread of its own."""
        while not stop.wait(every_seconds):
            self.tick(self._clock())

    # The provider.

    def send(self, text: OutgoingText) -> SentText:
        """As Twilio: an id at once, receipts later. Raises ProviderError as the weather has it."""
        twilio_errors.refuse_unsendable(text)
        forecast = self.weather.now()
        code = forecast.refusal(text.to_number)
        if self._handsets.is_blocked(text.to_number, text.from_number):
            code = "21610"
        if code and not code.startswith("30"):
            verdict = twilio_errors.judge_reply(400, code)
            raise ProviderError(verdict.trouble, verdict.retry, code)
        fault = self.weather.next_fault(forecast.fault_rate(text.to_number))
        if fault and not fault.kind.accepts:
            raise fault.error()
        sent = self._carrier.accept(text, self._clock())
        if fault:
            raise fault.error()
        return sent

    def status_of(self, provider_message_id: str) -> SentText:
        """Where an accepted text is now. Raises ProviderError (FAILED, 20404) for an unknown id."""
        rows = self._ledger.read("SELECT * FROM kept_texts WHERE id = ?", provider_message_id)
        if not rows:
            raise ProviderError(Trouble.FAILED, Retry.NEVER, "20404")
        return _sent(rows[0])

    def find_sent(self, text: OutgoingText, since: datetime) -> list[SentText]:
        """Texts of the same two numbers and body accepted at or after `since` (UTC), oldest first."""
        query = (
            "SELECT * FROM kept_texts WHERE outbound = 1 AND to_number = ? AND from_number = ? AND body = ?"
            " AND created_at >= ? ORDER BY seq"
        )
        since_at = since.timestamp()
        return [
            _sent(row)
            for row in self._ledger.read(query, text.to_number, text.from_number, text.body, since_at)
        ]

    def received_since(self, since: datetime) -> list[InboundText]:
        """Texts that left a handset at or after `since` (UTC), oldest first, acknowledged by the gateway or not."""
        query = "SELECT * FROM kept_texts WHERE outbound = 0 AND taken_at >= ? ORDER BY taken_at, seq"
        return [_received(row) for row in self._ledger.read(query, since.timestamp())]

    def forget(self, provider_message_id: str) -> None:
        """Remove the carrier's record; what is on the handsets stays. Raises ProviderError, UNFINISHED too soon."""
        fault = self.weather.next_fault(self.weather.now().fault_rate(EVERYWHERE))
        if fault and not fault.kind.accepts:
            raise fault.error()
        self._carrier.forget(provider_message_id)
        if fault:
            raise fault.error()

    def check(self, lines: Iterable[str]) -> list[str]:
        """Nothing is ever wrong with a simulated line."""
        return []


def _sent(row: Row) -> SentText:
    return SentText(
        provider_message_id=row["id"],
        status=Status(row["status"]),
        error_code=row["error_code"],
        to_number=row["to_number"],
        from_number=row["from_number"],
        body=row["body"],
        created_at=datetime.fromtimestamp(row["created_at"], UTC),
    )


def _received(row: Row) -> InboundText:
    return InboundText(
        provider_message_id=row["id"],
        from_number=row["from_number"],
        to_number=row["to_number"],
        body=row["body"],
        media_types=tuple(row["media"].split()),
        sent_at=datetime.fromtimestamp(row["taken_at"], UTC),
    )
