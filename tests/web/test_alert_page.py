"""An alert that a text in no thread raised: its words, its writer's number, and to whom they are shown."""

import pytest
from sqlmodel import select

from gateway.models import Alert
from gateway.people.directory import person_with_key
from tests.web.conftest import PHONES, PROGRAM_LINE, World
from tests.web.console import Office

STRANGER = "+16135550199"
CRY = "i want to die"


def writes(world: World, number: str, words: str) -> None:
    world.network.text(number, PROGRAM_LINE, words)
    world.work()


def alert(world: World) -> str:
    """The page of the one alert about a crisis."""
    with world.gateway.db.reading() as session:
        return f"/alerts/{session.exec(select(Alert.uid).where(Alert.reason == 'crisis')).one()}"


@pytest.fixture
def cry(world: World, office: Office) -> str:
    """The page of the alert that a stranger's text raised."""
    writes(world, STRANGER, CRY)
    return alert(world)


def test_what_a_stranger_wrote_is_read_from_its_alert_and_that_is_on_record(
    world: World, office: Office, cry: str
) -> None:
    world.clock.wait(600)
    writes(world, STRANGER, "nobody would miss me")
    assert f'href="{cry}">Read what was written' in office.ruth.opens("/alerts").text
    page = office.ruth.opens(cry).text
    assert f"<mark>{CRY}</mark>" in page
    assert page.index(CRY) < page.index("nobody would miss me"), "also what came after it"
    assert "None of your people has this number" in page
    assert office.ruth.acts()[-2:] == ["text.read", "text.read"]


def test_the_whole_number_is_shown_when_it_is_asked_for_and_that_is_on_record(
    office: Office, cry: str
) -> None:
    assert "…0199" in office.ruth.opens(cry).text and "555-0199" not in office.ruth.opens(cry).text
    assert "613 555-0199" in office.ruth.sends(cry, f"{cry}/reveal").text
    assert "number.reveal" in office.ruth.acts()


def test_a_cry_to_the_program_shows_whose_it_is_to_whoever_looks_after_them(
    world: World, office: Office
) -> None:
    writes(world, PHONES["maya"], CRY)
    page = office.ruth.opens(alert(world)).text
    assert "This person has the phone:" in page and ">Maya (youth)</a>" in page and CRY in page


def test_a_colleague_who_may_not_see_the_person_may_not_read_the_words(world: World, office: Office) -> None:
    writes(world, PHONES["maya"], CRY)
    assert "Read what was written" not in office.kim.opens("/alerts").text
    assert office.kim.client.get(alert(world)).status_code == 404


def test_an_alert_without_such_words_has_no_page(world: World, office: Office) -> None:
    world.says("maya", CRY)
    assert "Read what was written" not in office.ruth.opens("/alerts").text, "the thread shows it"
    assert office.ruth.client.get(alert(world)).status_code == 404


def test_a_text_of_another_person_on_the_same_phone_is_not_shown(world: World, office: Office) -> None:
    writes(world, PHONES["maya"], "how do i change my language?")
    with world.gateway.db.transaction() as session:
        maya = person_with_key(session, "maya")
        maya.phone_index = session.index(STRANGER)
        session.add(maya)
    writes(world, PHONES["maya"], CRY)  # whoever has her old phone now
    page = office.ruth.opens(alert(world)).text
    assert CRY in page and "change my language" not in page
