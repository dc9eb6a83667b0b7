"""A community has its own hours, its own name and its own silences; people still reach each other."""

from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from gateway.flows.catalogue import read_content
from gateway.models import ContentKind, Role
from tests.stories.test_prompts import activity, at, load
from tests.world import REPOSITORY, Phone, World

HUNT = """community: north
name: { en: Kin Line, fr: Ligne Parente }
program_hours: { opens: "17:00", closes: "19:00" }
silences: [ { from: "2026-12-01", to: "2026-12-07", why: { en: The hunt., fr: La chasse. } } ]
"""


@pytest.fixture
def north(world: World, tmp_path: Path) -> World:
    """The community of Maya and Ben has decided a few things for itself; that of Lea and Paul has not."""
    copytree(REPOSITORY / "flows", tmp_path / "content" / "flows")
    (tmp_path / "content" / "flows" / "communities" / "north.yaml").write_text(HUNT, encoding="utf-8")
    world.gateway = replace(world.gateway, content=read_content(tmp_path / "content"))
    return world


@pytest.fixture
def lea(north: World) -> Phone:
    lea = north.person("lea", community="south")
    north.match(lea, north.person("paul", Role.MENTOR, community="south"))
    return lea


def test_the_program_speaks_in_the_hours_and_by_the_name_of_the_community(
    north: World, pair: int, maya: Phone, lea: Phone
) -> None:
    load(north, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    at(north, "2026-11-25T20:31")  # 15:31 there
    assert (maya.received, lea.received) == ([], ["Passerelle: One good thing, Lea?"])
    at(north, "2026-11-25T22:01")
    assert maya.received == ["Kin Line: One good thing, Maya?"]
    maya.texts("STOP")
    assert maya.received[-1].startswith("Done: no more texts from Kin Line.")


def test_a_silence_is_kept_by_the_program_and_not_by_people(
    north: World, pair: int, maya: Phone, ben: Phone, lea: Phone
) -> None:
    load(
        north,
        ContentKind.PROMPTS,
        skipped=activity("{ week: 2, weekday: wed }"),
        later=activity("{ week: 2, weekday: sun }", 'late: "3 days"').replace("One good", "A new"),
    )
    for day in range(1, 9):
        at(north, f"2026-12-{day:02d}T22:01")
        assert maya.received == (["Kin Line: A new thing, Maya?"] if day == 8 else [])
    assert lea.received == ["Passerelle: One good thing, Lea?", "Passerelle: A new thing, Lea?"]
    ben.texts("are you back from the hunt?")
    assert maya.received[-1] == "are you back from the hunt?"
