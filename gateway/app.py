"""The only place where the parts of a gateway meet."""

import hashlib
import hmac
from secrets import token_hex

from flask import Flask
from werkzeug.test import Client

from gateway import migrations
from gateway.clock import Clock, SystemClock
from gateway.crypto import index_of
from gateway.db import Database, Vault
from gateway.flows.catalogue import read_content
from gateway.library import Library, shipped_rules
from gateway.people.directory import INDEX_WORD, Refused, installation
from gateway.providers.mail import Mailbox
from gateway.providers.protocol import Provider
from gateway.providers.simulator import SimulatedNetwork
from gateway.providers.twilio import Twilio
from gateway.runtime import Bell, Gateway, SilentBell
from gateway.settings import Settings
from gateway.web import build, build_webhooks


def open_gateway(settings: Settings, *, bell: Bell | None = None, clock: Clock | None = None) -> Gateway:
    """Open the database, read the content, and put the parts together.

    Raises ContentRefused, KeyProblem, or Refused when the database is not at today's version.
    """
    clock = clock or SystemClock()
    db = open_database(settings)
    if not migrations.is_current(db.engine):
        raise Refused("the database is not up to date; run: gateway migrate")
    check_keys(db, clock)
    gateway = Gateway(
        settings=settings,
        db=db,
        provider=open_provider(settings, clock),
        content=read_content(settings.gateway_content),
        clock=clock,
        bell=bell or default_bell(settings),
        token=token_hex(16),
        mailbox=open_mailbox(settings),
        library=Library(shipped_rules(settings.gateway_content)),
    )
    if isinstance(gateway.provider, SimulatedNetwork):
        connect_phones(gateway, gateway.provider)
    return gateway


def create_app(gateway: Gateway) -> Flask:
    """The web application of this gateway."""
    return build(gateway)


def open_database(settings: Settings) -> Database:
    return Database(settings.gateway_database_url, Vault(settings.ring, settings.index_key))


def open_provider(settings: Settings, clock: Clock) -> Provider:
    if settings.gateway_provider == "simulated":
        token = hmac.new(
            settings.gateway_secret_key.encode(), b"simulated network", hashlib.sha256
        ).hexdigest()
        return SimulatedNetwork(
            settings.gateway_simulated_ledger,
            public_url=settings.gateway_public_url,
            auth_token=token,
            clock=clock.now,
        )
    assert settings.twilio_account_sid
    assert settings.twilio_auth_token
    return Twilio(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        previous_auth_token=settings.twilio_previous_auth_token,
        public_url=settings.gateway_public_url,
        api_url=settings.gateway_twilio_api_url,
    )


def open_mailbox(settings: Settings) -> Mailbox | None:
    if not settings.gateway_smtp_url or not settings.gateway_mail_from:
        return None
    return Mailbox(settings.gateway_smtp_url, settings.gateway_mail_from)


def default_bell(settings: Settings) -> Bell:
    if not settings.gateway_redis_url:
        return SilentBell()
    from gateway.work.rq_bell import RqBell  # noqa: PLC0415 - most gateways need no Redis, and its client is large

    return RqBell(settings.gateway_redis_url)


def check_keys(db: Database, clock: Clock) -> None:
    """Refuse keys that do not fit this database, before anything is written with them. Raises KeyProblem, Refused."""
    with db.transaction() as session:
        row = installation(session, clock.now())
        db.vault.data_key(session, row.data_key_uid)
        if row.index_check != index_of(INDEX_WORD, db.vault.index_key):
            raise Refused(
                "GATEWAY_INDEX_KEY is not the one that this database was made with; "
                "restore it, or no phone number can be found"
            )


def connect_phones(gateway: Gateway, network: SimulatedNetwork) -> None:
    """Simulated phones come in through the front door of this very process: the same routes, signed the same way."""
    client = Client(build_webhooks(gateway), use_cookies=False)

    def front_door(path: str, form: dict[str, str], headers: dict[str, str]) -> int:
        return client.post(path, data=form, headers=headers).status_code

    network.connect(front_door)
