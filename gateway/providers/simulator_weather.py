"""The trouble of the simulated network: what each phone's signal is like, and which sends go wrong.

It is kept in the ledger, so that a page or a test in another process may change it. It must never touch a text.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.providers.protocol import ProviderError, Retry, Trouble
from gateway.providers.simulator_ledger import EVERYWHERE, Ledger


class SendFault(StrEnum):
    """What the carrier does with one send instead of answering properly."""

    ACCEPT_THEN_LOSE = "accept_then_lose"  # carries the text; the answer never comes
    ACCEPT_THEN_500 = "accept_then_500"
    REJECT_THEN_LOSE = "reject_then_lose"  # carries nothing; the answer never comes
    BUSY = "busy"  # 429 with Retry-After
    DOWN = "down"  # no connection

    @property
    def accepts(self) -> bool:
        """Whether the text is on its way all the same."""
        return self in (SendFault.ACCEPT_THEN_LOSE, SendFault.ACCEPT_THEN_500)


@dataclass(frozen=True)
class Fault:
    """One send fault; `wait_seconds` is the Retry-After of BUSY."""

    kind: SendFault
    wait_seconds: float | None = None

    def error(self) -> ProviderError:
        """What Twilio's adapter would raise."""
        if self.kind is SendFault.BUSY:
            return ProviderError(Trouble.BUSY, Retry.SOON, "20429", wait_seconds=self.wait_seconds)
        if self.kind is SendFault.DOWN:
            return ProviderError(Trouble.DOWN, Retry.SOON, "no connection")
        code = "500" if self.kind is SendFault.ACCEPT_THEN_500 else "timeout"
        return ProviderError(Trouble.LOST_ANSWER, Retry.LOOK_UP, code)


class Forecast:
    """The weather as it stood when it was read; a number's own setting goes before the one for everywhere."""

    def __init__(self, settings: Mapping[tuple[str, str], str]) -> None:
        self._settings = settings

    def _get(self, number: str, kind: str) -> str:
        return self._settings.get((number, kind), self._settings.get((EVERYWHERE, kind), ""))

    def is_covered(self, number: str) -> bool:
        return self._get(number, "coverage") != "off"

    def drops(self, number: str) -> bool:
        return self._get(number, "drop") == "on"

    def repeats(self, number: str) -> bool:
        return self._get(number, "repeat") == "on"

    def reorders(self, number: str) -> bool:
        return self._get(number, "reorder") == "on"

    def delay_seconds(self, number: str) -> float:
        return float(self._get(number, "delay") or 0)

    def refusal(self, number: str) -> str | None:
        return self._get(number, "refuse") or None

    def blocks_at_stop(self) -> bool:
        return self._get(EVERYWHERE, "carrier_opt_out") == "on"

    def fault_rate(self, number: str) -> float:
        return float(self._get(number, "faults") or 0)


class Weather:
    """Makes the weather. `number` is a handset, or EVERYWHERE."""

    def __init__(self, ledger: Ledger, dice: random.Random) -> None:
        self._ledger = ledger
        self._dice = dice

    def coverage(self, number: str, on: bool) -> None:
        """Off: texts to and from the phone wait; on again, they come in a lump."""
        self._set(number, "coverage", "on" if on else "off")

    def drop(self, number: str, on: bool = True) -> None:
        """The network takes texts to this phone and loses them: `sent`, and never anything more."""
        self._set(number, "drop", "on" if on else "off")

    def repeat(self, number: str, on: bool = True) -> None:
        """Each webhook and receipt about this phone is posted twice."""
        self._set(number, "repeat", "on" if on else "off")

    def reorder(self, number: str, on: bool = True) -> None:
        """What is due at once for this phone arrives the last first, and so do its receipts."""
        self._set(number, "reorder", "on" if on else "off")

    def delay(self, number: str, seconds: float) -> None:
        """Texts to this phone take `seconds`."""
        self._set(number, "delay", str(seconds))

    def refuse(self, number: str, code: str | None) -> None:
        """Texts to this phone end with Twilio's `code`: 30xxx in a receipt, any other at the send. None: no more."""
        self._set(number, "refuse", code or "")

    def carrier_opt_out(self, on: bool = True) -> None:
        """The carrier itself obeys STOP and START, as Twilio does: it then refuses sends with 21610."""
        self._set(EVERYWHERE, "carrier_opt_out", "on" if on else "off")

    def random_faults(self, rate: float, number: str = EVERYWHERE) -> None:
        """A share (0 to 1) of the sends to `number` meets a random SendFault."""
        self._set(number, "faults", str(rate))

    def fail_next_send(self, kind: SendFault, times: int = 1, wait_seconds: float | None = None) -> None:
        """The next sends (or removals), to whomever, meet this fault: a queue, first in first out, shared by all processes."""
        rows = [(kind.value, wait_seconds)] * times
        self._ledger.write_many("INSERT INTO scripted_faults (kind, wait_seconds) VALUES (?, ?)", rows)

    def clear(self) -> None:
        """Fair weather everywhere. Blocks that a STOP has made stay."""
        with self._ledger.writing() as books:
            books.execute("DELETE FROM weather")
            books.execute("DELETE FROM scripted_faults")

    def now(self) -> Forecast:
        """The weather of this moment."""
        rows = self._ledger.read("SELECT number, kind, value FROM weather")
        return Forecast({(row["number"], row["kind"]): row["value"] for row in rows})

    def next_fault(self, rate: float) -> Fault | None:
        """The fault that the send at hand meets, if any: the scripted ones first."""
        if self._ledger.read("SELECT 1 FROM scripted_faults LIMIT 1"):
            taken = self._ledger.read(
                "DELETE FROM scripted_faults WHERE seq = (SELECT min(seq) FROM scripted_faults) RETURNING *"
            )
            if taken:
                return Fault(SendFault(taken[0]["kind"]), taken[0]["wait_seconds"])
        if rate and self._dice.random() < rate:
            return Fault(self._dice.choice(list(SendFault)), wait_seconds=1.0)
        return None

    def _set(self, number: str, kind: str, value: str) -> None:
        self._ledger.write(
            "INSERT OR REPLACE INTO weather (number, kind, value) VALUES (?, ?, ?)", number, kind, value
        )
