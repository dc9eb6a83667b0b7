"""Letters to staff go over a real socket, once each, and a mail server that is away loses none of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.models import Letter, LetterState
from gateway.people.alerts import raise_alert
from gateway.providers.mail import Mailbox, MailRefused
from gateway.safety import letters
from gateway.work import watch
from tests.mail_sink import MailSink, mail_sink
from tests.world import Phone, World

FROM = "Passerelle <alerts@example.org>"


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as opened:
        yield opened


@pytest.fixture
def post(world: World, sink: MailSink) -> Mailbox:
    """The world's gateway posts to the sink."""
    mailbox = Mailbox(sink.url, FROM)
    world.gateway = replace(world.gateway, mailbox=mailbox)
    return mailbox


def states(world: World) -> list[LetterState]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(Letter.state).order_by(Letter.id)))  # type: ignore[arg-type]


def something_is_up(world: World, reason: str = "crisis", participant_id: int | None = None) -> None:
    with world.gateway.db.transaction() as session:
        raise_alert(session, participant_id, reason, world.clock.now())


def words_of(sink: MailSink, number: int = 0) -> str:
    payload = sink.letters[number][1].get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_whoever_is_on_duty_gets_a_letter_and_a_text_at_once(
    world: World, sink: MailSink, post: Mailbox
) -> None:
    ruth = world.staff("ruth", "+16135550190")
    something_is_up(world)
    world.watches()
    (to, letter) = sink.letters[0]
    assert to == "ruth@example.org" and letter["Subject"] == "Passerelle: alert 1"
    assert letter["Auto-Submitted"] == "auto-generated" and letter["From"] == FROM
    assert "Alert 1 waits for somebody." in words_of(sink)
    assert len(ruth.received) == 1 and states(world) == [LetterState.SENT]


def test_a_letter_names_nobody_and_holds_no_words(
    world: World, sink: MailSink, post: Mailbox, maya: Phone, ben: Phone, pair: int
) -> None:
    """Abuse case 14."""
    world.staff("ruth")
    maya.texts("I want to kill myself, I live at 12 Cedar Road")
    world.watches()
    everything = "".join(str(letter) + words_of(sink, at) for at, (_, letter) in enumerate(sink.letters))
    assert sink.letters
    for private in ("maya", "Maya", "kill", "Cedar", maya.number[2:], ben.number[2:], "crisis"):
        assert private not in everything


def test_a_mail_server_that_is_away_loses_nothing(world: World, sink: MailSink, post: Mailbox) -> None:
    world.staff("ruth")
    world.gateway = replace(world.gateway, mailbox=Mailbox("smtp://127.0.0.1:1", FROM))
    something_is_up(world, "asked_for_help")
    world.watches()
    assert states(world) == [LetterState.QUEUED] and sink.letters == []
    world.gateway = replace(world.gateway, mailbox=post)
    watch.post_letters(world.gateway)
    assert sink.letters == []  # it waits a little before it is tried again
    world.clock.at += timedelta(seconds=31)
    watch.post_letters(world.gateway)
    assert len(sink.letters) == 1 and states(world) == [LetterState.SENT]


def test_an_address_that_is_refused_for_good_is_not_tried_for_ever(
    world: World, sink: MailSink, post: Mailbox
) -> None:
    world.staff("ruth")
    sink.answers["RCPT"] = "550 no such user"
    something_is_up(world, "asked_for_help")
    world.watches()
    assert states(world) == [LetterState.FAILED]


def test_a_server_that_says_later_is_asked_later_and_given_up_after_three_days(
    world: World, sink: MailSink, post: Mailbox
) -> None:
    world.staff("ruth")
    sink.answers["MAIL"] = "451 later"
    something_is_up(world, "asked_for_help")
    world.watches()
    assert states(world) == [LetterState.QUEUED]
    world.clock.at += timedelta(days=3, hours=2)
    watch.post_letters(world.gateway)
    assert states(world) == [LetterState.FAILED]


def test_two_processes_post_a_letter_once(world: World, sink: MailSink, post: Mailbox) -> None:
    world.staff("ruth")
    something_is_up(world, "asked_for_help")
    for _ in range(2):
        watch.watch(world.gateway)
        watch.post_letters(world.gateway)
    assert len(sink.letters) == 1
    with world.gateway.db.transaction() as session:
        assert letters.take(session, world.clock.now()) is None


def test_the_digest_comes_by_letter_in_the_morning_in_ones_own_language(
    world: World, sink: MailSink, post: Mailbox, maya: Phone
) -> None:
    world.staff("nora", language="fr")
    something_is_up(world, "opted_out", maya.person.id)
    world.watches()
    assert sink.letters == []  # it can wait
    world.clock.at += timedelta(hours=20, minutes=10)  # ten past eight
    world.watches()
    world.watches()
    assert [letter["Subject"] for _, letter in sink.letters] == ["Passerelle : ce matin"]
    assert "alertes, 1 ; textos retenus, 0." in words_of(sink)


@pytest.mark.parametrize(
    ("answer", "is_final"), [("550 never", True), ("451 later", False)], ids=["for good", "for now"]
)
def test_what_a_server_says_is_told_apart(sink: MailSink, answer: str, is_final: bool) -> None:
    sink.answers["RCPT"] = answer
    with pytest.raises(MailRefused) as refused:
        Mailbox(sink.url, FROM).post("ruth@example.org", "s", "b", "u" * 32)
    assert refused.value.is_final is is_final


def test_a_password_is_never_printed() -> None:
    assert "hunter2" not in repr(Mailbox("smtp://u:hunter2@mail.example.org", FROM))
