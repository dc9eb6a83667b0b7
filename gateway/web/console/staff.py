"""Colleagues: who there is and with how many matches, inviting, new links, closing an account.

A link is handed over, or goes by e-mail where there is a mail server; never by e-mail when the second factor is taken off
with it, since whoever reads the mail would be in.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import Community, Match, MatchState, Staff, StaffRole, TokenKind
from gateway.people import fields
from gateway.people.access import Act, Hidden, Viewer, staff_for
from gateway.people.directory import Refused
from gateway.people.staff import accounts, links, tries
from gateway.people.staff.accounts import NewStaff
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console import link_letters
from gateway.web.console.guard import guarded
from gateway.web.console.link_letters import Addressee
from gateway.web.console.matching import saying
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.typed import Typed
from gateway.web.current import current_gateway
from gateway.web.languages import LANGUAGES, link
from gateway.web.languages import gettext as _
from gateway.web.words import Said

blueprint = Blueprint("staff", __name__)


@dataclass(frozen=True)
class Row:
    """One colleague."""

    uid: str
    name: str
    email: str
    role: str
    matches: int
    state: Said
    is_open: bool
    is_self: bool


@blueprint.get("/staff")
@guarded(Act.STAFF)
def index(viewer: Viewer) -> str:
    with current_gateway().db.transaction() as session:
        found = session.exec(
            staff_for(viewer).order_by(col(Staff.disabled_at).is_not(None), col(Staff.id))
        ).all()
        carried = _caseloads(session)
        rows = [_row(session, viewer, row, carried.get(row.id, 0)) for row in found]
        now = current_gateway().clock.now()
        audit(session, viewer.actor, "staff.list", "staff", now, {"count": len(rows)})
    return render_template("console/staff.html", rows=rows)


@blueprint.get("/staff/new")
@guarded(Act.STAFF)
def new(viewer: Viewer) -> ResponseReturnValue:
    return _new_page(viewer, Typed())


@blueprint.post("/staff/new")
@guarded(Act.STAFF)
def invite(viewer: Viewer) -> ResponseReturnValue:
    """Add a colleague. The link is on this answer only: whoever lost it asks for a new one, and the old stops working."""
    typed, gateway = Typed(), current_gateway()
    name = typed.take("name", fields.read_name)
    for field in ("email", "role", "language", "community"):
        typed.values[field] = request.form.get(field, "").strip()
    if typed.values["role"] not in [role.value for role in roles_for(viewer)]:
        typed.faults["role"] = _("Choose one of these.")
    if typed.faults:
        return _new_page(viewer, typed)
    role, now = StaffRole(typed.values["role"]), gateway.clock.now()
    language = typed.values["language"] if typed.values["language"] in LANGUAGES else LANGUAGES[0]
    zone = gateway.content.charter.timezone
    try:
        with gateway.db.transaction() as session:
            community_id = _community(session, viewer, role, typed.values["community"])
            person = NewStaff(typed.values["email"], role, community_id, name, None, language, zone)
            row = accounts.add(session, person, now)
            token = links.make(session, row, TokenKind.INVITATION, now)
            to = link_letters.addressee(session, row) if _by_mail() else None
            facts = {"role": role.value, "by_mail": to is not None}
            audit(session, viewer.actor, "staff.add", f"staff:{row.id}", now, facts)
    except Refused:
        typed.faults["email"] = _("This is no e-mail address, or somebody on the staff has it already.")
        return _new_page(viewer, typed)
    return _link_page(viewer, token, TokenKind.INVITATION, to)


@blueprint.post("/staff/<uid>/link")
@guarded(Act.STAFF)
def new_link(viewer: Viewer, uid: str) -> str:
    """A new link to set a password; every older one stops working. Make sure first who is asking."""
    gateway, now = current_gateway(), current_gateway().clock.now()
    forget = request.form.get("second_factor") == "yes"
    with gateway.db.transaction() as session:
        row = _colleague(session, viewer, uid)
        if row.disabled_at:
            raise Hidden
        has_password = accounts.credential_of(session, row).password_sealed is not None
        kind = TokenKind.RESET if has_password else TokenKind.INVITATION
        token = links.make(session, row, kind, now)
        tries.forgive(session, session.open(row, "email_sealed"))
        if forget:
            accounts.forget_second_factor(session, row)
        to = link_letters.addressee(session, row) if _by_mail() and not forget else None
        facts = {"second_factor": forget, "by_mail": to is not None}
        audit(session, viewer.actor, "staff.reset", f"staff:{row.id}", now, facts)
    return _link_page(viewer, token, kind, to)


@blueprint.get("/staff/<uid>")
@guarded(Act.STAFF)
def show(viewer: Viewer, uid: str) -> str:
    with current_gateway().db.transaction() as session:
        found = _colleague(session, viewer, uid)
        row = _row(session, viewer, found, _caseloads(session).get(found.id, 0))
        has_factor = accounts.credential_of(session, found).totp_sealed is not None
        since = saying.day(found.created_at.astimezone(viewer.zone).date())
        now = current_gateway().clock.now()
        audit(session, viewer.actor, "staff.read", f"staff:{found.id}", now)
    return render_template(
        "console/colleague.html",
        row=row,
        has_factor=has_factor,
        since=since,
        has_mail=link_letters.can_be_sent(),
    )


@blueprint.post("/staff/<uid>/disable")
@guarded(Act.STAFF)
def disable(viewer: Viewer, uid: str) -> Response:
    """Close an account: whoever is signed in with it is signed out at once."""

    def act(session: Session, now: datetime) -> Done:
        row = _colleague(session, viewer, uid)
        if row.id == viewer.staff_id:
            raise NotDone(_("You cannot close your own account. Ask a colleague."), link("staff.index"))
        accounts.disable(session, row, now)
        audit(session, viewer.actor, "staff.disable", f"staff:{row.id}", now)
        left = _caseloads(session).get(row.id, 0)
        said = _("The account is closed.")
        if left:
            said += " " + _("Hand its matches over: %(num)d are in its care.", num=left)
        return Done(said, link("staff.index"))

    return once(viewer, act)


def roles_for(viewer: Viewer) -> list[StaffRole]:
    """Whom this viewer may invite: nobody makes a role that is above their own."""
    own = [StaffRole.COORDINATOR, StaffRole.ADMIN, StaffRole.AUDITOR]
    return [*own, StaffRole.OWNER] if viewer.role is StaffRole.OWNER else own


def _colleague(session: Session, viewer: Viewer, uid: str) -> Staff:
    found = session.exec(staff_for(viewer).where(Staff.uid == uid)).first()
    if found is None:
        raise Hidden
    return found


def _caseloads(session: Session) -> dict[int | None, int]:
    """Open matches by coordinator."""
    counted = session.exec(
        select(Match.coordinator_id, func.count())
        .where(Match.state != MatchState.CLOSED)
        .group_by(col(Match.coordinator_id))
    )
    return dict(counted.all())


def _row(session: Session, viewer: Viewer, row: Staff, matches: int) -> Row:
    has_password = accounts.credential_of(session, row).password_sealed is not None
    state = Said(_("invited"), "wait") if not has_password else Said(_("well"), "good")
    email = session.open(row, "email_sealed")
    return Row(
        uid=row.uid,
        name=words.visible(session.open(row, "name_sealed")) if row.name_sealed else email,
        email=email,
        role=words.staff_role(row.role),
        matches=matches,
        state=Said(_("account closed"), "bad") if row.disabled_at else state,
        is_open=row.disabled_at is None,
        is_self=row.id == viewer.staff_id,
    )


def _community(session: Session, viewer: Viewer, role: StaffRole, uid: str) -> int | None:
    if role is StaffRole.OWNER:
        return None
    if viewer.community_id is not None:
        return viewer.community_id
    found = session.exec(select(Community.id).where(Community.uid == uid)).first()
    if found is None:
        raise Hidden
    return found


def _new_page(viewer: Viewer, typed: Typed) -> ResponseReturnValue:
    communities: list[tuple[str, str]] = []
    if viewer.community_id is None:
        with current_gateway().db.reading() as session:
            found = session.exec(select(Community.uid, Community.name).order_by(col(Community.name))).all()
        communities = [(uid, words.visible(name)) for uid, name in found]
    page = render_template(
        "console/staff-new.html",
        typed=typed,
        roles=[(role.value, words.staff_role(role)) for role in roles_for(viewer)],
        languages=[(code, words.language_name(code)) for code in LANGUAGES],
        communities=communities,
        has_mail=link_letters.can_be_sent(),
    )
    return make_response(page, 422 if typed.faults else 200)


def _by_mail() -> bool:
    return request.form.get("by") == "mail" and link_letters.can_be_sent()


def _link_page(viewer: Viewer, token: str, kind: TokenKind, to: Addressee | None) -> str:
    """What becomes of the link: on its way to `to`, or else here to be handed over."""
    gateway = current_gateway()
    until = gateway.clock.now() + links.GOOD_FOR[kind]
    address = f"{gateway.settings.gateway_public_url}/welcome/{token}"
    is_sent = to is not None and link_letters.post(to, address, until)
    return render_template(
        "console/staff-link.html",
        address=address,
        until=words.moment(until, viewer.zone),
        sent_to=to.email if to and is_sent else "",
        is_refused=to is not None and not is_sent,
        was_wished=_by_mail(),
    )
