"""The carrier between the gateway and the simulated handsets: takes in, delivers, and posts signed webhooks.

It must never post while it holds a transaction, since whoever answers may send a text at once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count, groupby
from uuid import uuid4

from gateway.providers.protocol import OutgoingText, ProviderError, SentText, Status
from gateway.providers.simulator_ledger import Ledger, Row
from gateway.providers.simulator_weather import Forecast, Weather
from gateway.providers.twilio_errors import judge_reply
from gateway.providers.twilio_webhook import SIGNATURE, SMS_PATH, sign, status_path

FrontDoor = Callable[[str, dict[str, str], dict[str, str]], int]

_TRIES = 4  # the first, and rc=3
_PLACES = ("City", "State", "Zip")
# https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out: single words, English only
_STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
_START = frozenset({"START", "YES", "UNSTOP"})
_RECEIPTS_AT_ONCE = 200

_Change = tuple[str, str | None, str | None, float | None, int | None, str]
_CHANGE = "UPDATE texts SET status = ?, error_code = ?, fate = ?, arrived_at = ?, arrival = ? WHERE id = ?"
_TELL = "INSERT INTO receipts (text_id, status, error_code) VALUES (?, ?, ?)"


class Carrier:
    """Moves texts through the ledger. Any number of threads and processes may work the same ledger."""

    def __init__(
        self,
        ledger: Ledger,
        weather: Weather,
        account_sid: str,
        auth_token: str,
        public_url: str,
        give_up_seconds: float,
    ) -> None:
        self._ledger = ledger
        self._weather = weather
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._public_url = public_url
        self._give_up_seconds = give_up_seconds
        self.front_door: FrontDoor | None = None

    def accept(self, text: OutgoingText, now: datetime) -> SentText:
        """Take one text from the gateway."""
        text_id = "SM" + uuid4().hex
        self._ledger.write(
            "INSERT INTO texts (id, outbound, from_number, to_number, body, reference, status, created_at)"
            " VALUES (?, 1, ?, ?, ?, ?, 'queued', ?)",
            *(text_id, text.from_number, text.to_number, text.body, text.reference, now.timestamp()),
        )
        return SentText(text_id, Status.QUEUED, None, text.to_number, text.from_number, text.body, now)

    def forget(self, text_id: str) -> None:
        """Strike one text from the books, once it is over. Raises ProviderError; an unknown one is gone already."""
        rows = self._ledger.read("SELECT fate FROM kept_texts WHERE id = ?", text_id)
        if rows and rows[0]["fate"] is None:
            verdict = judge_reply(409, "20009")
            raise ProviderError(verdict.trouble, verdict.retry, "20009")
        self._ledger.write("INSERT OR IGNORE INTO forgotten SELECT id FROM texts WHERE id = ?", text_id)

    def take_in(self, now: datetime) -> None:
        """Post every typed text whose handset has coverage. One that is never acknowledged is remembered as lost."""
        if self.front_door is None:
            return
        forecast = self._weather.now()
        for row in self._typed(forecast, now):
            if forecast.blocks_at_stop():
                self._obey(row)
            fate = "arrived" if self._post_inbound(row, forecast) else "lost"
            self._ledger.write("UPDATE texts SET fate = ? WHERE id = ?", fate, row["id"])

    def deliver(self, now: datetime) -> int:
        """Bring every due text to its handset, or give it up; how many arrived."""
        forecast = self._weather.now()
        with self._ledger.writing() as books:
            rows = books.execute(
                "SELECT * FROM texts WHERE outbound = 1 AND fate IS NULL ORDER BY seq"
            ).fetchall()
            last = (
                books.execute("SELECT max(arrival) FROM texts WHERE arrival IS NOT NULL").fetchone()[0] or 0
            )
            arrivals = count(last + 1)
            changes: list[_Change] = []
            receipts: list[tuple[str, str, str | None]] = []
            for row in _in_order_of_arrival(rows, forecast):
                fate, news = self._outcome(row, forecast, now.timestamp())
                receipts += [(row["id"], *told) for told in news]
                if fate or news:
                    status, code = news[-1] if news else (row["status"], row["error_code"])
                    when = (now.timestamp(), next(arrivals)) if fate == "arrived" else (None, None)
                    changes.append((status, code, fate, *when, row["id"]))
            books.executemany(_CHANGE, changes)
            books.executemany(_TELL, receipts)
        return next(arrivals) - last - 1

    def post_receipts(self) -> None:
        """Post what there is to tell, in order; a receipt that nobody acknowledges is lost, as at Twilio."""
        if self.front_door is None:
            return
        query = (
            "SELECT receipts.seq, receipts.status AS news, receipts.error_code AS why, texts.* FROM receipts"
            " JOIN texts ON texts.id = receipts.text_id ORDER BY receipts.seq LIMIT ?"
        )
        forecast = self._weather.now()
        while rows := self._ledger.read(query, _RECEIPTS_AT_ONCE):
            for row in _receipts_in_order(rows, forecast):
                for _ in range(2 if forecast.repeats(row["to_number"]) else 1):
                    self._post(status_path(row["reference"]), self._receipt_form(row))
            self._ledger.write_many("DELETE FROM receipts WHERE seq = ?", [(row[0],) for row in rows])

    def _typed(self, forecast: Forecast, now: datetime) -> list[Row]:
        """Claim the texts that leave their handsets now, so that no other process posts them as well."""
        with self._ledger.writing() as books:
            rows = books.execute(
                "SELECT * FROM texts WHERE outbound = 0 AND fate IS NULL AND status = 'typed' ORDER BY seq"
            ).fetchall()
            leaving = [row for row in rows if forecast.is_covered(row["from_number"])]
            taken = [(now.timestamp(), row["id"]) for row in leaving]
            books.executemany("UPDATE texts SET status = 'received', taken_at = ? WHERE id = ?", taken)
        return _in_order_of_arrival(leaving, forecast, "from_number")

    def _obey(self, row: Row) -> None:
        word = row["body"].strip().upper()
        if word in _STOP:
            statement = "INSERT OR IGNORE INTO blocks (handset, line) VALUES (?, ?)"
        elif word in _START:
            statement = "DELETE FROM blocks WHERE handset = ? AND line = ?"
        else:
            return
        self._ledger.write(statement, row["from_number"], row["to_number"])

    def _outcome(
        self, row: Row, forecast: Forecast, now: float
    ) -> tuple[str | None, list[tuple[str, str | None]]]:
        """The fate of one open text, None while it waits, and the receipts that tell of it."""
        news: list[tuple[str, str | None]] = [("sent", None)] if row["status"] == "queued" else []
        phone = row["to_number"]
        waited = now - row["created_at"]
        if code := forecast.refusal(phone):
            return "lost", [*news, ("undelivered", code)]
        if forecast.drops(phone):
            return "lost", news
        if forecast.is_covered(phone):
            if waited < forecast.delay_seconds(phone):
                return None, news
            return "arrived", [*news, ("delivered", None)]
        if waited >= self._give_up_seconds:
            return "lost", [*news, ("undelivered", "30003")]
        return None, news

    def _post_inbound(self, row: Row, forecast: Forecast) -> bool:
        form = self._inbound_form(row)
        answered = self._post(SMS_PATH, form)
        if forecast.repeats(row["from_number"]):
            answered |= self._post(SMS_PATH, form)
        return answered

    def _post(self, path: str, form: dict[str, str]) -> bool:
        """Post until somebody answers 2xx, as Twilio does under `#rc=3&rp=all`, though without a pause."""
        headers = {
            SIGNATURE: sign(self._auth_token, self._public_url + path, form),
            "I-Twilio-Idempotency-Token": str(uuid4()),
            "User-Agent": "TwilioProxy/1.1",
        }
        return any(self._knock(path, form, headers) for _ in range(_TRIES))

    def _knock(self, path: str, form: dict[str, str], headers: dict[str, str]) -> bool:
        if self.front_door is None:
            return False
        try:
            return 200 <= self.front_door(path, dict(form), dict(headers)) < 300
        except OSError:
            return False

    def _inbound_form(self, row: Row) -> dict[str, str]:
        media = row["media"].split()
        form = dict.fromkeys(("MessageSid", "SmsSid", "SmsMessageSid"), row["id"])
        form |= {"AccountSid": self._account_sid, "ApiVersion": "2010-04-01", "SmsStatus": "received"}
        form |= {"From": row["from_number"], "To": row["to_number"], "Body": row["body"]}
        form |= {"NumMedia": str(len(media)), "NumSegments": str(max(1, -(-len(row["body"]) // 153)))}
        form |= {"FromCountry": "CA", "ToCountry": "CA"}
        form |= {end + place: "" for end in ("From", "To") for place in _PLACES}
        for index, content_type in enumerate(media):
            form[f"MediaContentType{index}"] = content_type
            form[f"MediaUrl{index}"] = f"https://media.invalid/{row['id']}/{index}"
        return form

    def _receipt_form(self, row: Row) -> dict[str, str]:
        form = {"MessageSid": row["id"], "SmsSid": row["id"], "AccountSid": self._account_sid}
        form |= {"MessageStatus": row["news"], "SmsStatus": row["news"], "ApiVersion": "2010-04-01"}
        form |= {"From": row["from_number"], "To": row["to_number"]}
        return form | ({"ErrorCode": row["why"]} if row["why"] else {})


def _in_order_of_arrival(rows: Iterable[Row], forecast: Forecast, phone: str = "to_number") -> list[Row]:
    """The order of the ledger, but the last first for each phone whose weather reorders."""
    rows = list(rows)
    backwards = {row[phone] for row in rows if forecast.reorders(row[phone])}
    queues = {number: [row for row in rows if row[phone] == number] for number in backwards}
    return [queues[row[phone]].pop() if row[phone] in queues else row for row in rows]


def _receipts_in_order(rows: list[Row], forecast: Forecast) -> list[Row]:
    ordered: list[Row] = []
    for _, group in groupby(rows, key=lambda row: row["id"]):
        news = list(group)
        ordered += news[::-1] if forecast.reorders(news[0]["to_number"]) else news
    return ordered
