"""Sets of files are loaded whole, shown, and given back as they were."""

from pathlib import Path

import pytest

from gateway.authored.changes import Changes, changes, difference
from gateway.authored.reading import AuthoringRefused
from gateway.cli.content import load_first, own_files
from gateway.editions.sets import cost_of
from gateway.library import live_files
from gateway.models import ContentKind
from tests.authored.test_bad_yaml import FLOW, PROMPT
from tests.world import REPOSITORY, World


def test_the_first_start_loads_what_is_shipped_and_the_second_leaves_it(world: World) -> None:
    load_first(world.gateway)
    load_first(world.gateway)
    with world.gateway.db.reading() as session:
        for kind in ContentKind:
            assert live_files(session, kind) == own_files(kind, REPOSITORY / kind.value)
        live = world.gateway.library.live(session)
    assert live.prompts.by_slug
    assert live.flows.by_slug


def test_what_changes_is_shown_before_the_cost() -> None:
    before = {"a.yaml": PROMPT.encode(), "b.yaml": b"x"}
    after = {"a.yaml": PROMPT.replace("good", "fine").encode(), "c.yaml": b"y"}
    assert changes(before, after) == Changes(("c.yaml",), ("b.yaml",), ("a.yaml",))
    shown = list(difference(before, after))
    assert shown[:2] == ["+ c.yaml", "- b.yaml"]
    assert '+  en: "One fine thing today?"' in shown


def test_a_bad_set_has_no_cost(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("kind: activity\n", encoding="utf-8")
    with pytest.raises(AuthoringRefused, match=r"bad\.yaml:1"):
        cost_of(ContentKind.PROMPTS, own_files(ContentKind.PROMPTS, tmp_path))
    assert len(cost_of(ContentKind.FLOWS, {"a.yaml": FLOW.encode()})) == 4
