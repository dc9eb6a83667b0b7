"""The blueprint of the pages of figures, and whose matches a viewer's figures count."""

from flask import Blueprint
from sqlalchemy import select
from sqlmodel import col

from gateway.insight.live import Matches
from gateway.models import Match
from gateway.people.access import Viewer, counts_match

blueprint = Blueprint("insight", __name__)


def counted(viewer: Viewer) -> Matches:
    """The ids of the matches that are counted for this viewer."""
    return select(col(Match.id)).where(counts_match(viewer))
