"""The one stylesheet, served from memory under an address that changes with its content."""

import hashlib
from pathlib import Path

from flask import Flask, Response

ONE_YEAR = 31_536_000


def set_up(app: Flask) -> None:
    """Read the stylesheet once, and give it an address that may be kept for a year."""
    content = (Path(app.root_path) / "static" / "passerelle.css").read_bytes()
    fingerprint = hashlib.sha256(content).hexdigest()[:12]

    def serve() -> Response:
        response = Response(content, mimetype="text/css")
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
        return response

    app.add_url_rule(f"/static/passerelle.{fingerprint}.css", "stylesheet", serve)
