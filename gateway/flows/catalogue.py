"""Reads the program's files from the content folder, whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.authored.catalogue import build
from gateway.authored.reading import AuthoringRefused, Fault, Page, read_page
from gateway.authored.texts import read_texts
from gateway.flows.schema import Charter, Community
from gateway.i18n import Texts, Voice

PROGRAM, TEXTS, COMMUNITIES = "program.yaml", "texts.yaml", "communities"


@dataclass(frozen=True)
class Content:
    """The charter, the charters of communities that decide some things for themselves, and the texts of the program."""

    charter: Charter
    texts: Texts
    of_communities: Mapping[str, Charter] = field(default_factory=dict)

    @property
    def voice(self) -> Voice:
        """The voice in which the program speaks, where no community is known."""
        return Voice(self.texts, self.charter.words)

    def charter_of(self, community: str) -> Charter:
        """What holds in one community (by its short name)."""
        return self.of_communities.get(community, self.charter)

    def voice_of(self, community: str) -> Voice:
        """The voice in which the program speaks to the people of one community."""
        return Voice(self.texts, self.charter_of(community).words)


def read_content(folder: Path) -> Content:
    """Read `flows/` in `folder`. Raises AuthoringRefused with the line of each fault in any of its files."""
    faults: list[Fault] = []
    flows = folder / "flows"
    page = _page(flows / PROGRAM, faults)
    charter = build(page, Charter, faults) if page else None
    texts = read_texts(_page(flows / TEXTS, faults), faults)
    of_communities = []
    if page and charter:
        for path in sorted((flows / COMMUNITIES).glob("*.yaml")):
            of_communities.append(_community(path, page, faults))
    if faults or charter is None or texts is None:
        raise AuthoringRefused(faults)
    own = dict(each for each in of_communities if each)
    helped = {slug: own.get(slug, charter) for slug in (*own, *charter.crisis.communities)}
    return Content(charter, texts, {slug: _helped(one, slug) for slug, one in helped.items()})


def _helped(charter: Charter, community: str) -> Charter:
    """The charter of a community, with its own numbers for a crisis as the ones to be said."""
    lines = charter.crisis.communities.get(community, charter.crisis.default)
    return charter.model_copy(update={"crisis": charter.crisis.model_copy(update={"default": lines})})


def _page(path: Path, faults: list[Fault]) -> Page | None:
    if not path.is_file():
        remedy = "GATEWAY_CONTENT must name the folder that holds flows/"
        faults.append(Fault(str(path), 1, "no such file", remedy))
        return None
    try:
        return read_page(path.read_bytes(), str(path))
    except AuthoringRefused as refused:
        faults += refused.faults
        return None


def _community(path: Path, program: Page, faults: list[Fault]) -> tuple[str, Charter] | None:
    """(its short name, the charter that holds there)."""
    page = _page(path, faults)
    own = build(page, Community, faults) if page else None
    if page is None or own is None:
        return None
    assert isinstance(program.value, dict) and isinstance(page.value, dict)
    whole = program.value | {key: value for key, value in page.value.items() if key != "community"}
    held = build(Page(page.file, whole, page.lines), Charter, faults)
    return (own.community, held) if held else None
