"""A real HTTP server on the loopback that speaks as much of Twilio's REST interface as we use, faults included.

Its ledger holds what each handset got. It must never be more forgiving than Twilio.
"""

import json
import random
import socket
import struct
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import requests

from gateway.providers.twilio_webhook import sign
from tests.providers.twilio_messages import ACCOUNT_SID, AUTH_TOKEN, REFUSING, Fault, Message

__all__ = ["ACCOUNT_SID", "AUTH_TOKEN", "Fault", "Message", "TwilioServer"]

Post = Callable[[str, dict[str, str], dict[str, str]], int]
Row = TypeVar("Row")


def post_for_real(url: str, form: dict[str, str], headers: dict[str, str]) -> int:
    """Post a callback over HTTP, as Twilio does."""
    return requests.post(url, data=form, headers=headers, timeout=10).status_code


class TwilioServer:
    """Start with `with TwilioServer() as twilio:`; point the gateway at `twilio.url`."""

    def __init__(
        self,
        post: Post = post_for_real,
        *,
        clock: Callable[[], datetime] | None = None,
        takes_seconds: float = 0,
    ) -> None:
        self.account_sid, self.auth_token = ACCOUNT_SID, AUTH_TOKEN
        self.post = post
        self.messages: list[Message] = []
        self.lines: dict[str, dict[str, Any]] = {}
        self.takes_seconds = takes_seconds  # before each answer to a send
        self.requests_seen = 0
        self.scripted: deque[Fault | tuple[int, int]] = deque()
        self.clock = clock or (lambda: datetime.now(UTC))
        self._rate, self._dice = 0.0, random.Random(0)
        self._lock = Lock()
        self.released = Event()  # ends every hanging
        self.idle = Event()  # the callbacks of the last fault are out
        self._http = _Http(self)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """From now on connections are refused."""
        self.released.set()
        if self._thread.is_alive():
            self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()

    def fail_next(self, *faults: Fault | tuple[int, int]) -> None:
        """A queue for the coming sends and removals; a pair is an error reply: HTTP status and Twilio's code."""
        self.scripted.extend(faults)

    def random_faults(self, rate: float, seed: int = 0) -> None:
        """A share (0 to 1) of the sends meets a random fault."""
        self._rate, self._dice = rate, random.Random(seed)

    def add_line(self, number: str, public_url: str, **changes: Any) -> None:
        """A line of the account, well set up but for `changes`."""
        well = {
            "phone_number": number,
            "status": "in-use",
            "capabilities": {"sms": True},
            "sms_application_sid": "",
            "sms_url": f"{public_url}/webhooks/twilio/sms#rc=3&rp=all",
            "sms_method": "POST",
            "sms_fallback_url": "https://elsewhere.invalid/sms",
            "voice_url": f"{public_url}/webhooks/twilio/voice",
        }
        self.lines[number] = well | changes

    def take_in(
        self, from_number: str, to_number: str, body: str, *, at: datetime, num_media: int = 0
    ) -> Message:
        """Somebody texts a line; only the list of messages tells of it."""
        sid = ("MM" if num_media else "SM") + uuid4().hex
        text = Message(sid, "inbound", from_number, to_number, body, at, status="received", sent_at=at)
        text.num_media = num_media
        with self._lock:
            self.messages.append(text)
        return text

    def got(self, handset: str) -> list[str]:
        """The bodies that this handset was sent, in order."""
        return [m.body for m in self.messages if m.direction == "outbound-api" and m.to_number == handset]

    def call_back(self, text: Message, status: str, error_code: int | None = None, sid: str = "") -> int:
        """Post one signed status callback; the HTTP status of the answer."""
        form = {"MessageSid": sid or text.sid, "SmsSid": sid or text.sid, "AccountSid": ACCOUNT_SID}
        form |= {"MessageStatus": status, "SmsStatus": status, "From": text.from_number, "To": text.to_number}
        form |= {"ApiVersion": "2010-04-01"} | ({"ErrorCode": str(error_code)} if error_code else {})
        if not sid:
            text.status, text.error_code, text.sent_at = status, error_code, self.clock()
        url = text.callback.partition("#")[0]
        return self.post(url, form, {"X-Twilio-Signature": sign(AUTH_TOKEN, url, form)})

    def next_fault(self) -> Fault | tuple[int, int] | None:
        with self._lock:
            if self.scripted:
                return self.scripted.popleft()
            return self._dice.choice(list(Fault)) if self._rate and self._dice.random() < self._rate else None

    def accept(self, form: dict[str, list[str]]) -> Message:
        first = {name: values[0] for name, values in form.items()}
        numbers = first["From"], first["To"]
        text = Message("SM" + uuid4().hex, "outbound-api", *numbers, first["Body"], self.clock(), form=form)
        text.callback = first.get("StatusCallback", "")
        with self._lock:
            self.messages.append(text)
        return text

    def remove(self, sid: str) -> int | None:
        """Take one text off the list, once it is over; else Twilio's code for why not."""
        with self._lock:
            found = next((text for text in self.messages if text.sid == sid and not text.is_removed), None)
            if found is None:
                return 20404
            if not found.is_over(self.clock()):
                return 20009
            found.is_removed = True
        return None

    def finish(self) -> None:
        """Every text so far has arrived, without a callback that says so."""
        for text in self.messages:
            text.status, text.sent_at = "delivered", text.sent_at or self.clock()

    def callbacks(self, text: Message, fault: Fault) -> None:
        """The callbacks that belong to a fault of that name."""
        statuses = {
            Fault.CALLBACK_FIRST: ["sent"],
            Fault.CALLBACK_TWICE: ["sent", "sent", "delivered", "delivered"],
            Fault.CALLBACK_DISORDER: ["delivered", "sent"],
        }
        for status in statuses.get(fault, []):
            self.call_back(text, status)
        if fault is Fault.CALLBACK_UNKNOWN:
            self.call_back(text, "delivered", sid="SM" + uuid4().hex)
        self.idle.set()

    def find(self, query: dict[str, list[str]]) -> list[Message]:
        """Newest first; DateSent has the granularity of a day, and leaves out what was never sent."""
        to_number, from_number = query.get("To", [""])[0], query.get("From", [""])[0]
        day = query.get("DateSent>", [""])[0]
        with self._lock:
            newest_first = sorted(
                enumerate(self.messages), key=lambda m: (m[1].created_at, m[0]), reverse=True
            )
        return [
            text
            for _, text in newest_first
            if not text.is_removed
            and to_number in ("", text.to_number)
            and from_number in ("", text.from_number)
            and (not day or (text.sent_at is not None and text.sent_at.date().isoformat() >= day[:10]))
        ]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, twilio: TwilioServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.twilio = twilio
        self._calls: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._calls.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._calls.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that are kept alive."""
        for call in list(self._calls):
            with suppress(OSError):
                call.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece: no waiting for acknowledgements
    disable_nagle_algorithm = True
    server: _Http

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        if not self._is_ours():
            return
        twilio = self.server.twilio
        if missing := [name for name in ("To", "From", "Body") if not form.get(name, [""])[0]]:
            self._error(400, {"To": 21604, "From": 21603, "Body": 21602}[missing[0]])
            return
        fault = twilio.next_fault()
        if isinstance(fault, tuple):
            self._error(*fault)
        elif fault in REFUSING:
            self._refuse(fault)
        else:
            self._accepted(twilio.accept(form), fault)

    def do_GET(self) -> None:
        if not self._is_ours():
            return
        url = urlsplit(self.path)
        what = url.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT_SID}/")
        query = parse_qs(url.query)
        if what == "IncomingPhoneNumbers.json":
            self._page(what, "incoming_phone_numbers", list(self.server.twilio.lines.values()), query, dict)
        elif what == "Messages.json":
            self._page(what, "messages", self.server.twilio.find(query), query, Message.as_json)
        else:
            sid = what.removeprefix("Messages/").removesuffix(".json")
            found = [text for text in self.server.twilio.find({}) if text.sid == sid]
            self._reply(200, found[0].as_json()) if found else self._error(404, 20404)

    def do_DELETE(self) -> None:
        if not self._is_ours():
            return
        twilio = self.server.twilio
        sid = urlsplit(self.path).path.rpartition("/")[2].removesuffix(".json")
        fault = twilio.next_fault()
        if isinstance(fault, tuple):
            self._error(*fault)
        elif fault in REFUSING:
            self._refuse(fault)
        elif (code := twilio.remove(sid)) is not None:
            self._error(404 if code == 20404 else 409, code)
        elif fault is Fault.ACCEPT_THEN_HANG:
            self._hang()
        elif fault is Fault.ACCEPT_THEN_500:
            self._error(500, 20500)
        else:
            self._send(204, b"")

    def _is_ours(self) -> bool:
        self.server.twilio.requests_seen += 1
        right = "Basic " + b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        if self.headers["Authorization"] != right or f"/Accounts/{ACCOUNT_SID}/" not in self.path:
            self._error(401, 20003)
            return False
        return True

    def _refuse(self, fault: Fault | None) -> None:
        if fault is Fault.BUSY:
            self._error(429, 20429, {"Retry-After": "7"})
        else:
            self._hang()

    def _accepted(self, text: Message, fault: Fault | None) -> None:
        whole = json.dumps(text.as_json()).encode()
        if fault is Fault.ACCEPT_THEN_HANG:
            self._hang()
        elif fault is Fault.ACCEPT_THEN_RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif fault is Fault.ACCEPT_THEN_500:
            self._error(500, 20500)
        elif fault is Fault.TRUNCATED:
            self._send(201, whole[: len(whole) // 2])
        elif fault is Fault.NO_SID:
            self._reply(201, text.as_json() | {"sid": None})
        else:
            if self.server.twilio.takes_seconds:
                self.server.twilio.released.wait(self.server.twilio.takes_seconds)
            if fault is Fault.CALLBACK_FIRST:
                self.server.twilio.callbacks(text, fault)
            self._send(201, whole)
            if fault and fault is not Fault.CALLBACK_FIRST:
                self.server.twilio.callbacks(text, fault)

    def _hang(self) -> None:
        self.server.twilio.released.wait(60)
        self.close_connection = True

    def _page(
        self,
        what: str,
        key: str,
        rows: list[Row],
        query: dict[str, list[str]],
        as_json: Callable[[Row], dict[str, Any]],
    ) -> None:
        size, page = int(query.get("PageSize", ["50"])[0]), int(query.get("Page", ["0"])[0])
        more = len(rows) > (page + 1) * size
        onward = urlencode({name: values[0] for name, values in query.items()} | {"Page": str(page + 1)})
        uri = f"/2010-04-01/Accounts/{ACCOUNT_SID}/{what}?{onward}" if more else None
        shown = [as_json(row) for row in rows[page * size : (page + 1) * size]]
        self._reply(
            200, {key: shown, "page": page, "page_size": size, "next_page_uri": uri, "uri": self.path}
        )

    def _error(self, status: int, code: int, headers: dict[str, str] | None = None) -> None:
        self._reply(
            status, {"code": code, "message": "a sentence with +15555550100 in it", "status": status}, headers
        )

    def _reply(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(answer).encode(), headers)

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
