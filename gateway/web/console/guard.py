"""Who is at the door: the session behind a request, and the decorator without which no page of the console is served."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

import flask
import structlog
from flask import Response, abort, redirect, request

from gateway.db import Session
from gateway.models import Credential, Staff, StaffSession
from gateway.people.access import Act, Viewer, may, viewer_of
from gateway.people.staff import sessions
from gateway.web.console import threshold
from gateway.web.current import current_gateway, current_viewer, let_in
from gateway.web.languages import link

log = structlog.get_logger()
P = ParamSpec("P")
R = TypeVar("R")
TOKEN = "token"  # noqa: S105 - the name under which Flask's signed cookie holds it
CODE_WITHIN = timedelta(minutes=10)
LONGEST_PATH = 400
_acts: dict[Callable[..., Any], Act] = {}


class Standing(StrEnum):
    """How far a sign-in has come."""

    CODE_AWAITED = "code_awaited"  # the password was right; the second factor comes next
    SETUP_AWAITED = "setup_awaited"  # there must be a second factor, and there is none yet
    WHOLE = "whole"


@dataclass(frozen=True)
class SignedIn:
    """The session of this request and its owner."""

    row: StaffSession
    staff: Staff
    viewer: Viewer
    standing: Standing

    def fresh(self, session: Session) -> StaffSession:
        """The session's row as it is now, to be changed: it may have ended since this request began."""
        return session.get_one(StaffSession, self.row.id)


def guarded(
    act: Act, *, before_second_factor: bool = False
) -> Callable[[Callable[Concatenate[Viewer, P], R]], Callable[P, R | Response]]:
    """Let in only staff whose role may do `act`, signed in whole; the view gets the Viewer as its first argument.

    Everybody else: nobody signed in is sent to sign in, a role that may not gets 403.
    """

    def decorate(view: Callable[Concatenate[Viewer, P], R]) -> Callable[P, R | Response]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            who = signed_in()
            if who is None:
                return to_sign_in()
            if who.standing is Standing.CODE_AWAITED:
                return go(link("sign_in.code"))
            if who.standing is Standing.SETUP_AWAITED and not before_second_factor:
                return go(link("second_factor.show"))
            let_in(who.viewer)
            if not may(who.viewer, act):
                log.warning("not_allowed", route=request.endpoint, staff=who.viewer.uid)
                abort(403)
            return view(who.viewer, *args, **kwargs)

        _acts[checked] = act
        return checked

    return decorate


def act_of(view: Callable[..., Any]) -> Act | None:
    """What a view asks for; None when it has no guard."""
    return _acts.get(view)


def signed_in() -> SignedIn | None:
    """Whose browser this is. Reads the database once a request, and not at all without a cookie."""
    if "signed_in" not in flask.g:
        token = flask.session.get(TOKEN)
        flask.g.signed_in = _look_up(token) if isinstance(token, str) else None
    return cast(SignedIn | None, flask.g.signed_in)


def recognise() -> Viewer | None:
    """Who is looking at a page without a guard, an error's page; only somebody who is signed in whole is taken for staff."""
    if current_viewer() is None and (who := signed_in()) and who.standing is Standing.WHOLE:
        let_in(who.viewer)
    return current_viewer()


def _look_up(token: str) -> SignedIn | None:
    gateway = current_gateway()
    now, idle = gateway.clock.now(), timedelta(minutes=gateway.settings.gateway_idle_minutes)
    with gateway.db.reading() as session:
        found = sessions.find(session, token, idle, now)
        who = found and _signed_in(session, *found, now)
    if who and sessions.is_stale(who.row, now):
        with gateway.db.transaction() as session:
            sessions.touch(session, who.row, now)
    return who


def _signed_in(session: Session, row: StaffSession, staff: Staff, now: datetime) -> SignedIn | None:
    credential = session.get(Credential, row.staff_id)
    standing = _standing(row, has_second_factor=bool(credential and credential.totp_sealed))
    if standing is Standing.CODE_AWAITED and now > row.made_at + CODE_WITHIN:
        return None
    return SignedIn(row, staff, viewer_of(session, staff), standing)


def _standing(row: StaffSession, *, has_second_factor: bool) -> Standing:
    if row.second_factor_at:
        return Standing.WHOLE
    if has_second_factor:
        return Standing.CODE_AWAITED
    is_required = current_gateway().settings.gateway_second_factor == "required"
    return Standing.SETUP_AWAITED if is_required else Standing.WHOLE


def remember(token: str) -> None:
    """Give the browser a fresh cookie; nothing that was in the old one stays, its CSRF token neither."""
    flask.session.clear()
    flask.session[TOKEN] = token


def to_sign_in() -> Response:
    """Off to sign in, and afterwards back to this page, or to the one whose form was sent."""
    if threshold.is_from_elsewhere():
        return threshold.page()
    here = request.full_path.rstrip("?") if request.method == "GET" else urlsplit(request.referrer or "").path
    return go(link("sign_in.show", next=local_path(here)))


def go(path: str) -> Response:
    """See another page (303: with GET, whatever this request was)."""
    return cast(Response, redirect(path, 303))


def local_path(text: str) -> str | None:
    """`text` when it is a path on this site and nothing else (no open redirect), else None."""
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if is_path and text.isprintable() and len(text) <= LONGEST_PATH else None
