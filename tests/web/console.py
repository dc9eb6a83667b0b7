"""The staff of the tests, each at a browser of their own, who sign in through the real forms when a page asks for it.

    ruth.opens("/today")                                     a page, as TestResponse
    ruth.sends("/account", "/account/language", language="fr")   the form with that action, as the page carries it

Ruth looks after Maya and Ben; Kim has another caseload in the same community, Sam serves another community; Ann is the
admin there, Otto the auditor, Olga the owner; Dan has left.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlmodel import col, select
from werkzeug.test import TestResponse

from gateway.app import create_app
from gateway.clock import Clock
from gateway.db import Session
from gateway.models import AuditEntry, Community, Match, Staff, StaffRole
from gateway.people.directory import community_named, house_key
from gateway.people.staff import accounts, passwords
from gateway.people.staff.accounts import NewStaff
from gateway.runtime import Gateway
from tests.web.forms import Form, forms_of

PASSWORD = "heron under the porch"
HERE, ELSEWHERE = "here", "elsewhere"  # HERE is the community of the first match, when there is one
CAST = {
    "ruth": (StaffRole.COORDINATOR, HERE),
    "kim": (StaffRole.COORDINATOR, HERE),
    "sam": (StaffRole.COORDINATOR, ELSEWHERE),
    "ann": (StaffRole.ADMIN, HERE),
    "abe": (StaffRole.ADMIN, ELSEWHERE),
    "otto": (StaffRole.AUDITOR, HERE),
    "olga": (StaffRole.OWNER, None),
    "dan": (StaffRole.COORDINATOR, HERE),
}


class Place(Protocol):
    """A gateway to work at; any test's world is one."""

    gateway: Gateway

    @property
    def clock(self) -> Clock: ...


@dataclass
class Seat:
    """One member of staff at one browser."""

    place: Place
    client: FlaskClient
    name: str
    email: str
    staff_id: int
    secret: str | None = None
    is_in: bool = False

    def signs_in(self, password: str = PASSWORD) -> TestResponse:
        """Both steps, through the forms. The clock moves on a little, since a code is good once."""
        answer = self.fills("/sign-in", "/sign-in", email=self.email, password=password)
        if self.secret and answer.headers.get("Location", "").startswith("/sign-in/code"):
            answer = self.fills(answer.headers["Location"], "/sign-in/code", code=self.code())
        self.is_in = True
        return answer

    def code(self) -> str:
        """The next code that this person's phone shows."""
        self.place.clock.wait(30)
        return pyotp.TOTP(self.secret or "").at(self.place.clock.now())

    def opens(self, path: str) -> TestResponse:
        """A page, after signing in when that has not happened yet."""
        if not self.is_in:
            self.signs_in()
        return self.client.get(path)

    def sends(self, page: str, action: str, **typed: str) -> TestResponse:
        """Open a page, fill in the form that goes to `action`, send it."""
        if not self.is_in:
            self.signs_in()
        return self.fills(page, action, **typed)

    def fills(self, page: str, action: str, **typed: str) -> TestResponse:
        """The same without signing in first."""
        return self.client.post(action, data=self.form(page, action).fields | typed)

    def form(self, page: str, action: str) -> Form:
        """The form of a page that goes to `action`, with its hidden fields."""
        found = forms_of(self.client.get(page).text)
        return next(form for form in found if (form.action or page) == action and form.method == "post")

    def follows(self, answer: TestResponse) -> str:
        """The page that an answer sends to."""
        assert answer.status_code == 303, (answer.status_code, answer.text)
        return self.client.get(answer.headers["Location"]).text

    def acts(self) -> list[str]:
        """What the audit says this person did, in order."""
        with self.place.gateway.db.reading() as session:
            uid = session.get_one(Staff, self.staff_id).uid
            entries = select(AuditEntry.action).where(AuditEntry.actor == f"staff:{uid}")
            return list(session.exec(entries.order_by(col(AuditEntry.id))))


@dataclass
class Office:
    """Everybody's seats at one gateway."""

    place: Place
    app: Flask
    seats: dict[str, Seat] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Seat:
        try:
            return self.seats[name]
        except KeyError:
            raise AttributeError(name) from None

    def another_browser(self, name: str) -> Seat:
        """The same person at a second browser, not signed in there."""
        seat = self.seats[name]
        return Seat(self.place, self.app.test_client(), name, seat.email, seat.staff_id, seat.secret)


class KnownTemplates(BytecodeCache):
    """Templates are compiled once for all the applications of a test run."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = KnownTemplates()


def open_app(gateway: Gateway) -> Flask:
    """The application of this gateway, as it is served."""
    app = create_app(gateway)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def open_office(place: Place, app: Flask | None = None) -> Office:
    """Hire the cast, give Ruth every match that is there, and let Dan go."""
    office = Office(place, app or open_app(place.gateway))
    with place.gateway.db.transaction() as session:
        here = session.exec(select(Community.slug).join(Match).order_by(col(Match.id))).first() or HERE
        for name, (role, slug) in CAST.items():
            office.seats[name] = _hire(session, office, name, role, here if slug == HERE else slug)
        for match in session.exec(select(Match)):
            match.coordinator_id = office.ruth.staff_id
            session.add(match)
    return office


def let_go(seat: Seat) -> None:
    """Close this person's account."""
    with seat.place.gateway.db.transaction() as session:
        accounts.disable(session, session.get_one(Staff, seat.staff_id), seat.place.clock.now())


def _hire(session: Session, office: Office, name: str, role: StaffRole, slug: str | None) -> Seat:
    now = office.place.clock.now()
    community = community_named(session, slug, now) if slug else None
    email = f"{name}@example.org"
    staff = accounts.add(
        session, NewStaff(email, role, community.id if community else None, name.capitalize()), now
    )
    assert staff.id
    accounts.set_password(session, staff, _hashed(), now)
    credential = accounts.credential_of(session, staff)
    secret = pyotp.random_base32()
    session.seal(credential, "totp_sealed", secret, house_key(session))
    session.add(credential)
    return Seat(office.place, office.app.test_client(), name, email, staff.id, secret)


@cache
def _hashed() -> str:
    return passwords.hash_of(PASSWORD)
