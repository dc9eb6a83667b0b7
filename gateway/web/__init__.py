"""The web edge: webhooks, health, home page, console and simulated phones. Each route parses, guards, calls one function, renders."""

from urllib.parse import urlsplit

from flask import Flask
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]

from gateway.limits import LARGEST_BODY_BYTES
from gateway.providers.simulator import SimulatedNetwork
from gateway.runtime import Gateway
from gateway.web import console, errors, health, home, languages, phones, plays, stylesheet, webhooks
from gateway.web.headers import add_headers


def build(gateway: Gateway) -> Flask:
    """The Flask application of a gateway. Proxy headers (X-Forwarded-*) are never looked at."""
    app = build_webhooks(gateway)
    Compress(app)
    for blueprint in (health.blueprint, home.blueprint):
        app.register_blueprint(blueprint)
    console.set_up(app)
    if isinstance(gateway.provider, SimulatedNetwork):
        app.register_blueprint(phones.blueprint)
        app.register_blueprint(plays.blueprint)
    return app


def build_webhooks(gateway: Gateway) -> Flask:
    """The front door alone, as providers know it. Phones of the simulated network come in by one in their own process."""
    app = Flask("gateway", static_folder=None)
    app.extensions["gateway"] = gateway
    app.config.update(_settings(gateway))
    app.url_map.merge_slashes = False  # an address that needs a redirect would break its signature
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.after_request(add_headers)
    errors.set_up(app)
    languages.set_up(app)
    stylesheet.set_up(app)
    CSRFProtect(app).exempt(webhooks.blueprint)
    app.register_blueprint(webhooks.blueprint)
    return app


def _settings(gateway: Gateway) -> dict[str, object]:
    is_https = urlsplit(gateway.settings.gateway_public_url).scheme == "https"
    return {
        "SECRET_KEY": gateway.settings.gateway_secret_key,
        "MAX_CONTENT_LENGTH": LARGEST_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY_BYTES,
        "MAX_FORM_PARTS": 100,
        "SESSION_COOKIE_NAME": "__Host-passerelle" if is_https else "passerelle",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "WTF_CSRF_TIME_LIMIT": None,  # a form that lay open on a poor link all day still goes
        "WTF_CSRF_SSL_STRICT": False,  # the cookie is SameSite=Strict; some phones and proxies strip the Referer
        "COMPRESS_MIMETYPES": ["text/html", "text/css"],
        "COMPRESS_ALGORITHM": ["br", "gzip"],
    }


__all__ = ["build", "build_webhooks"]
