"""Signing in and out: e-mail and password, then the second factor.

A refusal is the same, and takes as long, whether the account exists or not. Who guesses too often waits.
"""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import flask
from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from gateway.models import Staff, TryResult
from gateway.people.staff import accounts, passwords, second_factor, sessions, tries
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console import browsers, nav, threshold
from gateway.web.console.guard import SignedIn, Standing, go, local_path, remember, signed_in
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

blueprint = Blueprint("sign_in", __name__)
NOTICE = "notice"


class Notice(StrEnum):
    """What the sign-in page says to somebody who comes from elsewhere in the console."""

    SIGNED_OUT = "signed_out"
    PASSWORD_SET = "password_set"  # noqa: S105 - a word, not a password


@blueprint.get("/sign-in")
def show() -> ResponseReturnValue:
    if threshold.is_from_elsewhere():
        return threshold.page()
    who = signed_in()
    if who and who.standing is Standing.WHOLE:
        return go(_next_page() or nav.way_in(who))
    return _page("sign-in.html")


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """The hash is checked between two transactions: it takes long, and nobody else may wait for it."""
    gateway, now = current_gateway(), current_gateway().clock.now()
    email, password = request.form.get("email", ""), request.form.get("password", "")
    with gateway.db.transaction() as session:
        guess = tries.begin(session, email, browsers.address(), now)
        staff = accounts.find(session, email)
        credential = accounts.credential_of(session, staff) if staff and not staff.disabled_at else None
        hashed = (
            session.open(credential, "password_sealed") if credential and credential.password_sealed else None
        )
    if guess.wait_until:
        return _must_wait("sign-in.html", guess.wait_until, now)
    if not passwords.matches(password, hashed) or staff is None or credential is None:
        _note_wrong(staff, "sign_in.wrong", now)
        return _page("sign-in.html", 422, fault=_("This address and this password do not belong together."))
    with gateway.db.transaction() as session:
        if old := signed_in():
            sessions.end(session, old.fresh(session), now)
        row, token = sessions.begin(session, staff, browsers.device(), now)
        has_more = credential.totp_sealed is not None
        tries.conclude(session, guess, TryResult.HALF if has_more else TryResult.WHOLE)
        audit(
            session, f"staff:{staff.uid}", "sign_in.password", f"staff:{staff.id}", now, {"session": row.uid}
        )
    remember(token)
    return go(link("sign_in.code", next=_next_page()) if has_more else _next_page() or link("home.home"))


@blueprint.get("/sign-in/code")
def code() -> ResponseReturnValue:
    who = _half_way()
    return _page("code.html") if who else go(link("sign_in.show", next=_next_page()))


@blueprint.post("/sign-in/code")
def confirm() -> ResponseReturnValue:
    """The second factor. Wrong codes and wrong passwords count together."""
    gateway, now = current_gateway(), current_gateway().clock.now()
    who = _half_way()
    if who is None:
        return go(link("sign_in.show", next=_next_page()))
    with gateway.db.transaction() as session:
        guess = tries.begin(session, session.open(who.staff, "email_sealed"), browsers.address(), now)
        credential = accounts.credential_of(session, who.staff)
        given = request.form.get("code", "")
        is_right = not guess.wait_until and second_factor.is_right(session, credential, given, now)
        if is_right:
            token = sessions.pass_second_factor(session, who.fresh(session), now)
            tries.conclude(session, guess, TryResult.WHOLE)
            audit(
                session,
                who.viewer.actor,
                "sign_in.code",
                f"staff:{who.staff.id}",
                now,
                {"session": who.row.uid},
            )
    if guess.wait_until:
        return _must_wait("code.html", guess.wait_until, now)
    if not is_right:
        _note_wrong(who.staff, "sign_in.wrong_code", now)
        return _page(
            "code.html",
            422,
            fault=_("This code is not right, or it was used already. Wait for the next one."),
        )
    remember(token)
    return go(_next_page() or link("home.home"))


@blueprint.post("/sign-out")
def leave() -> Response:
    who, now = signed_in(), current_gateway().clock.now()
    if who:
        with current_gateway().db.transaction() as session:
            sessions.end(session, who.fresh(session), now)
            audit(
                session, who.viewer.actor, "sign_out", f"staff:{who.staff.id}", now, {"session": who.row.uid}
            )
    flask.session.clear()
    return to_door(Notice.SIGNED_OUT)


def to_door(notice: Notice) -> Response:
    """The sign-in page, with a word about why."""
    flask.session[NOTICE] = notice.value
    return go(link("sign_in.show"))


def _half_way() -> SignedIn | None:
    who = signed_in()
    return who if who and who.standing is Standing.CODE_AWAITED else None


def _next_page() -> str | None:
    return local_path(request.values.get("next", ""))


def _note_wrong(staff: Staff | None, action: str, now: datetime) -> None:
    """Noted for accounts that do not exist as well: the time that an answer takes tells nothing."""
    with current_gateway().db.transaction() as session:
        audit(session, "console", action, f"staff:{staff.id if staff else 'unknown'}", now)


def _must_wait(template: str, until: datetime, now: datetime) -> Response:
    zone = ZoneInfo(current_gateway().content.charter.timezone)
    again = _(
        "There were too many tries. You can try again at %(time)s.", time=words.time_of_day(until, zone)
    )
    response = _page(template, 429, fault=again)
    response.headers["Retry-After"] = str(int((until - now).total_seconds()) + 1)
    return response


def _page(template: str, status: int = 200, fault: str = "") -> Response:
    notice = flask.session.pop(NOTICE, None)
    said = {
        Notice.SIGNED_OUT: _("You are signed out."),
        Notice.PASSWORD_SET: _("Your password is set. Sign in with it."),
    }
    return make_response(
        render_template(
            f"console/{template}",
            fault=fault,
            notice=said.get(notice, ""),
            email=request.form.get("email", ""),
            next_page=_next_page() or "",
        ),
        status,
    )
