"""A world whose provider is Twilio's adapter, over HTTP, with the test server on the far side."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from werkzeug.test import Client

from gateway.app import open_gateway
from gateway.models import LineKind
from gateway.providers.simulator import HandsetText, SimulatedNetwork, TextState
from gateway.providers.twilio import Twilio
from gateway.providers.twilio_webhook import SIGNATURE, SMS_PATH, sign
from gateway.routing.lines import add_line
from gateway.settings import Settings
from gateway.web import build_webhooks
from tests.twilio_server import ACCOUNT_SID, AUTH_TOKEN, Message, TwilioServer
from tests.world import POOL, PROGRAM, REPOSITORY, HandBell, TestClock, World

PUBLIC_URL = "http://127.0.0.1:8000"


@dataclass
class Exchange:
    """Stands where the simulated network stands: handsets type, and show what Twilio took for them."""

    twilio: TwilioServer
    clock: TestClock
    client: Client

    def text(self, from_number: str, to_number: str, body: str, media: tuple[str, ...] = ()) -> str:
        text = self.twilio.take_in(from_number, to_number, body, at=self.clock.now())
        form = dict.fromkeys(("MessageSid", "SmsSid"), text.sid) | {"AccountSid": ACCOUNT_SID}
        form |= {"From": from_number, "To": to_number, "Body": body, "NumMedia": "0"}
        headers = {SIGNATURE: sign(AUTH_TOKEN, PUBLIC_URL + SMS_PATH, form)}
        assert self.client.post(SMS_PATH, data=form, headers=headers).status_code == 200
        return text.sid

    def tick(self, now: datetime) -> int:
        return 0

    def inbox(self, number: str) -> list[HandsetText]:
        return [
            HandsetText(m.sid, m.from_number, m.to_number, m.body, m.created_at, False, TextState.ARRIVED)
            for m in self.twilio.messages
            if m.direction == "outbound-api" and m.to_number == number
        ]


@dataclass
class TwilioWorld(World):
    """`twilio` is the server: its faults, its list, and its callbacks, which come to the signed webhook."""

    twilio: TwilioServer

    def taken(self, phone_number: str) -> list[Message]:
        """What Twilio accepted for this phone, in order."""
        return [
            text
            for text in self.twilio.messages
            if text.direction == "outbound-api" and text.to_number == phone_number
        ]


@contextmanager
def twilio_world(
    database_url: str, twilio: TwilioServer, *, read_seconds: float = 0.4
) -> Iterator[TwilioWorld]:
    """A gateway that speaks with this server."""
    clock = TestClock()
    settings = Settings(
        _env_file=None,
        gateway_database_url=database_url,
        gateway_provider="twilio",
        gateway_public_url=PUBLIC_URL,
        gateway_secret_key="s" * 40,
        gateway_data_keys="k1:" + "A" * 43,
        gateway_index_key="B" * 43,
        gateway_content=Path(REPOSITORY),
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        gateway_twilio_api_url=twilio.url,
    )
    provider = Twilio(
        ACCOUNT_SID,
        AUTH_TOKEN,
        public_url=PUBLIC_URL,
        api_url=twilio.url,
        connect_seconds=2,
        read_seconds=read_seconds,
    )
    gateway = replace(open_gateway(settings, bell=HandBell(), clock=clock), provider=provider)
    client = Client(build_webhooks(gateway), use_cookies=False)
    twilio.clock = clock.now
    twilio.post = lambda url, form, headers: (
        client.post(url.removeprefix(PUBLIC_URL), data=form, headers=headers).status_code
    )
    with gateway.db.transaction() as session:
        add_line(session, PROGRAM, LineKind.LONG, True, clock.now())
        for number in POOL:
            add_line(session, number, LineKind.LONG, False, clock.now())
    network = cast(SimulatedNetwork, Exchange(twilio, clock, client))
    yield TwilioWorld(gateway, network, clock, twilio)
    gateway.db.engine.dispose()
