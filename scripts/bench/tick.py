"""How long a tick takes with 100 matches due, at 1,000, 10,000 and 100,000 participants. Run: python -m scripts.bench.tick

Also how many texts a second it queues. The goal: under twice as long at 100,000 as at 1,000. Processor time, so that
neighbours on the machine change little; the shipped set is read before the clock starts, as in a process that runs.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, func, select, update

from gateway.cli.rehearsal import STARTS, open_rehearsal
from gateway.models import Agenda, Match, MatchState, OutboundMessage, PersonAgenda
from gateway.work import rounds

DUE = 100


def measure(participants: int) -> tuple[float, int, int]:
    """(seconds of a tick, matches looked at, texts queued); beyond the pairs that are due, matches are rows without members."""
    with TemporaryDirectory(prefix="bench-") as folder:
        rehearsal = open_rehearsal(Path(folder), Path(), range(DUE))
        gateway = rehearsal.gateway
        rounds.speak(gateway)
        with gateway.db.transaction() as session:
            session.execute(update(Agenda).values(next_look_at=STARTS + timedelta(days=1)))
            rest = range(DUE + 1, participants // 2 + 1)
            matches = [
                {
                    "uid": f"bench{n}",
                    "id": n,
                    "community_id": 1,
                    "state": MatchState.ACTIVE,
                    "created_at": STARTS,
                }
                for n in rest
            ]
            if matches:
                session.bulk_insert_mappings(Match, matches)  # type: ignore[arg-type]
                later = STARTS + timedelta(days=30)
                agendas = [{"match_id": n, "next_look_at": later, "tags": ""} for n in rest]
                session.bulk_insert_mappings(Agenda, agendas)  # type: ignore[arg-type]
            session.execute(
                update(Agenda).where(col(Agenda.match_id) > DUE).values(next_look_at=STARTS + timedelta(30))
            )
            session.execute(update(PersonAgenda).values(next_look_at=None))
            before = session.exec(select(func.count()).select_from(OutboundMessage)).one()
        rehearsal.clock.at = STARTS + timedelta(days=1, hours=6)
        started = time.process_time()
        looked_at = rounds.speak(gateway)
        seconds = time.process_time() - started
        with gateway.db.reading() as session:
            queued = session.exec(select(func.count()).select_from(OutboundMessage)).one() - before
        rehearsal.close()
    return seconds, looked_at, queued


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        seconds, looked_at, queued = measure(size)
        print(
            f"{size:>7} participants: {looked_at} looked at, {queued} texts queued in {seconds * 1000:.0f} ms:"
            f" {seconds / looked_at * 1000:.1f} ms a match, {queued / seconds:.0f} texts a second"
        )
