"""One's own second factor: shown as a square code and as letters to type, set with its first code."""

import segno
from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from gateway.db import Session
from gateway.models import Credential
from gateway.people.access import Act, Viewer
from gateway.people.staff import accounts, second_factor, sessions
from gateway.privacy.audit import audit
from gateway.web.console.guard import SignedIn, guarded, remember, signed_in
from gateway.web.current import current_gateway
from gateway.web.languages import current_language
from gateway.web.languages import gettext as _

blueprint = Blueprint("second_factor", __name__)
GROUP = 4


@blueprint.get("/account/second-factor")
@guarded(Act.SIGN_IN, before_second_factor=True)
def show(viewer: Viewer) -> ResponseReturnValue:
    return _page(viewer)


@blueprint.post("/account/second-factor")
@guarded(Act.SIGN_IN, before_second_factor=True)
def confirm(viewer: Viewer) -> ResponseReturnValue:
    """Set it with the first code. The recovery codes are on the answer itself, since nobody can read them later."""
    gateway, now, who = current_gateway(), current_gateway().clock.now(), _who()
    with gateway.db.transaction() as session:
        credential = accounts.credential_of(session, who.staff)
        if credential.totp_sealed:
            codes = None
        else:
            row = who.fresh(session)
            codes = second_factor.set_up(session, credential, row, request.form.get("code", ""), now)
        if codes:
            token = sessions.pass_second_factor(session, row, now)
            audit(session, viewer.actor, "second_factor.set", f"staff:{viewer.staff_id}", now)
    if not codes:
        return _page(viewer, _("This code is not right. Check the phone’s clock, and type the newest code."))
    remember(token)
    return render_template("console/recovery-codes.html", codes=[in_groups(code) for code in codes])


def _page(viewer: Viewer, fault: str = "") -> ResponseReturnValue:
    with current_gateway().db.transaction() as session:
        credential = accounts.credential_of(session, _who().staff)
        if credential.totp_sealed:
            return _page_when_set(session, credential)
        secret = second_factor.pending_secret(session, _who().fresh(session))
        account = session.open(_who().staff, "email_sealed")
    issuer = current_gateway().content.charter.name.get(current_language(), "Passerelle")
    square = segno.make(second_factor.address_for(secret, account, issuer), error="m", micro=False)
    page = render_template(
        "console/second-factor.html",
        square=square.svg_inline(omitsize=True, svgclass="square", lineclass=None, border=2),
        secret=in_groups(secret.lower()),
        fault=fault,
    )
    return make_response(page, 422 if fault else 200)


def _page_when_set(session: Session, credential: Credential) -> str:
    left = second_factor.codes_left(session, credential.staff_id)
    return render_template("console/second-factor-set.html", codes_left=left)


def _who() -> SignedIn:
    who = signed_in()
    assert who is not None, "the guard let somebody in"
    return who


def in_groups(letters: str) -> str:
    """Easier to read and type; the blanks do not count."""
    return " ".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
