"""The home page: what this is, and how it is doing, in plain words and without names."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from gateway.providers.simulator import SimulatedNetwork
from gateway.web.console.guard import go, signed_in
from gateway.web.console.nav import way_in
from gateway.web.current import current_gateway
from gateway.web.health import health_of

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Staff who are signed in go on to where their work begins."""
    who = signed_in()
    if who:
        return go(way_in(who))
    gateway = current_gateway()
    return render_template(
        "home.html", health=health_of(gateway), is_simulated=isinstance(gateway.provider, SimulatedNetwork)
    )
