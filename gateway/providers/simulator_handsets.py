"""The phones of the simulated network: typing, and what each screen shows. It must never change what was carried."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from gateway.providers.simulator_ledger import Ledger, Row


class TextState(StrEnum):
    """What became of a text, as somebody who sees both ends would say."""

    ON_ITS_WAY = "on_its_way"
    ARRIVED = "arrived"
    LOST = "lost"  # the carrier gave up; for a text that was typed: the gateway never acknowledged it


@dataclass(frozen=True)
class HandsetText:
    """One text as a handset has it. `at` (UTC) is when it arrived, or else when it was typed or accepted."""

    provider_message_id: str
    from_number: str
    to_number: str
    body: str
    at: datetime
    typed_here: bool
    state: TextState
    media_types: tuple[str, ...] = ()
    error_code: str | None = None


class Handsets:
    """Reads and writes the ledger on behalf of the people who hold the phones."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def type_text(
        self, from_number: str, to_number: str, body: str, media: tuple[str, ...], now: datetime
    ) -> str:
        """Write one text on a handset; it has not left yet."""
        text_id = ("MM" if media else "SM") + uuid4().hex
        clean = body.encode("utf-8", "replace").decode()
        self._ledger.write(
            "INSERT INTO texts (id, outbound, from_number, to_number, body, media, status, created_at)"
            " VALUES (?, 0, ?, ?, ?, ?, 'typed', ?)",
            *(text_id, from_number, to_number, clean, " ".join(media), now.timestamp()),
        )
        return text_id

    def inbox(self, number: str) -> list[HandsetText]:
        query = (
            "SELECT * FROM texts WHERE outbound = 1 AND to_number = ? AND fate = 'arrived' ORDER BY arrival"
        )
        return [_shown(row) for row in self._ledger.read(query, number)]

    def arrived_after(self, arrival: int) -> list[tuple[int, HandsetText]]:
        """(order of arrival, text) of everything that reached any handset after that one, in order."""
        query = "SELECT * FROM texts WHERE arrival > ? ORDER BY arrival"
        return [(row["arrival"], _shown(row)) for row in self._ledger.read(query, arrival)]

    def sent_by(self, number: str) -> list[HandsetText]:
        query = "SELECT * FROM texts WHERE outbound = 0 AND from_number = ? ORDER BY seq"
        return [_shown(row) for row in self._ledger.read(query, number)]

    def conversation(self, number: str) -> list[HandsetText]:
        """In order of `at`; within one moment, in the order of the ledger."""
        query = (
            "SELECT * FROM texts WHERE (outbound = 1 AND to_number = ?) OR (outbound = 0 AND from_number = ?)"
            " ORDER BY coalesce(CASE WHEN outbound THEN arrived_at END, created_at),"
            " outbound AND fate IS NULL, coalesce(arrival, 0), seq"
        )
        return [_shown(row) for row in self._ledger.read(query, number, number)]

    def numbers(self) -> list[str]:
        query = "SELECT to_number AS number FROM texts WHERE outbound = 1 UNION SELECT from_number FROM texts WHERE outbound = 0"
        return [row["number"] for row in self._ledger.read(f"{query} ORDER BY 1")]

    def is_blocked(self, handset: str, line: str) -> bool:
        """Whether a STOP from this handset stands against this line, for a carrier that obeys STOP."""
        return bool(self._ledger.read("SELECT 1 FROM blocks WHERE handset = ? AND line = ?", handset, line))


def _shown(row: Row) -> HandsetText:
    at = row["arrived_at"] if row["outbound"] and row["arrived_at"] is not None else row["created_at"]
    return HandsetText(
        provider_message_id=row["id"],
        from_number=row["from_number"],
        to_number=row["to_number"],
        body=row["body"],
        at=datetime.fromtimestamp(at, UTC),
        typed_here=not row["outbound"],
        state=TextState(row["fate"]) if row["fate"] else TextState.ON_ITS_WAY,
        media_types=tuple(row["media"].split()),
        error_code=row["error_code"],
    )
