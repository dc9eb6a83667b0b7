"""A link to set a password goes by e-mail where there is a mail server, and is handed over where there is none."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.providers.mail import Mailbox
from tests.mail_sink import MailSink, mail_sink
from tests.web.conftest import World, close_world, enrol_the_cast, open_world, settings_for
from tests.web.console import Office, open_office
from tests.web.test_staff_pages import invite, uid_of

LINK = re.compile(r"http://\S+/welcome/([\w-]{40,})")


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as opened:
        yield opened


@pytest.fixture
def world(tmp_path: Path, sink: MailSink) -> Iterator[World]:
    """A gateway that has a mail server."""
    opened = open_world(settings_for(tmp_path))
    opened.gateway = replace(opened.gateway, mailbox=Mailbox(sink.url, "gateway@example.org"))
    enrol_the_cast(opened)
    yield opened
    close_world(opened)


@pytest.fixture
def office(world: World) -> Office:
    return open_office(world)


def words_of(sink: MailSink) -> str:
    return str(sink.letters[0][1].get_payload(decode=True).decode())  # type: ignore[union-attr]


def test_a_new_link_goes_to_its_owner_and_is_on_no_page(world: World, office: Office, sink: MailSink) -> None:
    path = f"/staff/{uid_of(world, office.kim)}"
    page = office.ann.sends(path, f"{path}/link", by="mail").text
    assert "It went to kim@example.org." in page and "/welcome/" not in page
    [(to, letter)] = sink.letters
    assert (to, letter["Subject"]) == ("kim@example.org", "Passerelle: a link to set your password")
    found = LINK.search(words_of(sink))
    assert found and "The link works once, until Tue 13:0" in words_of(sink)
    assert "kim@example.org" in office.kim.client.get(f"/welcome/{found[1]}").text


def test_an_invitation_is_written_in_the_language_of_who_is_invited(office: Office, sink: MailSink) -> None:
    form = {"name": "Luc Roy", "email": "luc@example.org", "role": "coordinator", "language": "fr"}
    assert (
        "It went to luc@example.org." in office.ann.sends("/staff/new", "/staff/new", by="mail", **form).text
    )
    assert "Le lien sert une fois, jusqu’à ven. 12 h" in words_of(sink).replace("\N{NO-BREAK SPACE}", " ")


def test_without_a_second_factor_the_link_is_handed_over(
    world: World, office: Office, sink: MailSink
) -> None:
    path = f"/staff/{uid_of(world, office.kim)}"
    page = office.ann.sends(path, f"{path}/link", by="mail", second_factor="yes").text
    assert "It did not go by e-mail" in page and LINK.search(page)
    assert sink.letters == []


def test_a_letter_that_is_refused_leaves_the_link_to_be_handed_over(
    world: World, office: Office, sink: MailSink
) -> None:
    sink.answers["RCPT"] = "550 nobody here"
    path = f"/staff/{uid_of(world, office.kim)}"
    with capture_logs() as log:
        page = office.ann.sends(path, f"{path}/link", by="mail").text
    assert "The mail server did not take the letter." in page and LINK.search(page)
    assert {"event": "link_letter_refused", "code": "smtp 550", "log_level": "warning"} in log


def test_whoever_wants_to_hand_it_over_still_can(office: Office, sink: MailSink) -> None:
    assert LINK.search(invite(office.ann, "coordinator")) and sink.letters == []
