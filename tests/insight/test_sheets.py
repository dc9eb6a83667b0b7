"""Nothing that leaves as CSV becomes a formula, and nothing that leaves names anybody."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from gateway.insight import sheets
from gateway.insight.sheets import COLUMNS, Name, as_csv, as_facts, safe_cell
from gateway.models import Match, Role
from gateway.work import jobs
from tests.insight.conftest import EVERY_MATCH
from tests.world import Phone, World

FORMULA = "=1+1"
TRIGGERS = "=+-@\t\r\n＝＋－＠−"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        pytest.param("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", id="equals"),
        pytest.param("+1 705 555 0111", "'+1 705 555 0111", id="a phone number"),
        pytest.param("-2+3", "'-2+3", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t'=1", id="tab"),
        pytest.param("\r=1", "'\r'=1", id="carriage return"),
        pytest.param("＝1+1", "'＝1+1", id="full-width equals"),
        pytest.param("＠SUM(A1)", "'＠SUM(A1)", id="full-width at"),
        pytest.param("−1+1", "'−1+1", id="the minus sign of typographers"),
        pytest.param(" =1+1", "' =1+1", id="after a space"),
        pytest.param('"=1+1', "'\"=1+1", id="after a quote"),
        pytest.param("\u200b=1+1", "'\u200b=1+1", id="after a space of no width"),
        pytest.param("hi;=1+1", "hi;'=1+1", id="after a semicolon, which some spreadsheets split at"),
        pytest.param("hi\n=1+1", "hi\n'=1+1", id="on the second line"),
        pytest.param("a\x00b", "ab", id="a control character"),
        pytest.param("Maya, 14", "Maya, 14", id="plain words stay"),
        pytest.param("l'aînée", "l'aînée", id="an apostrophe within stays"),
        pytest.param(-3, "-3", id="a number of ours"),
        pytest.param(date(2026, 11, 24), "2026-11-24", id="a day"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_a_cell_stays_what_it_is(cell: sheets.Cell, written: str) -> None:
    assert safe_cell(cell) == written


@given(st.text(alphabet=st.sampled_from(TRIGGERS + ",;| \"'\u200babé1"), max_size=30))
def test_no_text_begins_as_a_formula_wherever_it_is_split(cell: str) -> None:
    written = safe_cell(cell)
    assert not written.startswith(tuple(TRIGGERS))
    for separator in ",;|\t\r\n":
        pieces = written.split(separator)
        assert not any(piece.strip(' "\u200b').startswith(("=", "+", "-", "@", "＝")) for piece in pieces)


def exported(world: World) -> dict[Name, sheets.Sheet]:
    jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        return sheets.sheets(session, EVERY_MATCH, world.gateway.watch, world.clock.now())


def test_an_export_counts_and_names_nobody(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("my secret")
    world.clock.at += timedelta(minutes=10)
    ben.texts("hello")
    found = exported(world)
    match = found[Name.MATCHES][0]
    assert (match["youth_texts"], match["mentor_texts"], match["mentor_reply_seconds"]) == (1, 1, 600)
    assert found[Name.WEEKS][-1]["matches_talking"] == 1
    everything = "".join(as_csv(name, sheet) for name, sheet in found.items())
    assert not [word for word in ("maya", "Maya", "secret", "5550111", "555-0111") if word in everything]


def test_every_sheet_has_its_columns_and_reads_back(world: World, pair: int, maya: Phone) -> None:
    maya.texts("hi")
    for name, sheet in exported(world).items():
        rows = list(csv.reader(io.StringIO(as_csv(name, sheet))))
        assert rows[0] == list(COLUMNS[name])
        assert len(rows) == len(sheet) + 1
        assert all(set(row) == set(COLUMNS[name]) for row in as_facts(sheet))


def test_a_community_of_fewer_than_five_matches_shows_no_numbers(world: World) -> None:
    for number in range(5):
        world.match(world.person(f"y{number}"), world.person(f"m{number}", Role.MENTOR))
    far = world.person("far", community="south"), world.person("away", Role.MENTOR, community="south")
    world.match(*far)
    rows = {row["community"]: row for row in exported(world)[Name.COMMUNITIES]}
    assert rows["north"]["matches"] == 5
    assert set(rows["south"].values()) == {"south", None}


def test_an_export_is_of_the_matches_asked_for(world: World, pair: int, maya: Phone) -> None:
    maya.texts("hi")
    jobs.keep_insight(world.gateway)
    nobodys = select(col(Match.id)).where(col(Match.coordinator_id) == 99)
    with world.gateway.db.reading() as session:
        found = sheets.sheets(session, nobodys, world.gateway.watch, world.clock.now())
    assert found[Name.MATCHES] == found[Name.COMMUNITIES] == found[Name.OUTCOMES] == []
    assert {row["youth_texts"] for row in found[Name.WEEKS]} == {0}
