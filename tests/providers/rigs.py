"""The two providers behind one set of handles, so that one table of behaviours holds for both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from gateway.providers.protocol import OutgoingText, Provider, ProviderError, SignedRequest
from gateway.providers.simulator import SendFault, SimulatedNetwork
from gateway.providers.twilio_webhook import SIGNATURE, sign
from tests.twilio_server import AUTH_TOKEN, Fault, TwilioServer

PUBLIC_URL = "https://gateway.example"
LINE, MAYA, BEN = "+15555550199", "+15555550101", "+15555550102"
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Rig:
    """One provider, and what stands on its far side."""

    provider: Provider
    watch: Watch
    got: Callable[[str], list[str]]
    text_in: Callable[[str, str], str]
    fail: Callable[[str], None]
    finish: Callable[[], None]  # every text so far comes to its end

    def signed(self, path: str, form: dict[str, str]) -> dict[str, str]:
        return {SIGNATURE: sign(AUTH_TOKEN, PUBLIC_URL + path, form)}


SERVER_FAULTS: dict[str, Fault] = {
    "accepted, answer lost": Fault.ACCEPT_THEN_HANG,
    "accepted, then 500": Fault.ACCEPT_THEN_500,
    "not accepted, answer lost": Fault.REJECT_THEN_HANG,
    "busy": Fault.BUSY,
}
NETWORK_FAULTS = {
    "accepted, answer lost": SendFault.ACCEPT_THEN_LOSE,
    "accepted, then 500": SendFault.ACCEPT_THEN_500,
    "not accepted, answer lost": SendFault.REJECT_THEN_LOSE,
    "busy": SendFault.BUSY,
}


def simulated_rig(network: SimulatedNetwork, watch: Watch) -> Rig:
    """The simulated network, with its own handsets on the far side."""

    def got(number: str) -> list[str]:
        network.tick(watch())
        return [text.body for text in network.inbox(number)]

    def text_in(number: str, body: str) -> str:
        network.connect(lambda *_: 200)
        return network.text(number, LINE, body)

    def finish() -> None:
        network.tick(watch())

    return Rig(
        network,
        watch,
        got,
        text_in,
        lambda kind: network.weather.fail_next_send(NETWORK_FAULTS[kind], wait_seconds=7),
        finish,
    )


def twilio_rig(provider: Provider, server: TwilioServer, watch: Watch) -> Rig:
    """Twilio's adapter, with a real server on its far side."""
    server.clock = watch
    return Rig(
        provider,
        watch,
        server.got,
        lambda number, body: server.take_in(number, LINE, body, at=watch()).sid,
        lambda kind: server.fail_next(SERVER_FAULTS[kind]),
        server.finish,
    )


def error_of(send: Callable[[], object]) -> ProviderError:
    """The error that a call raises."""
    with pytest.raises(ProviderError) as caught:
        send()
    return caught.value


class Door:
    """The gateway's front door: verifies as the gateway would, notes what came, and answers as told."""

    def __init__(self, network: SimulatedNetwork) -> None:
        self.network = network
        self.came: list[tuple[str, dict[str, str]]] = []
        self.answers: list[int | OSError] = []
        network.connect(self)

    def __call__(self, path: str, form: dict[str, str], headers: dict[str, str]) -> int:
        url = urlsplit(path)
        lists = {name: [value] for name, value in form.items()}
        assert self.network.verify(SignedRequest(url.path, url.query, lists, headers))
        self.came.append((path, form))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, OSError):
            raise answer
        return answer

    def receipts(self, number: str = MAYA) -> list[tuple[str, str | None]]:
        forms = [form for path, form in self.came if "/status" in path and form["To"] == number]
        return [(form["MessageStatus"], form.get("ErrorCode")) for form in forms]

    def bodies(self) -> list[str]:
        return [form["Body"] for path, form in self.came if path.endswith("/sms")]


def bodies(network: SimulatedNetwork, number: str = MAYA) -> list[str]:
    """What a handset shows."""
    return [text.body for text in network.inbox(number)]


def send(network: SimulatedNetwork, *texts: str, to_number: str = MAYA) -> None:
    """Send these bodies, one after the other."""
    for body in texts:
        network.send(OutgoingText(to_number, LINE, body, f"ref {body}"))
