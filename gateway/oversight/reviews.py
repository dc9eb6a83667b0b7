"""Reading a thread for safety: who has read it last, and up to which text."""

from datetime import datetime

from sqlmodel import func, select

from gateway.db import Session
from gateway.insight.pulse import measure_again
from gateway.insight.rules import Rules
from gateway.models import InboundMessage, Match, OutboundMessage, Reviewed
from gateway.oversight.acting import By
from gateway.privacy.audit import audit


def reviewed(
    session: Session,
    by: By,
    match: Match,
    rules: Rules,
    now: datetime,
    *,
    up_to_inbound: int | None = None,
) -> None:
    """Staff have read the thread: all of it, or up to the text that was the newest on the page (`up_to_inbound`).

    What came while the page was open must stay unread: give the id that the page has shown.
    """
    newest_in = session.exec(
        select(func.max(InboundMessage.id)).where(InboundMessage.match_id == match.id)
    ).one()
    newest_out = session.exec(
        select(func.max(OutboundMessage.id)).where(OutboundMessage.match_id == match.id)
    ).one()
    until = min(newest_in or 0, up_to_inbound if up_to_inbound is not None else newest_in or 0)
    session.add(
        Reviewed(
            match_id=match.id or 0,
            staff_id=by.staff_id,
            inbound_id=until,
            outbound_id=newest_out or 0,
            at=now,
        )
    )
    audit(session, by.actor, "thread.review", f"match:{match.id}", now, {"inbound": until})
    measure_again(session, match.id or 0, rules, now)
