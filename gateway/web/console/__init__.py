"""The console: pages for staff. Each is guarded, reads private rows through `people.access` only, and audits it.

To add a page: a module with a blueprint here, its name in PAGES, a row in `tests/web/test_routes.py`, French in
`translations/`. `nav.py` shows it once its endpoint exists.
"""

from flask import Flask, Response

from gateway.people.access import Hidden
from gateway.web import errors
from gateway.web.console import (
    account,
    alert_texts,
    alerts,
    audit,
    calendar,
    care,
    insight,
    lines,
    matches,
    matching,
    nav,
    once,
    people,
    program,
    review,
    second_factor,
    self_service,
    shifts,
    sign_in,
    staff,
    today,
    welcome,
)

PAGES = (
    sign_in,
    welcome,
    second_factor,
    account,
    today,
    matches,
    calendar,
    people,
    lines,
    staff,
    program,
    insight,
    audit,
    care,
    review,
    alerts,
    shifts,
)


ROOMS = (
    self_service,
    alert_texts,
    *matching.PAGES,
    *people.PAGES,
)  # imported so that their routes are on their blueprints


def set_up(app: Flask) -> None:
    """Register the pages, and what their templates call."""
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    app.register_error_handler(Hidden, _not_there)
    app.jinja_env.globals.update(form_id=once.form_id, outcome=once.outcome, places=nav.places)


def _not_there(_error: Hidden) -> Response:
    """Not there, or not for this viewer: one answer for both."""
    return errors.page(404)
