"""Open alerts as pages show them: what, since when, who was told; names only of people whom the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db import Session
from gateway.models import (
    Alert,
    AlertAct,
    AlertStep,
    MaskState,
    Match,
    MatchState,
    Member,
    Participant,
    Staff,
    Urgency,
)
from gateway.people.access import Viewer, sees_match, sees_person
from gateway.people.alerts import Reason
from gateway.people.directory import first_name
from gateway.safety import duty, unplaced
from gateway.web import words
from gateway.web.console.members import known_in, staff_name
from gateway.web.console.reasons import alarm
from gateway.web.languages import gettext as _

SCANNED = 50
_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


@dataclass(frozen=True)
class Alarm:
    """One open alert. `match_uid` and `who` are empty when the viewer may not see them."""

    uid: str
    what: str
    since: str
    urgency: words.Said
    who: str
    match_uid: str
    has_words: bool  # of a text in no thread, on a page of its own: a stranger's, or of somebody whom the viewer may see
    can_wait: bool
    taken_by: str
    is_taken: bool
    steps: Sequence[str]


def without_match(session: Session, viewer: Viewer, reader: Staff, most: int) -> list[Alarm]:
    """Open alerts that no match on the viewer's Today shows, the oldest first, at most `most`."""
    found = [
        one for one in duty.open_alerts(session, reader, most=SCANNED) if not _has_place(session, viewer, one)
    ]
    return shown(session, viewer, found[:most])


def shown(session: Session, viewer: Viewer, alerts: Sequence[Alert]) -> list[Alarm]:
    """These alerts with their steps, the most urgent first."""
    steps = session.exec(
        select(AlertStep)
        .where(col(AlertStep.alert_id).in_([one.id for one in alerts]))
        .order_by(col(AlertStep.id))
    ).all()
    staff = {row.id: staff_name(session, row) for row in session.exec(_staff_of(alerts, steps))}
    return [
        _alarm(session, viewer, one, [step for step in steps if step.alert_id == one.id], staff)
        for one in sorted(alerts, key=lambda one: (_RANKS[one.urgency], one.id))
    ]


def _alarm(
    session: Session, viewer: Viewer, one: Alert, steps: Sequence[AlertStep], staff: dict[int | None, str]
) -> Alarm:
    match = (
        one.match_id
        and session.exec(select(Match).where(Match.id == one.match_id, sees_match(viewer))).first()
    )
    person = _person(session, viewer, one)
    return Alarm(
        uid=one.uid,
        what=alarm(one.reason),
        since=words.moment(one.at, viewer.zone),
        urgency=urgency(one.urgency),
        can_wait=one.urgency is Urgency.WHENEVER,
        who=_who(session, one, person, match or None),
        match_uid=match.uid if match else "",
        has_words=(person is not None or one.participant_id is None) and unplaced.is_behind(session, one),
        taken_by=staff.get(one.acknowledged_by, _("the command line")) if one.acknowledged_at else "",
        is_taken=one.acknowledged_at is not None,
        steps=[step_in_words(step, staff, viewer.zone) for step in steps],
    )


def _person(session: Session, viewer: Viewer, alert: Alert) -> Participant | None:
    """Whom it is about, when it names somebody whom the viewer may see."""
    if alert.participant_id is None:
        return None
    theirs = select(Participant).where(Participant.id == alert.participant_id, sees_person(viewer))
    return session.exec(theirs).first()


def urgency(of: Urgency) -> words.Said:
    said = {
        Urgency.NOW: words.Said(_("Now"), "bad"),
        Urgency.TODAY: words.Said(_("Today"), "wait"),
        Urgency.WHENEVER: words.Said(_("Can wait")),
    }
    return said[of]


def step_in_words(step: AlertStep, staff: dict[int | None, str], zone: ZoneInfo) -> str:
    """One line of an alert's story: when, and what."""
    who = staff.get(step.staff_id, "") or _("the command line")
    said = {
        AlertAct.RAISED: _("raised"),
        AlertAct.AGAIN: _("the same again"),
        AlertAct.TEXTED: _("%(who)s was told by text", who=who),
        AlertAct.MAILED: _("%(who)s was told by e-mail", who=who),
        AlertAct.CALLED_ON: _("the on-call phone was texted"),
        AlertAct.NOBODY: _("there was nobody to tell"),
        AlertAct.ACKNOWLEDGED: _("%(who)s took it on", who=who),
        AlertAct.REOPENED: _("rings again: taken on, but not closed in time"),
        AlertAct.CLOSED: _("%(who)s closed it", who=who),
    }
    return f"{words.moment(step.at, zone)} · {said[step.act]}"


def _who(session: Session, one: Alert, person: Participant | None, match: Match | None) -> str:
    if person:
        return words.visible(first_name(session, person))
    if match:
        return known_in(session, [match.id or 0])[match.id or 0].names
    if one.participant_id or one.match_id:
        return _("somebody in another caseload")
    return ""


def _has_place(session: Session, viewer: Viewer, one: Alert) -> bool:
    """Whether a match on the viewer's Today shows it. Reports about staff stand apart from matches."""
    if one.reason == Reason.REPORT_STAFF or one.about_staff_id:
        return False
    if one.match_id is None and one.participant_id is None:
        return False
    mine = select(Match.id).where(sees_match(viewer), Match.state != MatchState.CLOSED)
    if one.match_id:
        return session.exec(mine.where(Match.id == one.match_id)).first() is not None
    theirs = mine.join(Member, col(Member.match_id) == Match.id).where(
        Member.participant_id == one.participant_id, Member.mask_state == MaskState.ACTIVE
    )
    return session.exec(theirs.limit(1)).first() is not None


def _staff_of(alerts: Sequence[Alert], steps: Sequence[AlertStep]) -> SelectOfScalar[Staff]:
    ids = {one.acknowledged_by for one in alerts} | {step.staff_id for step in steps}
    return select(Staff).where(col(Staff.id).in_(ids - {None}))
