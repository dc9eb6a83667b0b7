"""A line's measured rate against the one it was given, and what a broadcast does to a relay.

A local HTTP server plays Twilio; the gateway is the real one, embedded, on SQLite.
Run: .venv/bin/python -m scripts.bench.pace [seconds a rate] [broadcast]
"""

import sys
from time import monotonic, sleep

from scripts.bench.rig import (
    enrol,
    environment,
    fill,
    milliseconds,
    percentile,
    post_all,
    process,
    scratch,
    signed_text,
)
from tests.twilio_server import TwilioServer
from tests.world import lettered

PORT = 8464
RATES = (1, 3, 10, 100)


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    broadcast = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    for rate in RATES:
        _rate(rate, seconds)
    _broadcast(broadcast)


def _rate(rate: int, seconds: int) -> None:
    """One line; queue more than fits, then start, and count what left in each second."""
    with scratch() as folder, TwilioServer(post=lambda *_: 200) as twilio:
        env = environment(folder, twilio.url)
        enrol(env, folder, pairs=1, pace=rate)
        fill(env, folder, rate * (seconds + 5), lines=1)
        with process([sys.executable, "-m", "gateway", "serve", "--port", str(PORT)], env, folder, PORT):
            sleep(seconds + 2)
        lines = {message.from_number for message in twilio.messages}
        for line in sorted(lines):
            sent = sorted(m.created_at.timestamp() for m in twilio.messages if m.from_number == line)
            _say_rate(rate, sent)


def _say_rate(rate: int, sent: list[float]) -> None:
    """The mean rate between the first and the last text, and the most within any one second."""
    span = sent[-1] - sent[0]
    mean = (len(sent) - 1) / span if span else 0.0
    most = max(sum(1 for later in sent[n:] if later < start + 1.0) for n, start in enumerate(sent))
    print(
        f"given {rate:3}/s: measured {mean:6.2f}/s ({mean / rate:.0%}), at most {most} within any second, {len(sent)} texts"
    )


def _broadcast(count: int) -> None:
    """Relays alone, then while `count` prompts wait on the same lines: the time from webhook to provider call."""
    with scratch() as folder, TwilioServer(post=lambda *_: 200) as twilio:
        env = environment(folder, twilio.url)
        ties = enrol(env, folder, pairs=4, pace=100)
        with process([sys.executable, "-m", "gateway", "serve", "--port", str(PORT)], env, folder, PORT):
            alone = _relays(twilio, ties, "alone")
            fill(env, folder, count)
            during = _relays(twilio, ties, "during")
            left = sum("prompt" in message.body for message in twilio.messages)
        print(f"relay, idle:                          {milliseconds(alone)}")
        print(
            f"relay, while {count} prompts wait:      {milliseconds(during)}   ({left} prompts left meanwhile)"
        )
        print(f"p95 during / p95 idle: {percentile(during, 0.95) / percentile(alone, 0.95):.2f}")


def _relays(twilio: TwilioServer, ties: list[tuple[str, str, str, str]], word: str) -> list[float]:
    took = []
    for n in range(120):
        youth, mask, _, _ = ties[n % len(ties)]
        body = f"{word} {lettered(n)}"
        request = signed_text(youth, mask, body)
        began = monotonic()
        post_all(PORT, [request], 1)
        while not any(m.body == body for m in twilio.messages[-40:]):
            if monotonic() > began + 20:
                raise TimeoutError(body)
            sleep(0.001)
        took.append(monotonic() - began)
        sleep(0.03)
    return took


if __name__ == "__main__":
    main()
