"""How long a tick takes with 100 matches due, at 1,000, 10,000 and 100,000 participants. Run: python -m scripts.bench.tick

The goal: under twice as long at 100,000 as at 1,000.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, update

from gateway.cli.rehearsal import STARTS, open_rehearsal
from gateway.models import Agenda, Match, MatchState
from gateway.work import rounds

DUE = 100


def measure(participants: int) -> tuple[float, int]:
    """(seconds of a tick, matches looked at); beyond the pairs that are due, matches are rows without members."""
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
        rehearsal.clock.at = STARTS + timedelta(days=1, hours=6)
        started = time.perf_counter()
        looked_at = rounds.speak(gateway)
        seconds = time.perf_counter() - started
        rehearsal.close()
    return seconds, looked_at


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        seconds, looked_at = measure(size)
        print(f"{size:>7} participants: {looked_at} looked at in {seconds * 1000:.0f} ms")
