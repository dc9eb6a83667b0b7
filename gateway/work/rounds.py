"""The rounds of the clock: for each, what waits is done a few at a time, and one that fails neither undoes nor blocks the others."""

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from gateway import outreach
from gateway.outreach import Round
from gateway.runtime import Gateway
from gateway.work.jobs import ring

log = structlog.get_logger()

MOST_TIMES = 10_000
MOST_LOOKS = 20  # in one transaction


def speak(gateway: Gateway) -> int:
    """Every minute: say what is due. Returns how many conversations, people and matches were looked at."""
    return sum(_go_round(gateway, each) for each in outreach.ROUNDS)


def _go_round(gateway: Gateway, each: Round) -> int:
    """Do for all that wait, a few in one transaction: a text that arrives meanwhile must not wait for all of them."""
    looked_at = 0
    for _ in range(MOST_TIMES):
        with gateway.db.reading() as session:
            gateway.library.live(
                session
            )  # what all of them need: if it cannot be read, none of them is to blame
            ids = each.waiting(session, gateway.clock.now(), MOST_LOOKS)
        if not ids:
            break
        looked_at += len(ids)
        if not _act(gateway, each, ids):
            for one in ids:  # one of them fails: it must not undo or block the others
                if not _act(gateway, each, [one]):
                    _note_failure(gateway, each, one)
    return looked_at


def _act(gateway: Gateway, each: Round, ids: list[int]) -> bool:
    """Do it for these, all or none. False when a bug came between; what it was is logged when it is alone."""
    lines: set[int] = set()
    try:
        with gateway.db.transaction() as session:
            for one in ids:
                lines |= each.act(session, gateway, one, gateway.clock.now())
    except (OperationalError, InterfaceError):  # the database is away or full: no fault of theirs
        raise
    except Exception:
        if len(ids) == 1:
            log.exception("look_failed", round=each.name, id=ids[0])
        return False
    ring(gateway, lines)
    return True


def _note_failure(gateway: Gateway, each: Round, one: int) -> None:
    with gateway.db.transaction() as session:
        is_set_aside = each.failed(session, one, gateway.clock.now())
    if is_set_aside:
        log.critical("alarm_set_aside", round=each.name, id=one)
