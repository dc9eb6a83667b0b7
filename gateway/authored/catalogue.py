"""Turns a folder's pages into models, whole or not at all; whatever pydantic refuses gets its line and a remedy."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from gateway.authored.reading import AuthoringRefused, Fault, Page, read_page
from gateway.authored.said import WithTexts, faults_of

M = TypeVar("M", bound=BaseModel)
W = TypeVar("W", bound=WithTexts)
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
REMEDIES = {
    "extra_forbidden": "remove it, or correct its spelling",
    "missing": "add it",
    "string_type": "write text, in quotes",
    "int_type": "write a whole number without quotes",
    "bool_type": "write true or false",
    "literal_error": "choose one of the words that it names",
    "tuple_type": "write a list, as in [one, two]",
    "dict_type": "write it as key: value",
    "model_type": "write it as key: value",
}


def read_pages(files: Mapping[str, bytes]) -> tuple[list[Page], list[Fault]]:
    """Each file's page, and the faults of those that cannot be read."""
    pages, faults = [], []
    for name, source in files.items():
        try:
            pages.append(read_page(source, name))
        except AuthoringRefused as refused:
            faults += refused.faults
    return pages, faults


def read_set(
    files: Mapping[str, bytes], model: type[W], own_faults: Callable[[Page, W], Iterable[Fault]]
) -> tuple[dict[str, W], dict[str, Page], list[Fault]]:
    """(each file's model by its slug, its page by its slug, every fault in all of them)."""
    pages, faults = read_pages(files)
    read: dict[str, W] = {}
    by_slug: dict[str, Page] = {}
    for page in pages:
        found = build(page, model, faults)
        slug = slug_of(page, by_slug, faults)
        by_slug.setdefault(slug, page)
        if found:
            read.setdefault(slug, found)
            faults += [fault for wording in found.wordings() for fault in faults_of(page, wording)]
            faults += own_faults(page, found)
    return read, by_slug, faults


def build(page: Page, model: type[M], faults: list[Fault]) -> M | None:
    """The page as a `model`; None after adding its faults."""
    if not isinstance(page.value, dict):
        faults.append(page.fault((), "the file holds no keys", "write it as key: value"))
        return None
    try:
        return model.model_validate(_with_tuples(page.value))
    except ValidationError as error:
        for found in error.errors():
            place = tuple(found["loc"])
            what, remedy = _in_words(place, str(found["type"]), str(found["msg"]))
            faults.append(page.fault(place, what, remedy))
        return None


def _in_words(place: tuple[int | str, ...], kind: str, message: str) -> tuple[str, str]:
    name = ".".join(str(step) for step in place) or "the file"
    text = message.removeprefix("Value error, ")
    what, _, remedy = text.partition("; ")
    if kind == "extra_forbidden":
        what = "this key is not known"
    return f"{name}: {what}", remedy or REMEDIES.get(kind, "correct it")


def _with_tuples(value: object) -> object:
    """Lists as tuples: the models are frozen and strict."""
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return tuple(_with_tuples(item) for item in value) if isinstance(value, list) else value


def slug_of(page: Page, taken: Mapping[str, object], faults: list[Fault]) -> str:
    """The file's stem, which names what it holds; a fault when it cannot, or when another file has it."""
    slug = PurePosixPath(page.file).stem
    if not SLUG.fullmatch(slug):
        faults.append(
            page.fault((), f"{slug!r} cannot be a name", "name the file with at most 40 of a-z, 0-9 and -")
        )
    elif slug in taken:
        faults.append(page.fault((), f"another file is named {slug!r} too", "rename one of the two"))
    return slug


def known(names: Iterable[str]) -> str:
    """A list of names for a remedy, short enough to read."""
    listed = sorted(names)
    return ", ".join(listed[:12]) + (", …" if len(listed) > 12 else "") if listed else "none"
