"""What the people of the browser tests find when they come to work: the cast of the web tests, and something to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import select

from gateway.models import Participant, Staff
from gateway.work import jobs
from tests.web.conftest import (
    PHONES,
    World,
    close_world,
    enrol_the_cast,
    open_world,
    settings_for,
)
from tests.web.console import Office, Seat, open_office
from tests.web.program import write_the_program

MEETING = "Meet me at the library on Saturday at 2"
THREE_WEEKS_S = 21 * 86_400


@contextmanager
def at_work(folder: Path, **changes: str) -> Iterator[tuple[World, Office]]:
    """Maya wrote three weeks ago; this noon Ben proposed to meet, and his text is held. A small program is in use."""
    world = open_world(settings_for(folder, **changes))
    enrol_the_cast(world)
    office = open_office(world)
    write_the_program(office)
    world.says("maya", "Hi Ben! Did you get out on the ice this weekend?")
    world.clock.wait(THREE_WEEKS_S)
    world.says("ben", MEETING)
    jobs.measure_all(world.gateway, [1])
    try:
        yield world, office
    finally:
        close_world(world)


def speak(office: Office, language: str) -> None:
    """All of the staff read this language from now on."""
    with office.place.gateway.db.transaction() as session:
        for row in session.exec(select(Staff)):
            row.language = language
            session.add(row)


def cookie_of(seat: Seat) -> str:
    """The cookie of somebody who has signed in, to be given to a browser."""
    if not seat.is_in:
        seat.signs_in()
    cookie = seat.client.get_cookie("passerelle")
    assert cookie
    return cookie.value


def heard(world: World, who: str) -> list[str]:
    """What this phone got."""
    world.work()
    return [text.body for text in world.network.inbox(PHONES[who])]


def person_keyed(world: World, key: str) -> Participant:
    with world.gateway.db.reading() as session:
        return session.exec(select(Participant).where(Participant.key == key)).one()
