"""What a request tells about where it comes from: a coarse word for the device, and the network address."""

from flask import request

from gateway.web.current import current_gateway

# The first that is found names it: most browsers pretend to be others as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
}
BROWSERS |= {"CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
SYSTEMS |= {"Mac OS": "Mac", "CrOS": "Chromebook", "Linux": "Linux"}


def device() -> str:
    """As in "Firefox, Android"; no version, nothing that could be used to follow somebody."""
    agent = request.user_agent.string
    found = [
        next((name for mark, name in names.items() if mark in agent), "") for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or "?"


def address() -> str | None:
    """The network address of whoever asks, as far as it can be trusted.

    Each proxy adds to the end of X-Forwarded-For whom it heard; what stands before ours is anybody's invention.
    """
    ours = current_gateway().settings.gateway_trusted_proxies
    heard = [part.strip() for part in ",".join(request.headers.getlist("X-Forwarded-For")).split(",")]
    return heard[-ours] if 0 < ours <= len(heard) else request.remote_addr
