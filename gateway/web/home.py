"""The home page: what this is, and how it is doing, in plain words and without names."""

from flask import Blueprint, render_template

from gateway.providers.simulator import SimulatedNetwork
from gateway.web.current import current_gateway
from gateway.web.health import health_of

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> str:
    gateway = current_gateway()
    return render_template(
        "home.html", health=health_of(gateway), is_simulated=isinstance(gateway.provider, SimulatedNetwork)
    )
