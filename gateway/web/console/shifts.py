"""Who is on duty, now and next, and on which phone urgent alerts reach the viewer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from sqlmodel import col

from gateway.db import Session
from gateway.models import DutyShift, Staff
from gateway.people.access import Act, Hidden, Viewer, may, staff_for
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.routing.lines import is_own_line
from gateway.safety import duty
from gateway.sms.numbers import NumberRefused, last_digits, parse_number
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.members import staff_name
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.reasons import on
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

blueprint = Blueprint("shifts", __name__)


@dataclass(frozen=True)
class Shift:
    """One shift that is not over, by the viewer's clock."""

    id: int
    who: str
    begins: str
    ends: str
    rank: int
    is_now: bool
    has_phone: bool
    can_be_removed: bool


@blueprint.get("/alerts/duty")
@guarded(Act.CARE)
def show(viewer: Viewer) -> str:
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.reading() as session:
        reader = session.get_one(Staff, viewer.staff_id)
        shifts = [
            _shift(session, viewer, row, staff, now) for row, staff in _of_interest(session, reader, now)
        ]
        people = sorted((row.uid, staff_name(session, row)) for row in _answering(session, viewer))
        phone = last_digits(session.open(reader, "phone_sealed")) if reader.phone_sealed else ""
    local = now.astimezone(viewer.zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    return render_template(
        "console/duty.html",
        shifts=shifts,
        people=people,
        phone=phone,
        can_plan=may(viewer, Act.STAFF),
        begins=(local + timedelta(hours=1)).isoformat(timespec="minutes"),
        ends=(local + timedelta(hours=13)).isoformat(timespec="minutes"),
        zone=viewer.zone.key.rpartition("/")[2].replace("_", " "),
    )


def _of_interest(session: Session, reader: Staff, now: datetime) -> list[tuple[DutyShift, Staff]]:
    """The shifts that serve the reader's community; for an owner, all."""
    return [
        (shift, staff)
        for shift, staff in duty.shifts_from(session, now)
        if reader.community_id in (None, shift.community_id)
        or (shift.community_id is None and staff.community_id in (None, reader.community_id))
    ]


def _shift(session: Session, viewer: Viewer, row: DutyShift, staff: Staff, now: datetime) -> Shift:
    return Shift(
        id=row.id or 0,
        who=staff_name(session, staff),
        begins=_moment(row.starts_at, viewer.zone),
        ends=_moment(row.ends_at, viewer.zone),
        rank=row.rank,
        is_now=row.starts_at <= now < row.ends_at,
        has_phone=staff.phone_sealed is not None,
        can_be_removed=_may_plan(session, viewer, staff),
    )


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{on(at, zone)}, {words.time_of_day(at, zone)}"


def _answering(session: Session, viewer: Viewer) -> list[Staff]:
    rows = staff_for(viewer).where(col(Staff.disabled_at).is_(None), col(Staff.role).in_(duty.ANSWERING))
    return list(session.exec(rows))


def _may_plan(session: Session, viewer: Viewer, staff: Staff) -> bool:
    return session.exec(staff_for(viewer).where(Staff.id == staff.id)).first() is not None


@blueprint.post("/alerts/duty")
@guarded(Act.STAFF)
def add(viewer: Viewer) -> Response:
    """Put a colleague on duty, by the viewer's clock."""

    def act(session: Session, now: datetime) -> Done:
        here = link("shifts.show")
        staff = session.exec(staff_for(viewer).where(Staff.uid == request.form.get("who", ""))).first()
        rank = request.form.get("rank", "1")
        span = _typed("begins", viewer.zone), _typed("ends", viewer.zone)
        if staff is None or span[0] is None or span[1] is None or rank not in ("1", "2", "3"):
            raise NotDone(_("Say who, from when and until when."), here)
        try:
            shift = duty.add(session, staff, viewer.community_id, (span[0], span[1]), int(rank))
        except Refused as refusal:
            raise NotDone(_("Duty must end after it begins."), here) from refusal
        audit(session, viewer.actor, "duty.add", f"staff:{staff.id}", now, {"shift": shift.id})
        return Done(_("The shift is noted."), here)

    return once(viewer, act)


@blueprint.post("/alerts/duty/remove")
@guarded(Act.STAFF)
def remove(viewer: Viewer) -> Response:
    """Take a shift off the list."""

    def act(session: Session, now: datetime) -> Done:
        written = request.form.get("shift", "")
        found = [
            shift
            for shift, staff in duty.shifts_from(session, now)
            if str(shift.id) == written and _may_plan(session, viewer, staff)
        ]
        if not found:
            raise Hidden
        duty.remove(session, found[0].id or 0)
        audit(session, viewer.actor, "duty.remove", f"shift:{written}", now)
        return Done(_("The shift is off the list."), link("shifts.show"))

    return once(viewer, act)


@blueprint.post("/alerts/duty/phone")
@guarded(Act.CARE)
def phone(viewer: Viewer) -> Response:
    """One's own phone for urgent alerts."""

    def act(session: Session, now: datetime) -> Done:
        here = link("shifts.show")
        try:
            number = parse_number(request.form.get("phone", ""))
        except NumberRefused as refusal:
            raise NotDone(_("This is no number that can be texted. Write all ten digits."), here) from refusal
        if is_own_line(session, number):
            raise NotDone(_("This is one of our own lines. Give your own phone."), here)
        duty.set_phone(session, session.get_one(Staff, viewer.staff_id), number)
        audit(session, viewer.actor, "staff.phone", f"staff:{viewer.staff_id}", now)
        return Done(_("Urgent alerts go to this phone now."), here)

    return once(viewer, act)


def _typed(name: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(request.form.get(name, "")).replace(tzinfo=zone)
    except ValueError:
        return None
