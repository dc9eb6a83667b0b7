"""A gateway that speaks with a real local Twilio server, and Maya and Ben in it."""

from collections.abc import Iterator

import pytest

from gateway.models import Role
from tests.outbox.wire import TwilioWorld, twilio_world
from tests.twilio_server import TwilioServer
from tests.world import Phone


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture
def wired(fresh_sqlite: str, twilio: TwilioServer) -> Iterator[TwilioWorld]:
    """The whole gateway over HTTP, on SQLite."""
    with twilio_world(fresh_sqlite, twilio) as opened:
        yield opened


@pytest.fixture
def wired_pair(wired: TwilioWorld) -> tuple[Phone, Phone]:
    """Maya and Ben, matched, on that gateway."""
    maya = wired.person("maya", Role.YOUTH, "+17055550111")
    ben = wired.person("ben", Role.MENTOR, "+14165550112")
    wired.match(maya, ben)
    return maya, ben
