"""The mobile network around the gateway: a Twilio server with a ledger, and people who write until they are heard."""

import http.client
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from typing import Self
from urllib.parse import urlencode, urlsplit

from gateway.providers.twilio_webhook import SIGNATURE, SMS_PATH, sign
from tests.twilio_server import ACCOUNT_SID, AUTH_TOKEN, Fault, Message, TwilioServer
from tests.work.program import Writer

CALLBACKS = (Fault.CALLBACK_FIRST, Fault.CALLBACK_TWICE, Fault.CALLBACK_DISORDER)
SHARE_CALLED_BACK = 0.1


class Network(TwilioServer):
    """Twilio, with receipts for some texts, and `when_accepted` to be called before the next answer is written."""

    def __init__(self, faults: float = 0.0, seed: int = 0) -> None:
        super().__init__()
        self.when_accepted: Callable[[], None] | None = None
        self.past: list[Message] = []
        self.accepted = 0
        self._luck = random.Random(seed)
        if faults:
            self.random_faults(faults, seed)

    def accept(self, form: dict[str, list[str]]) -> Message:
        text = super().accept(form)
        self.accepted += 1
        struck, self.when_accepted = self.when_accepted, None
        if struck:
            struck()
        return text

    def next_fault(self) -> Fault | tuple[int, int] | None:
        fault = super().next_fault()
        if fault is None and self._luck.random() < SHARE_CALLED_BACK:
            return self._luck.choice(CALLBACKS)
        return fault

    def call_back(self, text: Message, status: str, error_code: int | None = None, sid: str = "") -> int:
        """A callback that finds nobody is lost, as it is at Twilio's."""
        with suppress(OSError):
            return super().call_back(text, status, error_code, sid)
        return 0

    def turn_page(self) -> None:
        """Put what has been checked out of the list, which is read whole at each start of the gateway."""
        with self._lock:
            self.past += self.messages
            self.messages = []

    def delivered(self) -> list[Message]:
        """All that any handset was ever sent, in order."""
        with self._lock:
            return [text for text in self.past + self.messages if text.direction == "outbound-api"]


@dataclass
class Mailbox:
    """Posts signed webhooks over one connection that is kept alive."""

    public_url: str
    connection: http.client.HTTPConnection | None = None

    def post(self, text: Message) -> int:
        """The status of the answer; 0 when there was none."""
        form = {"MessageSid": text.sid, "AccountSid": ACCOUNT_SID, "NumMedia": "0", "Body": text.body}
        form |= {"From": text.from_number, "To": text.to_number}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            SIGNATURE: sign(AUTH_TOKEN, self.public_url + SMS_PATH, form),
        }
        try:
            if self.connection is None:
                where = urlsplit(self.public_url)
                self.connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)
            self.connection.request("POST", SMS_PATH, urlencode(form), headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0
        if answer.will_close:
            self.close()
        return answer.status

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


@dataclass
class Crowd:
    """Writes as the writers would, each one text after another, over several connections at once.

    A text that is not answered with 200 is posted again with the same id, as Twilio does, until it is.
    """

    network: Network
    public_url: str
    writers: Sequence[Writer]
    connections: int = 8
    most_ahead: int = 10_000  # nobody writes while so many acknowledged texts have not reached the network
    answers: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._left = list(reversed(self.writers))
        self._lock = Lock()
        self._quota = 0
        self._stopping, self._done = Event(), Event()
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)

    @property
    def acknowledged(self) -> int:
        return sum(len(writer.posted) for writer in self.writers)

    @property
    def is_spent(self) -> bool:
        return all(len(writer.posted) >= writer.most for writer in self.writers)

    def start(self, texts: int) -> None:
        """Begin to write `texts` more; `join` waits until each is acknowledged."""
        self._quota = texts
        self._threads = [Thread(target=self._write, daemon=True) for _ in range(self.connections)]
        for thread in self._threads:
            thread.start()

    def write(self, texts: int, seconds: float = 60) -> None:
        """Write so many more and return when each is acknowledged."""
        self.start(texts)
        self.join(seconds)

    def join(self, seconds: float) -> None:
        for thread in self._threads:
            thread.join(seconds)
        assert not any(thread.is_alive() for thread in self._threads), "the gateway does not answer"

    def is_writing(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def enough(self) -> None:
        """Begin no further text."""
        with self._lock:
            self._quota = 0

    def _take(self) -> Writer | None:
        with self._lock:
            if not self._quota or not self._left:
                return None
            self._quota -= 1
            return self._left.pop()

    def _give_back(self, writer: Writer) -> None:
        with self._lock:
            if len(writer.posted) < writer.most:
                self._left.insert(max(0, len(self._left) - 3 * self.connections), writer)

    def _write(self) -> None:
        mailbox = Mailbox(self.public_url)
        while not self._stopping.is_set() and (writer := self._take()):
            body = writer.next_body()
            text = self.network.take_in(writer.phone, writer.mask, body, at=datetime.now(UTC))
            while (answer := mailbox.post(text)) != 200 and not self._stopping.is_set():
                self.answers[answer] += 1
                self._stopping.wait(0.1)
            if answer == 200:
                self.answers[answer] += 1
                writer.posted.append(body)
                self._give_back(writer)
            while self.acknowledged - self.network.accepted > self.most_ahead and self._quota:
                self._stopping.wait(0.1)
        mailbox.close()


@dataclass(frozen=True)
class Verdict:
    """What became of the acknowledged texts, by the network's own ledger."""

    acknowledged: int
    lost: int
    doubled: int
    out_of_order: int
    wrong_person: int
    other: int  # texts that nobody wrote: words of the program

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.out_of_order or self.wrong_person)


def judge(writers: Sequence[Writer], delivered: Sequence[Message]) -> Verdict:
    """Compare what was acknowledged with what each handset got, direction by direction."""
    got: dict[tuple[str, str], list[str]] = {}
    for text in delivered:
        got.setdefault((text.to_number, text.from_number), []).append(text.body)
    lost = doubled = out_of_order = wrong = other = 0
    written = {body for writer in writers for body in writer.posted}
    for writer in writers:
        bodies = got.pop((writer.reader, writer.reader_mask), [])
        wanted, had = Counter(writer.posted), Counter(bodies)
        lost += (wanted - had).total()
        surplus = had - wanted
        doubled += sum(count for body, count in surplus.items() if body in wanted)
        wrong += sum(count for body, count in surplus.items() if body not in wanted and body in written)
        other += sum(count for body, count in surplus.items() if body not in written)
        if wanted == had and bodies != writer.posted:
            out_of_order += sum(a != b for a, b in zip(bodies, writer.posted, strict=True))
    for bodies in got.values():
        wrong += sum(body in written for body in bodies)
        other += sum(body not in written for body in bodies)
    return Verdict(sum(len(w.posted) for w in writers), lost, doubled, out_of_order, wrong, other)
