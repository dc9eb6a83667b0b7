"""How a route finds the gateway that it belongs to, and who is looking."""

from typing import cast

from flask import current_app, g

from gateway.people.access import Viewer
from gateway.runtime import Gateway


def current_gateway() -> Gateway:
    """The gateway that `build` was given."""
    return cast(Gateway, current_app.extensions["gateway"])


def current_viewer() -> Viewer | None:
    """The member of staff whom the guard let in; None on pages without a guard. It never touches the database."""
    return cast(Viewer | None, g.get("viewer"))


def let_in(viewer: Viewer) -> None:
    """Only the guard calls this."""
    g.viewer = viewer
