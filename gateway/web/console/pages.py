"""Long lists, a page at a time. The page's number is all that stands in its address."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db import Session
from gateway.web.languages import link

T = TypeVar("T")
LAST = 9999


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and the paths of the pages before and after; None where there is none."""

    rows: list[T]
    before: str | None
    after: str | None


def page_of(session: Session, rows: SelectOfScalar[T], size: int) -> Page[T]:
    """The page that this request asks for. `rows` must be in an order; for logs of thousands seek by id instead."""
    found = session.exec(rows.offset((number() - 1) * size).limit(size + 1)).all()
    return page_at(list(found[:size]), size, (number() - 1) * size + len(found))


def page_at(rows: list[T], size: int, total: int) -> Page[T]:
    """The page that this request asks for, when its rows are here already and it is known how many there are in all."""
    here = number()
    return Page(
        rows=rows,
        before=_path(here - 1) if here > 1 else None,
        after=_path(here + 1) if here * size < total else None,
    )


def number() -> int:
    """Which page this request asks for, from 1."""
    asked = request.args.get("page", "1")
    return min(max(1, int(asked)), LAST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _path(number: int) -> str:
    values = {**(request.view_args or {}), **request.args.to_dict(), "page": number}
    return link(request.endpoint or "", **values)
