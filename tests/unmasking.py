"""Unmasking: nothing that the gateway itself says may hold a partner's number in any form, a partner's name, or a place.

Checked after every story over every text of ours that was queued, sent or not (abuse cases 9 and 14).
"""

import re
from dataclasses import dataclass

from sqlmodel import col, select

from gateway.db import Erased, Sealed, Session, Tampered
from gateway.models import Community, OutboundMessage, Participant, Staff
from tests.world import World

RUN = 7  # digits of a number that already give it away


@dataclass(frozen=True)
class Secrets:
    """What may not be said to anybody but its owner, whose id is the key."""

    numbers: dict[str, str]
    names: dict[str, str]
    places: frozenset[str]


def digits_of(text: str) -> str:
    """The digits of a text, whatever stands between them; letters part them."""
    return re.sub(r"[^0-9a-z]", "", text.lower())


def is_readable(session: Session, row: Sealed, column: str) -> bool:
    """Whether it still opens: what was erased, or tampered with, can be told to nobody."""
    try:
        session.open(row, column)
    except (Erased, Tampered):
        return False
    return True


def secrets_of(session: Session) -> Secrets:
    everybody = session.exec(select(Participant)).all()
    people = [
        one
        for one in everybody
        if all(is_readable(session, one, column) for column in ("name_sealed", "phone_sealed"))
    ]
    staff = [one for one in session.exec(select(Staff)).all() if one.phone_sealed]
    zones = {one.timezone.rpartition("/")[2].replace("_", " ") for one in people}
    return Secrets(
        numbers={f"p{one.id}": session.open(one, "phone_sealed") for one in people}
        | {f"s{one.id}": session.open(one, "phone_sealed") for one in staff},
        names={f"p{one.id}": session.open(one, "name_sealed") for one in people},
        places=frozenset(zones | {one.name for one in session.exec(select(Community)).all()}),
    )


def what_unmasks(text: str, reader: str, secrets: Secrets) -> list[str]:
    """What a text of ours to `reader` gives away; empty when nothing."""
    plain = digits_of(text)
    found = [
        f"number of {owner}"
        for owner, number in secrets.numbers.items()
        if any(number[at : at + RUN] in plain for at in range(1, len(number) - RUN + 1))
    ]
    found += [
        f"name of {owner}"
        for owner, name in secrets.names.items()
        if owner != reader and any(_says(text, word) for word in {name, *name.split()})
    ]
    return found + [f"place {place}" for place in secrets.places if _says(text, place)]


def _says(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def assert_nobody_is_unmasked(world: World) -> None:
    """Every text of ours in this world, whatever became of it."""
    with world.gateway.db.reading() as session:
        secrets = secrets_of(session)
        ours = session.exec(select(OutboundMessage).where(col(OutboundMessage.wording).is_not(None))).all()
        told = {
            (row.wording, what)
            for row in ours
            if is_readable(session, row, "body_sealed")
            for what in what_unmasks(session.open(row, "body_sealed"), f"p{row.participant_id}", secrets)
        }
    assert told == set()
