"""The stage of a rehearsal: a gateway of its own in a temporary folder, a clock that is told the time, an open door.

The spines, the jobs, the tables and the simulated network are the real ones. Three things are not, and are here: time;
the database, which never commits; and the webhooks, which are not signed and posted but handed over.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import event

from gateway import intake, outreach
from gateway.app import open_database, open_gateway
from gateway.cli.content import load_first
from gateway.db import Database, Session, Vault
from gateway.migrations import upgrade
from gateway.providers.simulator import SimulatedNetwork
from gateway.providers.twilio_webhook import SMS_PATH
from gateway.runtime import Gateway, SilentBell
from gateway.settings import Settings

T = TypeVar("T")
STARTS = datetime(2027, 1, 4, 15, tzinfo=UTC)  # a Monday


@dataclass
class VirtualClock:
    """Moves only when told, or when somebody waits."""

    at: datetime = STARTS

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(0.0, seconds))


class Broken(BaseException):
    """A bug came up. The rehearsal ends there: no guard that keeps a real gateway going may swallow it."""


class OneTransaction(Database):
    """A database whose transactions are all one, which is never committed: a rehearsal is thrown away at its end.

    Most of the time of a text goes into beginning and committing, and into reading its people anew. Nothing here has to
    outlive a power cut or be seen by another process, so both can be left out; what is done in between is the same.
    """

    def __init__(self, url: str, vault: Vault) -> None:
        super().__init__(url, vault)
        event.listen(self.engine, "connect", _without_care)
        self._one = Session(self.engine, expire_on_commit=False)
        self._one.vault = vault
        self._kept: list[object] = []

    def keep(self, *rows: object) -> None:
        """Hold these rows in memory, so that looking them up by their ids costs no query."""
        self._kept += rows

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        try:
            yield self._one
            self._one.flush()
        except Exception as error:
            raise Broken from error

    reading = transaction

    def together(self, work: Callable[[Session], T]) -> T:
        with self.transaction() as session:
            return work(session)

    def close(self) -> None:
        self._one.close()
        super().close()


def open_stage(
    folder: Path, content: Path, clock: VirtualClock, database: type[Database] = OneTransaction
) -> tuple[Gateway, SimulatedNetwork, VirtualClock]:
    """A new gateway in `folder` with what staff wrote in use, and its network. Nothing in it can reach a real phone."""
    key = urlsafe_b64encode(b"r" * 32).decode().rstrip("=")
    settings = Settings(
        _env_file=None,
        gateway_database_url=f"sqlite:///{folder}/rehearsal.db",
        gateway_redis_url=None,
        gateway_provider="simulated",
        gateway_secret_key="r" * 40,
        gateway_data_keys=f"r:{key}",
        gateway_index_key=key,
        gateway_content=content,
        gateway_simulated_ledger=folder / "phones.db",
    )
    fresh = open_database(settings)
    upgrade(fresh.engine)
    fresh.engine.dispose()  # SQLite leaves its log only when nobody else has the file open
    gateway = open_gateway(settings, bell=SilentBell(), clock=clock)
    assert isinstance(gateway.provider, SimulatedNetwork)
    load_first(gateway)
    gateway.db.engine.dispose()
    network = gateway.provider
    gateway = replace(gateway, db=database(settings.gateway_database_url, gateway.db.vault))
    network.connect(_door(gateway))
    return gateway, network, clock


def _door(gateway: Gateway) -> Callable[[str, dict[str, str], dict[str, str]], int]:
    """What the webhooks do with a request that is verified; how they verify it is no matter of a rehearsal."""
    name, now = gateway.provider.name, gateway.clock.now

    def door(address: str, form: dict[str, str], _headers: dict[str, str]) -> int:
        fields = {field: [value] for field, value in form.items()}
        path = urlsplit(address)
        with gateway.db.transaction() as session:
            if path.path == SMS_PATH:
                intake.record(session, gateway.provider.read_inbound(fields), name, now())
            else:
                receipt = gateway.provider.read_receipt(fields, parse_qs(path.query)["ref"][0])
                outreach.record_receipt(session, gateway, receipt, now())
        return 200

    return door


def _without_care(connection: Any, _record: object) -> None:
    """Nothing waits for the disk, and what is changed need not be undone."""
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "cache_size=-200000", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}")
