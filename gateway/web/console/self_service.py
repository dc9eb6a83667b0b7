"""Changing one's own account: password, name, phone and time zone, new recovery codes.

What could lock the owner out or let somebody in asks for the present password, and wrong ones count as at sign-in.
"""

from datetime import datetime

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from gateway.db import Session
from gateway.models import Staff, TryResult
from gateway.people import fields
from gateway.people.access import Act, Viewer
from gateway.people.directory import house_key
from gateway.people.staff import accounts, passwords, second_factor, tries
from gateway.privacy.audit import audit
from gateway.sms.numbers import last_digits
from gateway.web import words
from gateway.web.console import browsers
from gateway.web.console.account import blueprint
from gateway.web.console.guard import guarded, signed_in
from gateway.web.console.once import Done, once
from gateway.web.console.second_factor import in_groups
from gateway.web.console.typed import Typed
from gateway.web.console.welcome import own_words, password_fault
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link


@blueprint.get("/account/settings")
@guarded(Act.SIGN_IN)
def settings(viewer: Viewer) -> ResponseReturnValue:
    with current_gateway().db.reading() as session:
        staff = session.get_one(Staff, viewer.staff_id)
        name = session.open(staff, "name_sealed") if staff.name_sealed else ""
    return _settings_page(viewer, Typed({"name": name, "timezone": viewer.zone.key}))


@blueprint.post("/account/settings")
@guarded(Act.SIGN_IN)
def save_settings(viewer: Viewer) -> ResponseReturnValue:
    """An empty phone leaves the one that is known; the box forgets it."""
    typed, countries = Typed(), current_gateway().content.charter.countries
    name, zone = typed.take("name", fields.read_name), typed.take("timezone", fields.read_zone)
    is_given = bool(request.form.get("phone", "").strip())
    phone = typed.take("phone", lambda text: fields.read_phone(text, countries)) if is_given else None
    if typed.faults or not name or not zone:
        return _settings_page(viewer, typed)

    def act(session: Session, now: datetime) -> Done:
        staff, key_uid = session.get_one(Staff, viewer.staff_id), house_key(session)
        staff.timezone = zone
        session.seal(staff, "name_sealed", name, key_uid)
        if phone:
            session.seal(staff, "phone_sealed", phone, key_uid)
        elif request.form.get("forget"):
            staff.phone_sealed = None
        session.add(staff)
        audit(session, viewer.actor, "staff.change", f"staff:{viewer.staff_id}", now, {"phone": is_given})
        return Done(_("Saved."), link("account.show"))

    return once(viewer, act)


def _settings_page(viewer: Viewer, typed: Typed) -> ResponseReturnValue:
    with current_gateway().db.reading() as session:
        staff = session.get_one(Staff, viewer.staff_id)
        known = last_digits(session.open(staff, "phone_sealed")) if staff.phone_sealed else ""
    page = render_template("console/account-settings.html", typed=typed, known=known)
    return make_response(page, 422 if typed.faults else 200)


@blueprint.get("/account/password")
@guarded(Act.SIGN_IN)
def password(_viewer: Viewer) -> ResponseReturnValue:
    return _password_page({})


@blueprint.post("/account/password")
@guarded(Act.SIGN_IN)
def change_password(viewer: Viewer) -> ResponseReturnValue:
    """Every other browser is signed out. The hashes are made between transactions: they take long."""
    gateway, new = current_gateway(), request.form.get("password", "")
    if refused := _refuse_present(viewer):
        return _password_page({"present": refused})
    with gateway.db.reading() as session:
        own = own_words(session, session.get_one(Staff, viewer.staff_id))
    if fault := password_fault(new, request.form.get("again", ""), own):
        return _password_page({"password": fault})
    hashed, now, who = passwords.hash_of(new), gateway.clock.now(), signed_in()

    def act(session: Session, _now: datetime) -> Done:
        staff = session.get_one(Staff, viewer.staff_id)
        accounts.set_password(session, staff, hashed, now, keep=who.fresh(session) if who else None)
        audit(session, viewer.actor, "password.change", f"staff:{viewer.staff_id}", now)
        return Done(_("Your password is changed. Other browsers are signed out."), link("account.show"))

    return once(viewer, act)


@blueprint.get("/account/recovery-codes")
@guarded(Act.SIGN_IN)
def recovery_codes(_viewer: Viewer) -> ResponseReturnValue:
    return _codes_page("")


@blueprint.post("/account/recovery-codes")
@guarded(Act.SIGN_IN)
def new_recovery_codes(viewer: Viewer) -> ResponseReturnValue:
    """Ten fresh codes on this answer itself, since nobody can read them later; the old ones are gone."""
    gateway, now = current_gateway(), current_gateway().clock.now()
    if refused := _refuse_present(viewer):
        return _codes_page(refused)
    with gateway.db.transaction() as session:
        credential = accounts.credential_of(session, session.get_one(Staff, viewer.staff_id))
        codes = (
            second_factor.new_recovery_codes(session, viewer.staff_id, now) if credential.totp_sealed else []
        )
        audit(session, viewer.actor, "recovery_codes.new", f"staff:{viewer.staff_id}", now)
    if not codes:
        return _codes_page(_("Set up a second factor first; its codes come with it."))
    return render_template("console/recovery-codes.html", codes=[in_groups(code) for code in codes])


def _refuse_present(viewer: Viewer) -> str:
    """Why the present password is not taken; empty when it is right. Wrong ones count together with those at the door."""
    gateway, now = current_gateway(), current_gateway().clock.now()
    with gateway.db.transaction() as session:
        staff = session.get_one(Staff, viewer.staff_id)
        guess = tries.begin(session, session.open(staff, "email_sealed"), browsers.address(), now)
        credential = accounts.credential_of(session, staff)
        hashed = session.open(credential, "password_sealed") if credential.password_sealed else None
    if guess.wait_until:
        again = words.time_of_day(guess.wait_until, viewer.zone)
        return _("There were too many tries. You can try again at %(time)s.", time=again)
    is_right = passwords.matches(request.form.get("present", ""), hashed)
    with gateway.db.transaction() as session:
        if is_right:
            tries.conclude(session, guess, TryResult.WHOLE)
        else:
            audit(session, viewer.actor, "password.wrong", f"staff:{viewer.staff_id}", now)
    return "" if is_right else _("This is not your present password.")


def _password_page(faults: dict[str, str]) -> ResponseReturnValue:
    page = render_template("console/account-password.html", faults=faults, shortest=passwords.SHORTEST)
    return make_response(page, 422 if faults else 200)


def _codes_page(fault: str) -> ResponseReturnValue:
    return make_response(render_template("console/account-codes.html", fault=fault), 422 if fault else 200)
