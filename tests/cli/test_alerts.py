"""What conversations have asked a human to look at can be seen, taken on and closed."""

from gateway.models import Alert
from gateway.people.directory import person_with_key
from tests.cli.conftest import Shell, opened_with


def test_an_alert_is_listed_until_somebody_has_closed_it(town: Shell) -> None:
    gateway = opened_with(town)
    with gateway.db.transaction() as session:
        person = person_with_key(session, "maya")
        session.add(Alert(participant_id=person.id or 0, reason="low_checkin", at=gateway.clock.now()))
    listed = town.done("alerts", "list", "--json").json
    assert [(alert["who"], alert["why"]) for alert in listed] == [("maya", "low_checkin")]
    town.done("alerts", "ack", str(listed[0]["alert"]))
    assert town.done("alerts", "list", "--json").json[0]["taken_on"]
    town.done("alerts", "close", str(listed[0]["alert"]))
    assert town.done("alerts", "list", "--json").json == []
    acts = [step["act"] for step in town.done("alerts", "show", str(listed[0]["alert"]), "--json").json]
    assert acts == ["acknowledged", "closed"]


def test_an_alert_that_is_not_there_is_refused_in_a_sentence(town: Shell) -> None:
    ran = town.run("alerts", "close", "99")
    assert ran.code == 1
    assert "there is no alert 99" in ran.err
