"""Why staff must look before a text may leave, whatever its words: a doubtful number, a loop, a flood."""

from datetime import datetime

from gateway.db import Session
from gateway.safety import floods, reports
from gateway.safety.text import Text

# What the writer of a held text is told, where it is not "held"; a loop hears nothing, since an answer would feed it.
ANSWERS = {"number_doubted": "number_check", "flood": "many_texts", "loop": None}
ANSWERS |= dict.fromkeys(reports.HOLDS.values(), "report_kept")


def hold_for(session: Session, text: Text, now: datetime) -> str | None:
    """The reason, if there is one."""
    assert text.sender is not None
    if text.sender.number_doubted_at:
        return "number_doubted"
    if floods.is_loop(session, text.row, now):
        return "loop"
    return "flood" if floods.is_flood(session, text.row, now) else None
