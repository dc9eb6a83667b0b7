"""Texts that reach nobody: each gets its own kind sentence, once a day, and never a number or a name."""

import pytest

from gateway.matching import matches
from gateway.models import Outcome
from tests.world import POOL, PROGRAM, Phone, World

STRANGER = "This number does not take texts from your phone"


def reasons(world: World) -> list[tuple[Outcome | None, str | None]]:
    return [(row.outcome, row.reason) for row in world.inbound()]


def test_a_stranger_is_answered_once_in_a_day(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    stranger = Phone(world, "nobody", "+16135550188")
    stranger.texts("hi", to=ben.mask)
    stranger.texts("hello?", to=PROGRAM)
    world.clock.wait(23 * 3600)
    stranger.texts("anybody?", to=ben.mask)
    assert len(stranger.received) == 1 and stranger.received[0].startswith(STRANGER)
    world.clock.wait(2 * 3600)
    stranger.texts("still nobody?", to=ben.mask)
    assert len(stranger.received) == 2
    assert maya.received == [] and ben.received == []
    assert {outcome for outcome, _ in reasons(world)} == {Outcome.UNKNOWN_SENDER}


@pytest.mark.parametrize(
    "sender",
    [
        pytest.param("12345", id="a short code"),
        pytest.param("INFOTXT", id="a sender in letters"),
        pytest.param("+7378742833", id="a withheld number"),
        pytest.param(POOL[1], id="a line of the pool"),
        pytest.param(PROGRAM, id="the program line"),
    ],
)
def test_machines_are_never_answered(world: World, sender: str) -> None:
    for words in ("your code is 1234", "HELP", "STOP"):
        world.network.text(sender, POOL[0], words)
    world.settle()
    assert world.outbound() == []
    assert all(row.outcome for row in world.inbound())


@pytest.mark.parametrize("sender", ["+18765550123", "+18095550123", "+50933123456", "+19005550123"])
def test_a_stranger_from_a_country_that_we_do_not_text_costs_nothing(world: World, sender: str) -> None:
    """Abuse case 34: whoever owns numbers that earn by each text must not be able to make us text them."""
    for words in ("hello", "HELP", "START", "REPORT", "STOP", "I want to kill myself"):
        world.network.text(sender, PROGRAM, words)
    world.settle()
    assert world.outbound() == []
    assert [alert.reason for alert in world.alerts()] == ["report", "crisis"]


def test_a_text_to_a_number_that_is_no_line_reaches_nobody_and_staff_see_why(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("hello", to="+14165550199")
    assert maya.received == [] and ben.received == []
    assert reasons(world) == [(Outcome.REFUSED, "not_our_line")]


def test_a_text_to_a_line_that_is_not_her_mask_reaches_nobody(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("hello", to=POOL[3])
    assert ben.received == []
    assert maya.received[0].startswith(STRANGER)


def test_a_closed_match_passes_nothing_and_says_so_in_the_writers_language(world: World, ben: Phone) -> None:
    lea = world.person("lea", phone="+18195550113", language="fr")
    world.close(world.match(lea, ben))
    lea.texts("allo ?")
    ben.texts("hi")
    (said,) = lea.received
    assert said.startswith("Ce numéro ne transmet plus de textos ; ")
    assert ben.received[0].startswith("This number no longer passes texts on")
    assert {outcome for outcome, _ in reasons(world)} == {Outcome.CLOSED_MATCH}


def test_a_paused_match_passes_nothing_and_staff_see_the_text(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    with world.gateway.db.transaction() as session:
        matches.pause(session, matches.get(session, pair), "holidays")
    maya.texts("hello?")
    assert ben.received == []
    assert maya.received[0].startswith("Texts are on pause for now")
    with world.gateway.db.transaction() as session:
        matches.resume(session, matches.get(session, pair))
    maya.texts("hello again")
    assert ben.received == ["hello again"]


def test_a_partner_who_opted_out_is_covered_without_blame(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts("STOP")
    maya.texts("did I do something?")
    assert maya.received[-1].startswith("Your text could not be passed on right now. It is nothing you did.")
    assert len(ben.received) == 1


@pytest.mark.parametrize("words", ["", "   ", "\u202e\u202c", "\r\n\t"])
def test_a_text_without_words_is_filed_without_an_answer(
    world: World, maya: Phone, ben: Phone, pair: int, words: str
) -> None:
    maya.texts(words)
    assert ben.received == [] and maya.received == []
    assert reasons(world) == [(Outcome.REFUSED, "empty")]


@pytest.mark.parametrize("words", ["Liked “see you at 7”", "A aimé « à demain »"])
def test_a_reaction_that_a_phone_spelled_out_is_not_passed_on(
    world: World, maya: Phone, ben: Phone, pair: int, words: str
) -> None:
    maya.texts(words)
    assert ben.received == [] and maya.received == []
    assert reasons(world) == [(Outcome.REFUSED, "reaction")]


@pytest.mark.parametrize("words", ["👍", "😂😂", "?", "."])
def test_one_sign_is_a_text_like_any_other(maya: Phone, ben: Phone, pair: int, words: str) -> None:
    maya.texts(words)
    assert ben.received == [words]


def test_a_picture_alone_stays_behind_and_its_sender_is_told(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("", media=("image/jpeg",))
    assert ben.received == []
    assert maya.received[0].startswith("Only words pass here, so the picture or file went to nobody.")


@pytest.mark.parametrize(
    "media", ["image/jpeg", "text/vcard", "text/x-vcard", "text/calendar", "application/pdf"]
)
def test_the_words_beside_a_file_go_on_and_the_file_does_not(
    world: World, maya: Phone, ben: Phone, pair: int, media: str
) -> None:
    maya.texts("look at this", media=(media,))
    assert ben.received == ["look at this"]
    assert maya.received[0].startswith("Only words pass here, so the picture or file stayed behind.")


def test_a_loop_of_the_same_words_ends_without_an_answer(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    for _ in range(9):
        maya.texts("I am away from my desk")
    assert ben.received == ["I am away from my desk"] * 5
    assert reasons(world)[5:] == [(Outcome.HELD, "loop")] * 4
    assert maya.received == []


def test_two_gateways_that_answer_each_other_stop_at_once(world: World) -> None:
    other = Phone(world, "other gateway", "+16135550188")
    for _ in range(20):
        answers = len(other.received)
        other.texts("Thank you for your text.", to=POOL[0])
        if len(other.received) == answers:
            break
    assert len(other.received) == 1
