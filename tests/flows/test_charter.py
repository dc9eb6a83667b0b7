"""The charter: what a program is for, its quiet days, and what a community decides for itself."""

from datetime import date, time
from pathlib import Path
from shutil import copytree

import pytest

from gateway.authored.reading import AuthoringRefused
from gateway.flows.catalogue import Content, read_content
from tests.world import REPOSITORY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(REPOSITORY / "flows", tmp_path / "flows")
    return tmp_path


def with_community(folder: Path, text: str) -> Content:
    (folder / "flows" / "communities" / "ours.yaml").write_text(text, encoding="utf-8")
    return read_content(folder)


def test_what_is_shipped_keeps_holidays_and_the_end_of_the_year() -> None:
    quiet = read_content(REPOSITORY).charter.quiet_days
    assert [
        quiet.holds(day)
        for day in (date(2027, 7, 1), date(2026, 12, 30), date(2026, 9, 30), date(2027, 6, 24))
    ] == [True, True, True, False]


def test_a_community_decides_its_own_and_keeps_the_rest(folder: Path) -> None:
    content = with_community(
        folder,
        "community: north\nname: { en: North Line, fr: Ligne du Nord }\n"
        'program_hours: { opens: "11:00", closes: "19:00" }\nholidays: { region: QC }\n'
        'silences: [ { from: "10-01", to: "10-25" } ]\n',
    )
    north = content.charter_of("north")
    assert north.program_window.opens == time(11)
    assert north.words["fr"]["program"] == "Ligne du Nord"
    assert north.words["en"]["phone"] == content.charter.words["en"]["phone"]
    days = (date(2027, 6, 24), date(2026, 10, 10), date(2026, 12, 30))
    assert [north.quiet_days.holds(day) for day in days] == [True, True, False]
    assert content.charter_of("elsewhere") is content.charter
    assert content.voice_of("north").say("member_left", "en") == content.voice.say("member_left", "en")
    assert content.voice_of("north").say("start_done", "en").startswith("North Line: ")


def test_a_community_without_911_hears_its_own_number_for_danger_everywhere(folder: Path) -> None:
    program = folder / "flows" / "program.yaml"
    own = '{ north: { danger: "807-555-0123", voice_line: "1-800-668-6868" } }'
    program.write_text(
        program.read_text(encoding="utf-8").replace("communities: {}", f"communities: {own}"),
        encoding="utf-8",
    )
    for content in (read_content(folder), with_community(folder, "community: north\nlanguage: fr\n")):
        for key in ("help", "program_received", "report_done"):
            assert "807-555-0123" in content.voice_of("north").say(key, "fr", time="9 h")
            assert "911" in content.voice_of("elsewhere").say(key, "fr", time="9 h")


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        pytest.param("community: north\nbudget: {}\n", 2, "budget: this key is not known", id="not theirs"),
        pytest.param('community: north\nnight: "late"\n', 2, "night", id="no time"),
        pytest.param("community: north\nholidays: { region: XX }\n", 2, "'XX' is not known", id="no region"),
        pytest.param(
            'community: north\nsilences:\n  - { from: "2026-10-05", to: "10-25" }\n',
            3,
            "both have a year",
            id="half",
        ),
        pytest.param(
            'community: north\nsilences:\n  - { from: "2026-10-05", to: "2026-10-01" }\n',
            3,
            "not be before",
            id="back",
        ),
        pytest.param(
            'community: north\nsilences:\n  - { from: 5, to: "10-01" }\n', 3, "is no day", id="a number"
        ),
    ],
)
def test_a_fault_in_a_communitys_file_has_its_line(folder: Path, text: str, line: int, why: str) -> None:
    with pytest.raises(AuthoringRefused) as refused:
        with_community(folder, text)
    faults = [fault for fault in refused.value.faults if why in fault.what]
    assert [fault.line for fault in faults] == [line], refused.value.faults
    assert faults[0].file.endswith("ours.yaml")


def test_an_outcome_leads_to_a_goal(folder: Path) -> None:
    file = folder / "flows" / "program.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("goal: belonging", "goal: fame", 1), encoding="utf-8"
    )
    with pytest.raises(AuthoringRefused, match="leads to 'fame', which is no goal"):
        read_content(folder)
