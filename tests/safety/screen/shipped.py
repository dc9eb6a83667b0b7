"""The rules that are shipped, read once for all tests, and the texts by which they were made."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from gateway.library import shipped_rules
from gateway.safety.screen import Rules, Screened, Writer, screen
from gateway.safety.screen.reading import read_rules
from tests.world import REPOSITORY

HERE = Path(__file__).parent


def rules() -> Rules:
    return read_rules(shipped_rules(REPOSITORY))


def look(
    text: str, language: str = "en", writer: Writer = Writer.YOUTH, recent: tuple[str, ...] = ()
) -> Screened:
    return screen(rules(), text, language, writer, recent)


def found(screened: Screened) -> set[str]:
    return {one.category.value for one in screened.findings}


def ordinary(language: str) -> list[str]:
    """Texts of everyday life, in which nothing is to be found."""
    return (HERE / f"ordinary-{language}.txt").read_text(encoding="utf-8").splitlines()


def wanted(language: str) -> Iterator[tuple[str, str]]:
    """(category, text) in which something must be found. The rules' author wrote them: recall here is no measurement."""
    lists = YAML(typ="safe").load((HERE / f"wanted-{language}.yaml").read_text(encoding="utf-8"))
    yield from ((category, text) for category, texts in lists.items() for text in texts)
