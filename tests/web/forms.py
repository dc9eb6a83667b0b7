"""Reads the forms of a page as a browser would, so that tests send what the page itself offers."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form: where it goes, and what it carries before anybody types."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
        elif tag in {"input", "textarea", "select"} and self.forms and "name" in found:
            self.forms[-1].fields[found["name"]] = found.get("value", "")


def forms_of(page: str) -> list[Form]:
    """Every form of the page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
