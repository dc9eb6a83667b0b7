"""The yardstick for `webhook`: a bare Flask route with a signature check and two plain sqlite3 inserts, fully synced."""

import sqlite3
import sys
from threading import local

from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication
from twilio.request_validator import RequestValidator

from gateway.cli.serve import THREADS
from scripts.bench.rig import PUBLIC_URL, SMS_PATH, TOKEN

here = local()


def connection(file: str) -> sqlite3.Connection:
    """One connection a thread."""
    if not hasattr(here, "connection"):
        here.connection = sqlite3.connect(file, timeout=30, isolation_level=None)
        here.connection.execute("PRAGMA journal_mode=WAL")
        here.connection.execute("PRAGMA synchronous=FULL")
    return here.connection  # type: ignore[no-any-return]


def build(file: str) -> Flask:
    app = Flask("bare")
    validator = RequestValidator(TOKEN)
    connection(file).execute(
        "CREATE TABLE IF NOT EXISTS inbound (sid TEXT PRIMARY KEY, sender TEXT, line TEXT, body TEXT)"
    )
    connection(file).execute("CREATE TABLE IF NOT EXISTS log (sid TEXT, what TEXT)")

    @app.get("/healthz")
    def healthz() -> str:
        return "well"

    @app.post(SMS_PATH)
    def sms() -> Response:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(PUBLIC_URL + SMS_PATH, request.form, signature):
            return Response(status=403)
        form = request.form
        db = connection(file)
        db.execute("BEGIN IMMEDIATE")
        db.execute(
            "INSERT INTO inbound VALUES (?, ?, ?, ?)",
            (form["MessageSid"], form["From"], form["To"], form["Body"]),
        )
        db.execute("INSERT INTO log VALUES (?, ?)", (form["MessageSid"], "received"))
        db.execute("COMMIT")
        return Response('<?xml version="1.0" encoding="UTF-8"?><Response/>', mimetype="text/xml")

    return app


class Server(BaseApplication):
    """The same server settings as `gateway serve`."""

    def load_config(self) -> None:
        settings = {
            "bind": f"127.0.0.1:{sys.argv[2]}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
        }
        for name, value in (
            settings | {"keepalive": 5, "loglevel": "warning", "control_socket_disable": True}
        ).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]
        return build(sys.argv[1])


if __name__ == "__main__":
    Server().run()
