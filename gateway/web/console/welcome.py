"""The page behind an invitation or a reset link: set a password. It signs nobody in, so it never goes round a second factor."""

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from gateway.db import Session
from gateway.models import Staff
from gateway.people.staff import accounts, links, passwords
from gateway.people.staff.passwords import Weakness
from gateway.privacy.audit import audit
from gateway.web.console.sign_in import Notice, to_door
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _

blueprint = Blueprint("welcome", __name__)


@dataclass(frozen=True)
class Invited:
    """Whom a link lets in."""

    email: str
    own: list[str]


@blueprint.get("/welcome/<token>")
def show(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing: programs that look at mail open links too."""
    found = _holder(token)
    return _page(found.email) if found else _gone()


@blueprint.post("/welcome/<token>")
def set_password(token: str) -> ResponseReturnValue:
    gateway, now = current_gateway(), current_gateway().clock.now()
    found = _holder(token)
    if found is None:
        return _gone()
    password = request.form.get("password", "")
    if fault := password_fault(password, request.form.get("again", ""), found.own):
        return _page(found.email, fault)
    hashed = passwords.hash_of(password)  # long, so before the transaction
    with gateway.db.transaction() as session:
        held = links.holder(session, token, now)
        if held is None:
            return _gone()
        row, staff = held
        accounts.set_password(session, staff, hashed, now)
        audit(session, f"staff:{staff.uid}", f"password.{row.kind}", f"staff:{staff.id}", now)
    return to_door(Notice.PASSWORD_SET)


def password_fault(password: str, again: str, own: list[str]) -> str:
    """Why this password will not do, as a sentence; empty when it will."""
    sentences = {
        Weakness.SHORT: _(
            "Use at least %(num)d characters. A few words in a row do well.", num=passwords.SHORTEST
        ),
        Weakness.LONG: _("Use at most %(num)d characters.", num=passwords.LONGEST),
        Weakness.COMMON: _("This one would be guessed early. Take words that do not belong together."),
        Weakness.OWN_NAME: _("Leave your own name and address out of it."),
    }
    weakness = passwords.weakness_of(password, own)
    if weakness:
        return sentences[weakness]
    return "" if password == again else _("The two are not the same. Type it once more.")


def own_words(session: Session, staff: Staff) -> list[str]:
    """The names that a password of this person must not lean on: address, name, and what the program is called."""
    name = session.open(staff, "name_sealed") if staff.name_sealed else ""
    return [session.open(staff, "email_sealed"), name, *current_gateway().content.charter.name.values()]


def _holder(token: str) -> Invited | None:
    gateway = current_gateway()
    with gateway.db.reading() as session:
        held = links.holder(session, token, gateway.clock.now())
        return Invited(session.open(held[1], "email_sealed"), own_words(session, held[1])) if held else None


def _page(email: str, fault: str = "") -> ResponseReturnValue:
    page = render_template("console/welcome.html", email=email, fault=fault, shortest=passwords.SHORTEST)
    return make_response(page, 422 if fault else 200)


def _gone() -> ResponseReturnValue:
    return make_response(render_template("console/gone.html"), 410)
