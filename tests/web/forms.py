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
        self.choice = ""  # the name of the list that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
            return
        fields = self.forms[-1].fields if self.forms else {}
        is_left_empty = found.get("type") in {"checkbox", "radio"} and "checked" not in found
        if tag == "select":
            self.choice = found.get("name", "")
        elif tag == "option" and ("selected" in found or self.choice not in fields):
            fields[self.choice] = found.get("value", "")
        elif tag in {"input", "textarea"} and "name" in found and not is_left_empty:
            fields[found["name"]] = found.get("value", "")


def forms_of(page: str) -> list[Form]:
    """Every form of the page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
