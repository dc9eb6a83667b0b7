"""Setting a reason aside: acknowledged (seen), or snoozed until a day. It comes back then, or sooner when it gets worse."""

from datetime import datetime, timedelta

from gateway.db import Session
from gateway.insight.attention import NEVER_SET_ASIDE, Evidence, all_evidence_of
from gateway.insight.rules import Rules
from gateway.models import Match, Reason, SetAside
from gateway.oversight.acting import By
from gateway.people.directory import Refused
from gateway.privacy.audit import audit

LONGEST_SNOOZE = timedelta(days=90)


def acknowledge(session: Session, by: By, match: Match, reason: Reason, rules: Rules, now: datetime) -> None:
    """Staff have seen it. Raises Refused when the reason does not hold, or ends only when it is dealt with."""
    until = now + timedelta(days=rules.acknowledged_days)
    _set_aside(session, by, match, reason, until, False, rules, now)


def snooze(
    session: Session, by: By, match: Match, reason: Reason, until: datetime, rules: Rules, now: datetime
) -> None:
    """Not before `until`, which lies ahead, at most 90 days. Raises Refused as `acknowledge` does."""
    if not now < until <= now + LONGEST_SNOOZE:
        raise Refused(f"choose a day after today, at most {LONGEST_SNOOZE.days} days ahead")
    _set_aside(session, by, match, reason, until, True, rules, now)


def bring_back(session: Session, by: By, match: Match, reason: Reason, now: datetime) -> None:
    """Show it again. Safe to call twice."""
    row = session.get(SetAside, (match.id, reason))
    if row:
        session.delete(row)
        audit(session, by.actor, "need.bring_back", f"match:{match.id}", now, {"reason": reason.value})


def _set_aside(
    session: Session,
    by: By,
    match: Match,
    reason: Reason,
    until: datetime,
    is_snoozed: bool,
    rules: Rules,
    now: datetime,
) -> None:
    seen = _holds(session, match, reason, rules, now)
    session.merge(
        SetAside(
            match_id=match.id or 0,
            reason=reason,
            is_snoozed=is_snoozed,
            until_at=until,
            worse_at=seen.worse_at,
            level=seen.level,
            staff_id=by.staff_id,
            at=now,
        )
    )
    action = "need.snooze" if is_snoozed else "need.acknowledge"
    detail = {"reason": reason.value, "until": until.isoformat()}
    audit(session, by.actor, action, f"match:{match.id}", now, detail)


def _holds(session: Session, match: Match, reason: Reason, rules: Rules, now: datetime) -> Evidence:
    """The evidence as it stands, with all of the same reason taken together."""
    if reason in NEVER_SET_ASIDE:
        raise Refused("this one goes away when it is dealt with; it cannot be set aside")
    found = [one for one in all_evidence_of(session, match.id or 0, rules, now) if one.reason is reason]
    if not found:
        raise Refused("this reason does not hold any more; load the page again")
    return max(found, key=lambda one: one.level)
