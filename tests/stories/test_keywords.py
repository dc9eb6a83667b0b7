"""STOP and its kin: whole words, obeyed before anything else, for every line, answered once in their own language."""

import pytest

from gateway.models import Outcome, Role
from tests.world import POOL, PROGRAM, Phone, World

STOPPED = "Done: no more texts from Passerelle. To start again: START. Need a person? 1-800-555-0100"
CESSE = "C'est fait : plus aucun texto de Passerelle. Pour reprendre : DEBUT. Une personne ? 1-800-555-0100"
STARTED = "Passerelle: texts are on again. Write when you like. STOP ends them. Need a person? 1-800-555-0100"
PARTNER_LEFT = "Texts through this number are off for now. It is nothing you did. A person can tell you more: 1-800-555-0100"
PARTNER_BACK = "Texts through this number pass again."


def outcomes(world: World) -> list[tuple[Outcome | None, str | None]]:
    return [(row.outcome, row.reason) for row in world.inbound()]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        pytest.param("STOP", STOPPED, id="stop is answered in English"),
        pytest.param("Stop please!", STOPPED, id="a polite stop is a stop"),
        pytest.param("S\u200bTO\u200dP", STOPPED, id="letters that nobody sees change nothing"),
        pytest.param("ЅТОР", STOPPED, id="Cyrillic letters that look like stop are a stop"),
        pytest.param("ＳＴＯＰ", STOPPED, id="full width is a stop"),
        pytest.param("ARRÊT", CESSE, id="arrêt is answered in French, to somebody who writes English"),
        pytest.param("arrête svp", CESSE, id="a polite arrête is a stop"),
    ],
)
def test_a_word_that_stops_ends_all_texts_and_says_so_in_its_own_language(
    world: World, maya: Phone, ben: Phone, pair: int, words: str, answer: str
) -> None:
    maya.texts(words)
    ben.texts("still there?")
    assert maya.received == [answer]
    assert ben.received[0] == PARTNER_LEFT
    assert outcomes(world) == [(Outcome.KEYWORD, "stop"), (Outcome.REFUSED, "partner_away")]


@pytest.mark.parametrize(
    "words",
    [
        "stop by the gym later?",
        "stop it lol",
        "help me with math",
        "start when?",
        "END of term",
        "quit my job",
        "je m'arrête ici",
        "ΗΕLΡ",
    ],
)
def test_a_word_inside_a_sentence_is_no_command_and_passes(
    maya: Phone, ben: Phone, pair: int, words: str
) -> None:
    maya.texts(words)
    assert ben.received == [words]
    assert maya.received == []


@pytest.mark.parametrize(
    ("words", "start"),
    [
        pytest.param("HELP", "Passerelle. A person answers, Mon to Fri 9 to 5: 1-800-555-0100.", id="help"),
        pytest.param("aide svp", "Passerelle. Une personne répond, lundi au vendredi", id="aide"),
        pytest.param("INFO", "Passerelle. A person answers, ", id="info, in the writer's language"),
        pytest.param("Pause", "OK: no more activities or reminders.", id="pause"),
        pytest.param("START", "Passerelle: texts are on again.", id="start"),
        pytest.param("Début", "Passerelle : les textos reprennent.", id="début"),
    ],
)
def test_other_words_are_answered_by_the_program_and_never_relayed(
    maya: Phone, ben: Phone, pair: int, words: str, start: str
) -> None:
    maya.texts(words)
    assert len(maya.received) == 1 and maya.received[0].startswith(start)
    assert maya.received_from == [maya.mask]
    assert ben.received == []


def test_stop_to_any_line_stops_every_line(world: World, maya: Phone, ben: Phone) -> None:
    world.match(maya, ben)
    paul = world.person("paul", Role.MENTOR, "+15145550114")
    world.match(maya, paul)
    maya.texts("STOP", to=PROGRAM)
    ben.texts("hello from one")
    paul.texts("hello from another")
    assert maya.received == [STOPPED]
    assert ben.received[0] == PARTNER_LEFT and paul.received[0] == PARTNER_LEFT


def test_stop_to_a_number_that_was_never_added_is_obeyed_without_an_answer(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("arrêt", to="+14165550199")
    ben.texts("hi")
    assert maya.received == []
    assert ben.received[0] == PARTNER_LEFT
    assert outcomes(world)[0] == (Outcome.KEYWORD, "stop")


def test_the_partner_is_told_once_however_often_somebody_stops_and_starts(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    for words in ("STOP", "STOP", "START", "STOP", "START"):
        maya.texts(words)
    assert ben.received == [PARTNER_LEFT, PARTNER_BACK]
    assert maya.received == [STOPPED, STARTED]


def test_start_brings_the_texts_back_but_nothing_that_was_cancelled(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.types("on its way")
    maya.types("STOP")
    world.settle()
    assert maya.received == [STOPPED]
    maya.texts("START")
    ben.texts("and again")
    assert maya.received == [STOPPED, STARTED, "and again"]


def test_a_mentor_hears_of_each_match_in_which_somebody_stopped(world: World, ben: Phone) -> None:
    youths = [world.person(key) for key in ("maya", "lea")]
    for youth in youths:
        world.match(youth, ben)
        youth.texts("STOP")
    assert ben.received == [PARTNER_LEFT, PARTNER_LEFT]
    assert len(set(ben.received_from)) == 2


def test_a_stranger_can_stop_us_too_and_hears_nothing_more(world: World) -> None:
    stranger = Phone(world, "nobody", "+16135550188")
    stranger.texts("ARRET", to=POOL[0])
    stranger.texts("who is this?", to=POOL[1])
    stranger.texts("hello?", to=PROGRAM)
    assert stranger.received == [CESSE]


def test_after_stop_only_a_command_is_answered(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    maya.texts("STOP")
    maya.texts("is anybody there?", to=PROGRAM)
    assert maya.received == [STOPPED]
    maya.texts("AIDE", to=PROGRAM)
    assert len(maya.received) == 2


def test_a_stranger_who_says_start_or_pause_joins_nothing(world: World) -> None:
    stranger = Phone(world, "nobody", "+16135550188")
    stranger.texts("START", to=POOL[0])
    stranger.texts("PAUSE", to=POOL[0])
    assert len(stranger.received) == 1
    assert stranger.received[0].startswith("This number does not take texts from your phone")


@pytest.mark.parametrize("line", ["", PROGRAM])
@pytest.mark.parametrize("words", ["please stop texting me", "Je ne veux plus recevoir de textos"])
def test_a_sentence_that_asks_for_no_more_texts_quiets_the_program_and_staff_ask(
    world: World, maya: Phone, ben: Phone, pair: int, words: str, line: str
) -> None:
    maya.texts(words, to=line or maya.mask)
    assert [alert.reason for alert in world.alerts()] == ["asked_to_stop"]
    assert maya.person.prompts_paused
    ben.texts("see you")
    assert maya.received[-1] == "see you"


def test_start_from_another_phone_revives_nobody(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    maya.texts("STOP")
    Phone(world, "nobody", "+16135550188").texts("START", to=maya.mask)
    ben.texts("hi")
    assert maya.received == [STOPPED]


def test_stop_on_a_shared_phone_stops_it_for_both_and_each_partner_hears(world: World) -> None:
    family = "+17055550120"
    maya, lea = (world.person(key, phone=family) for key in ("maya", "lea"))
    ben, paul = (world.person(key, Role.MENTOR) for key in ("ben", "paul"))
    world.match(maya, ben)
    world.match(lea, paul)
    maya.texts("STOP")
    paul.texts("hi Léa")
    assert maya.received == [STOPPED]
    assert ben.received == [PARTNER_LEFT] and paul.received[0] == PARTNER_LEFT


def test_one_mentor_of_two_who_share_a_phone_hears_of_both(world: World, ben: Phone) -> None:
    family = "+17055550120"
    maya, lea = (world.person(key, phone=family) for key in ("maya", "lea"))
    world.match(maya, ben)
    world.match(lea, ben)
    maya.texts("STOP")
    assert ben.received == [PARTNER_LEFT, PARTNER_LEFT]
