"""The blueprint of all pages about what the program says."""

from flask import Blueprint, request
from sqlalchemy import func
from sqlmodel import col, select

from gateway.db import Session
from gateway.editions.sets import MOST_FILES
from gateway.models import ContentKind, Match, MatchState
from gateway.people.access import Hidden, Viewer, sees_match

blueprint = Blueprint("program", __name__)
LARGEST_UPLOAD_BYTES = 1_500_000
USUAL_PAIRS = 100
MOST_PAIRS = 100_000


@blueprint.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A set of files is larger than any other form. Werkzeug counts a piece of a file that it still reads as form memory."""
    if endpoint == "program.send":
        request.max_content_length = request.max_form_memory_size = LARGEST_UPLOAD_BYTES
        request.max_form_parts = MOST_FILES + 10


def pairs_wanted(session: Session, viewer: Viewer) -> int:
    """The number of pairs that a month is reckoned for: as asked, else the viewer's open matches."""
    asked = request.args.get("pairs", "")
    if asked.isascii() and asked.isdigit() and len(asked) <= 6:
        return min(max(1, int(asked)), MOST_PAIRS)
    is_open = col(Match.state) != MatchState.CLOSED
    count = session.exec(select(func.count(col(Match.id))).where(sees_match(viewer), is_open)).one()
    return count or USUAL_PAIRS


def kind_named(name: str) -> ContentKind:
    """The kind in an address. Raises Hidden."""
    try:
        return ContentKind(name)
    except ValueError:
        raise Hidden from None
