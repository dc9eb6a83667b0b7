"""Signed webhook to durable row over 16 connections: the gateway against a bare route, interleaved, SQLite FULL.

Run: .venv/bin/python -m scripts.bench.webhook [rounds] [texts a round]
"""

import sys
from statistics import median
from time import monotonic

from scripts.bench.rig import (
    environment,
    milliseconds,
    percentile,
    post_all,
    process,
    run,
    scratch,
    signed_text,
)

CONNECTIONS = 16
GATEWAY_PORT, BARE_PORT = 8461, 8462
NOWHERE = "http://127.0.0.1:9"  # no provider: what is measured ends with the answer to the webhook
STRANGER, LINE = "+14165550177", "+14165550100"


def main() -> None:
    rounds, texts = (int(word) for word in (sys.argv[1:] + ["7", "800"][len(sys.argv) - 1 :]))
    with scratch() as folder:
        env = environment(folder, NOWHERE)
        run(env, "migrate", folder=folder)
        serve = [sys.executable, "-m", "gateway", "serve", "--port", str(GATEWAY_PORT)]
        bare = [sys.executable, "-m", "scripts.bench.bare", str(folder / "bare.db"), str(BARE_PORT)]
        with process(serve, env, folder, GATEWAY_PORT), process(bare, env, folder, BARE_PORT):
            rates: dict[int, list[float]] = {GATEWAY_PORT: [], BARE_PORT: []}
            took: dict[int, list[float]] = {GATEWAY_PORT: [], BARE_PORT: []}
            for number in range(rounds + 1):
                for port in (GATEWAY_PORT, BARE_PORT):
                    requests = [
                        signed_text(f"+1613555{n:04d}", LINE, f"text {number} {n}") for n in range(texts)
                    ]
                    began = monotonic()
                    seconds = post_all(port, requests, CONNECTIONS)
                    if number:  # the first round warms up
                        rates[port].append(texts / (monotonic() - began))
                        took[port] += seconds
    ratios = [ours / theirs for ours, theirs in zip(rates[GATEWAY_PORT], rates[BARE_PORT], strict=True)]
    for name, port in (("gateway", GATEWAY_PORT), ("bare", BARE_PORT)):
        print(f"{name:8} {median(rates[port]):6.0f} texts/s   {milliseconds(took[port])}")
    ours = took[GATEWAY_PORT]
    print(f"ratio gateway/bare: median {median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f})")
    print(f"p99/p50 of the gateway: {percentile(ours, 0.99) / percentile(ours, 0.5):.1f}")


if __name__ == "__main__":
    main()
