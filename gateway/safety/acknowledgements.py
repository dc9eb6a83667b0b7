"""ACK 12345, texted by staff to the program line.

A sender's number can be forged, so it authorises nothing (abuse case 8). What counts is the code, which only the text to
that phone held. It stops the clock of one alert and reveals nothing; five wrong codes from a phone end its tries.
"""

import re
from datetime import datetime, timedelta

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Alert, AlertStep
from gateway.safety.escalation import acknowledge

FORM = re.compile(r"\s*ack\W{0,3}(\d{5})\W*", re.IGNORECASE | re.ASCII)
MOST_TRIES = 5
GOOD_FOR = timedelta(hours=24)


def reads_like_ack(words: str) -> str | None:
    """The code in a text that is an acknowledgement and nothing else."""
    found = FORM.fullmatch(words[:40])
    return found[1] if found else None


def heard_ack(session: Session, phone_index: bytes, words: str, now: datetime) -> Alert | None:
    """The alert that this phone has now taken on. None for a wrong code, too many tries, or any other text."""
    code = reads_like_ack(words)
    if code is None:
        return None
    asked = session.exec(
        select(AlertStep)
        .where(AlertStep.phone_index == phone_index, AlertStep.at > now - GOOD_FOR)
        .order_by(col(AlertStep.id).desc())
    ).all()
    if sum(step.tries for step in asked) >= MOST_TRIES:
        return None
    for step in asked:
        if step.code_index == session.index(f"{step.alert_id}:{code}"):
            alert = session.get_one(Alert, step.alert_id)
            acknowledge(session, alert, step.staff_id, now)
            return alert
    if asked:
        asked[0].tries += 1
        session.add(asked[0])
    return None
