"""An alert rings until somebody has answered for it: one person, then the second, then all and the on-call phone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from gateway.flows.schema import Alarms
from gateway.models import AlertAct, AlertStep, Kind, StaffRole
from gateway.people.alerts import raise_alert
from gateway.routing.lines import line_with_number
from gateway.safety import duty
from gateway.work import watch
from tests.world import PROGRAM, Phone, World

ON_CALL = "+16135550199"


def with_on_call(world: World) -> None:
    """The charter names a phone that somebody always carries."""
    content = world.gateway.content
    charter = content.charter.model_copy(update={"alarms": Alarms(on_call=ON_CALL)})
    world.gateway = replace(world.gateway, content=replace(content, charter=charter))


def code_in(text: str) -> str:
    found = re.search(r"ACK (\d{5})$", text)
    assert found
    return found[1]


def acts(world: World, alert_id: int = 1) -> list[AlertAct]:
    with world.gateway.db.reading() as session:
        steps = session.exec(
            select(AlertStep).where(AlertStep.alert_id == alert_id).order_by(col(AlertStep.id))
        )
        return [step.act for step in steps]


def in_crisis(world: World) -> None:
    """Something urgent has been raised."""
    with world.gateway.db.transaction() as session:
        raise_alert(session, None, "crisis", world.clock.now())
    world.watches()


def passes(world: World, minutes: int) -> None:
    """Minutes go by, with the watch at each tenth of them."""
    for _ in range(max(1, minutes // 10)):
        world.clock.at += timedelta(minutes=min(10, minutes))
        world.watches()


@pytest.fixture
def ruth(world: World) -> Phone:
    return world.staff("ruth", "+16135550190")


@pytest.fixture
def nora(world: World) -> Phone:
    return world.staff("nora", "+16135550191", language="fr")


def test_the_first_on_duty_then_the_second_then_everyone_and_the_on_call_phone(
    world: World, ruth: Phone, nora: Phone
) -> None:
    with_on_call(world)
    carried = Phone(world, "on-call", ON_CALL)
    world.on_duty("nora", rank=1)
    world.on_duty("ruth", rank=2)
    in_crisis(world)
    assert (len(nora.received), len(ruth.received), len(carried.received)) == (1, 0, 0)
    passes(world, 9)
    assert (len(nora.received), len(ruth.received), len(carried.received)) == (1, 0, 0)
    passes(world, 1)
    assert (len(nora.received), len(ruth.received), len(carried.received)) == (1, 1, 0)
    passes(world, 10)
    assert (len(nora.received), len(ruth.received), len(carried.received)) == (2, 2, 1)
    passes(world, 10)
    assert (len(nora.received), len(ruth.received), len(carried.received)) == (3, 3, 2)
    assert nora.received[0].startswith("Passerelle : alerte urgente 1.")
    assert ruth.received[-1].startswith("Passerelle: STILL WAITING, urgent alert 1.")


def test_what_nobody_answers_for_rings_every_hour_and_sooner_when_it_happens_again(
    world: World, ruth: Phone
) -> None:
    world.on_duty("ruth")
    in_crisis(world)
    passes(world, 240)
    rung = len(ruth.received)
    passes(world, 30)
    in_crisis(world)
    passes(world, 10)
    assert len(ruth.received) == rung + 1, "ten minutes later"
    in_crisis(world)
    in_crisis(world)
    passes(world, 10)
    assert len(ruth.received) == rung + 2
    passes(world, 50)
    assert len(ruth.received) == rung + 2, "and then every hour"


def test_an_answer_with_the_code_stops_the_clock_and_reveals_nothing(
    world: World, ruth: Phone, nora: Phone
) -> None:
    world.on_duty("ruth")
    in_crisis(world)
    ruth.texts(f"Ack {code_in(ruth.received[0])}.")
    assert ruth.received[1:] == [
        "Thank you, alert 1 is with you. It stays open until you close it in the console."
    ]
    (alert,) = world.alerts()
    assert alert.acknowledged_by == world.staff_row("ruth").id and alert.closed_at is None
    passes(world, 60)
    assert nora.received == []
    assert acts(world) == [AlertAct.RAISED, AlertAct.TEXTED, AlertAct.ACKNOWLEDGED]


def test_a_forged_sender_without_the_code_stops_nothing(world: World, ruth: Phone, nora: Phone) -> None:
    """Abuse case 8: the sender's number alone authorises nothing, and five guesses are all there are."""
    world.on_duty("ruth")
    in_crisis(world)
    code = code_in(ruth.received[0])
    wrong = [f"{(int(code) + step) % 100_000:05d}" for step in range(1, 6)]
    for guess in wrong:
        ruth.texts(f"ACK {guess}")
    ruth.texts(f"ACK {code}")
    assert world.alerts()[0].acknowledged_at is None
    passes(world, 10)
    assert len(nora.received) == 1


def test_the_code_of_one_phone_is_worth_nothing_from_another(world: World, ruth: Phone) -> None:
    world.on_duty("ruth")
    in_crisis(world)
    Phone(world, "nobody", "+16135550188").texts(f"ACK {code_in(ruth.received[0])}", to=PROGRAM)
    assert world.alerts()[0].acknowledged_at is None


def test_taken_on_and_not_closed_it_rings_again_after_four_hours(world: World, ruth: Phone) -> None:
    world.on_duty("ruth")
    in_crisis(world)
    ruth.texts(f"ACK {code_in(ruth.received[0])}")
    before = len(ruth.received)
    world.clock.at += timedelta(minutes=239)
    world.watches()
    assert len(ruth.received) == before
    passes(world, 2)
    assert len(ruth.received) == before + 1
    assert AlertAct.REOPENED in acts(world)


def test_two_schedulers_tell_each_person_once(world: World, ruth: Phone) -> None:
    world.on_duty("ruth")
    in_crisis(world)
    for _ in range(3):
        watch.watch(world.gateway)
        watch.take_stock(world.gateway)
    world.settle()
    assert len(ruth.received) == 1


def test_after_two_hours_it_rings_once_an_hour(world: World, ruth: Phone) -> None:
    world.on_duty("ruth", hours=100)
    in_crisis(world)
    for _ in range(12):
        passes(world, 10)
    before = len(ruth.received)
    for _ in range(6):
        passes(world, 10)
    assert before >= 12 and len(ruth.received) <= before + 2


def test_what_can_wait_rings_by_day_only_and_is_told_in_the_morning(
    world: World, ruth: Phone, maya: Phone
) -> None:
    with world.gateway.db.transaction() as session:
        raise_alert(session, maya.person.id, "asked_for_help", world.clock.now())
    world.watches()
    assert ruth.received == []
    world.clock.at += timedelta(hours=12)  # midnight: its twelve hours are over
    world.watches()
    assert ruth.received == []
    world.clock.at += timedelta(hours=8, minutes=1)  # morning
    world.watches()
    assert len(ruth.received) == 2
    assert any(
        text == "Passerelle, this morning. In the console wait: alerts, 1; held texts, 0."
        for text in ruth.received
    )
    world.watches()
    assert len(ruth.received) == 2


def test_on_a_day_when_nothing_waits_nothing_is_said(world: World, ruth: Phone) -> None:
    world.clock.at += timedelta(hours=21)
    world.watches()
    assert ruth.received == []


def test_with_nobody_to_tell_that_is_written_down(world: World) -> None:
    in_crisis(world)
    assert acts(world) == [AlertAct.RAISED, AlertAct.NOBODY]


def test_a_budget_that_is_spent_and_quiet_hours_hold_no_alert_back(world: World, ruth: Phone) -> None:
    world.on_duty("ruth", hours=100)
    content = world.gateway.content
    budget = content.charter.budget.model_copy(update={"person_day": 1, "program_day": 1, "program_month": 1})
    charter = content.charter.model_copy(update={"budget": budget})
    world.gateway = replace(world.gateway, content=replace(content, charter=charter))
    world.clock.at += timedelta(hours=15)
    in_crisis(world)
    assert len(ruth.received) >= 1
    assert {row.kind for row in world.outbound()} == {Kind.ALERT}


def test_staff_of_another_community_are_not_told(world: World, maya: Phone) -> None:
    sam = world.staff("sam", "+16135550192", community="south")
    ruth = world.staff("ruth", "+16135550190", community="north")
    with world.gateway.db.transaction() as session:
        raise_alert(session, maya.person.id, "crisis", world.clock.now())
    world.watches()
    passes(world, 30)
    assert len(ruth.received) >= 3 and sam.received == []


def test_auditors_and_disabled_staff_are_never_told(world: World) -> None:
    auditor = world.staff("ada", "+16135550193", StaffRole.AUDITOR)
    in_crisis(world)
    passes(world, 20)
    assert auditor.received == []
    with world.gateway.db.reading() as session:
        assert duty.staff_of(session, None) == []


def test_a_stopped_line_is_told_of_on_another(world: World, ruth: Phone) -> None:
    with world.gateway.db.transaction() as session:
        line = line_with_number(session, PROGRAM)
        line.stopped_at = world.clock.now()
        session.add(line)
    world.watches()
    assert [alert.reason for alert in world.alerts()] == ["line_stopped"]
    assert len(ruth.received) == 1 and ruth.received_from != [PROGRAM]
