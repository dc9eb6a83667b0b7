"""The simulated phones: type on one, read on the other. Only where the network is simulated; nothing is sent for real.

No number stands in an address: a phone is named by its owner's id, a conversation by the id of its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import (
    InboundMessage,
    InboundState,
    Line,
    MaskState,
    Member,
    OutboundMessage,
    OutboundState,
    Participant,
)
from gateway.people.directory import first_name
from gateway.providers.simulator import SimulatedNetwork
from gateway.runtime import Gateway
from gateway.web import words
from gateway.web.current import current_gateway
from gateway.web.handsets import STRANGER, STRANGER_NUMBER, Handset, Owner, handset, owner_of
from gateway.web.languages import gettext as _
from gateway.web.languages import link
from gateway.web.passages import Passage, Tie, passages, ties

MOST_PHONES = 4
MOST_PEOPLE = 24
LONGEST_BODY = 1600
PATIENCE = timedelta(seconds=1.5)
LOOK_SECONDS = 0.05
UNDER_WAY = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.SENT)

blueprint = Blueprint("phones", __name__)


@dataclass(frozen=True)
class Choice:
    """A phone on the page, and the line whose conversation it shows (None: its first)."""

    uid: str
    line_id: int | None = None

    def __str__(self) -> str:
        return self.uid if self.line_id is None else f"{self.uid}.{self.line_id}"


@dataclass(frozen=True)
class Person:
    """Somebody whose phone may be shown."""

    uid: str
    name: str
    role: str
    is_shown: bool


@dataclass(frozen=True)
class Page:
    """All that the page shows."""

    choices: list[Choice]
    handsets: list[Handset]
    ties: list[Tie]
    passages: list[Passage]
    people: list[Person]
    is_under_way: bool

    def address(self, endpoint: str = "phones.show") -> str:
        """The page itself, or a form of it, with the same phones."""
        return link(endpoint, **{"with": [str(choice) for choice in self.choices]})

    def opening(self, uid: str, line_id: int) -> str:
        """The page with another conversation open on one phone."""
        chosen = [Choice(uid, line_id) if choice.uid == uid else choice for choice in self.choices]
        return link("phones.show", **{"with": [str(choice) for choice in chosen]})


@blueprint.get("/phones")
def show() -> str:
    gateway = current_gateway()
    with gateway.db.reading() as session:
        return render_template("phones.html", page=_page(session, gateway, gateway.clock.now()))


@blueprint.post("/phones/send")
def send() -> Response:
    """Type a text on one phone. The network brings it to our own front door, signed like any other."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        owner = _owner(session, request.form.get("phone", ""))
        line = session.get(Line, request.form.get("line", 0, type=int))
    if line is None:
        abort(400)
    body = request.form.get("body", "").replace("\r\n", "\n")
    if len(body) > LONGEST_BODY:
        abort(413)
    if body:
        _network(gateway).text(owner.number, line.number, body)
    settled = _wait_until_settled(gateway, owner.number)
    return _back(is_under_way=not settled)


@blueprint.post("/phones/signal")
def signal() -> Response:
    """Take a phone out of coverage, or bring it back."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        owner = _owner(session, request.form.get("phone", ""))
    is_on = request.form.get("on") == "yes"
    _network(gateway).weather.coverage(owner.number, is_on)
    return _back(is_under_way=is_on)


def _network(gateway: Gateway) -> SimulatedNetwork:
    return cast(SimulatedNetwork, gateway.provider)


def _back(*, is_under_way: bool) -> Response:
    """See the same phones again; when something is still under way, the page says so and offers another look.

    It does not reload by itself: that would wipe what somebody is typing, and trips up screen readers (WCAG F41).
    """
    moving: dict[str, object] = {"moving": 1} if is_under_way else {}
    return cast(
        Response, redirect(link("phones.show", **{"with": request.args.getlist("with")}, **moving), 303)
    )


def _page(session: Session, gateway: Gateway, now: datetime) -> Page:
    choices = list(_choices(session))
    network = _network(gateway)
    forecast = network.weather.now()
    shown = []
    owners = []
    for choice in choices:
        owner = _owner(session, choice.uid)
        texts = network.conversation(owner.number)
        phone = handset(session, owner, choice.line_id, texts, forecast.is_covered(owner.number), now)
        if phone:
            shown.append(phone)
            owners.append(owner)
    return Page(
        choices=choices,
        handsets=shown,
        ties=ties(session, owners),
        passages=passages(session, owners, now),
        people=_people(session, {choice.uid for choice in choices}),
        is_under_way="moving" in request.args,
    )


def _choices(session: Session) -> Iterator[Choice]:
    """The phones that the address asks for, or those of the oldest match."""
    asked = {}
    for value in request.args.getlist("with")[: 2 * MOST_PHONES]:
        uid, _dot, line = value.partition(".")
        asked[uid] = Choice(uid, int(line) if line.isascii() and line.isdigit() and len(line) < 10 else None)
    if not asked:
        asked = {uid: Choice(uid) for uid in _first_people(session)}
    known = set(session.exec(select(Participant.uid).where(col(Participant.uid).in_(asked)))) | {STRANGER}
    yield from [choice for choice in asked.values() if choice.uid in known][:MOST_PHONES]


def _first_people(session: Session) -> list[str]:
    """Two people of the oldest match, else the first two enrolled."""
    matched = (
        select(Participant.uid)
        .join(Member, col(Member.participant_id) == Participant.id)
        .where(Member.mask_state == MaskState.ACTIVE)
        .order_by(col(Member.match_id), col(Member.id))
        .limit(2)
    )
    return list(session.exec(matched)) or list(
        session.exec(select(Participant.uid).order_by(col(Participant.id)).limit(2))
    )


def _people(session: Session, shown: set[str]) -> list[Person]:
    rows = session.exec(select(Participant).order_by(col(Participant.id)).limit(MOST_PEOPLE))
    people = [
        Person(row.uid, words.visible(first_name(session, row)), words.role(row.role), row.uid in shown)
        for row in rows
    ]
    return [*people, Person(STRANGER, _("A stranger"), _("not enrolled"), STRANGER in shown)]


def _owner(session: Session, uid: str) -> Owner:
    charter = current_gateway().content.charter
    zone = ZoneInfo(charter.timezone)
    stranger = Owner(STRANGER, _("A stranger"), STRANGER_NUMBER, charter.language, zone)
    owner = owner_of(session, uid, stranger)
    if owner is None:
        abort(404)
    return owner


def _wait_until_settled(gateway: Gateway, number: str) -> bool:
    """Give the gateway a moment to carry the text, so that the page that follows shows where it went."""
    until = gateway.clock.now() + PATIENCE
    while gateway.clock.now() < until:
        with gateway.db.reading() as session:
            if _is_settled(session, session.index(number)):
                return True
        gateway.clock.wait(LOOK_SECONDS)
    return False


def _is_settled(session: Session, from_index: bytes) -> bool:
    newest = session.exec(
        select(InboundMessage)
        .where(InboundMessage.from_index == from_index)
        .order_by(col(InboundMessage.id).desc())
        .limit(1)
    ).first()
    if newest is None:
        return True
    moving = select(OutboundMessage.id).where(
        OutboundMessage.inbound_id == newest.id, col(OutboundMessage.state).in_(UNDER_WAY)
    )
    return newest.state is not InboundState.RECEIVED and session.exec(moving.limit(1)).first() is None
