"""How long the screen takes: everyday texts, and the worst 1,600 letters that we could think of.

Seconds of the processor, so that a busy machine does not count; the best of some rounds for the worst texts.

Run: .venv/bin/python -m scripts.bench.screen_speed
"""

import time
from pathlib import Path
from statistics import quantiles

from gateway.library import shipped_rules
from gateway.safety.screen import Rules, Writer, screen
from gateway.safety.screen.reading import read_rules
from tests.safety.screen.shipped import ordinary
from tests.safety.screen.test_speed import LENGTH, NASTY

ROUNDS = 5


def main() -> None:
    begun = time.process_time()
    rules = read_rules(shipped_rules(Path()))
    print(f"reading the rules, once: {time.process_time() - begun:.1f} s")
    usual = [_milliseconds(rules, text, lang) for lang in ("en", "fr") for text in ordinary(lang) * ROUNDS]
    print(f"everyday: median {quantiles(usual)[1]:.2f} ms, p99 {quantiles(usual, n=100)[98]:.2f} ms (goal 2)")
    worst = {piece: min(_nasty(rules, piece) for _ in range(ROUNDS)) for piece in NASTY}
    for piece, span in sorted(worst.items(), key=lambda one: -one[1])[:8]:
        print(f"{LENGTH} letters of {piece!r}: {span:.1f} ms (goal 20)")


def _nasty(rules: Rules, piece: str) -> float:
    return _milliseconds(rules, (piece * LENGTH)[:LENGTH], "fr")


def _milliseconds(rules: Rules, text: str, language: str) -> float:
    begun = time.process_time()
    screen(rules, text, language, Writer.YOUTH)
    return 1000 * (time.process_time() - begun)


if __name__ == "__main__":
    main()
