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
    number = _number()
    found = session.exec(rows.offset((number - 1) * size).limit(size + 1)).all()
    return Page(
        rows=list(found[:size]),
        before=_path(number - 1) if number > 1 else None,
        after=_path(number + 1) if len(found) > size else None,
    )


def _number() -> int:
    asked = request.args.get("page", "1")
    return min(max(1, int(asked)), LAST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _path(number: int) -> str:
    values = {**(request.view_args or {}), **request.args.to_dict(), "page": number}
    return link(request.endpoint or "", **values)
