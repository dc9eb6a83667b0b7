"""How a route finds the gateway that it belongs to."""

from typing import cast

from flask import current_app

from gateway.runtime import Gateway


def current_gateway() -> Gateway:
    """The gateway that `build` was given."""
    return cast(Gateway, current_app.extensions["gateway"])
