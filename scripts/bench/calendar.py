"""Segments of the shipped French texts, against the same words as a word processor would have left them.

"Unchecked" means the same words with only their typography changed: curly apostrophes and guillemets, a narrow no-break
space before ; : ? ! and inside guillemets, one ellipsis sign for three dots, and no easing by the gateway. No word is
changed and none is made longer, so the difference is what the check and the easing save, not what shorter writing saves.
Run: .venv/bin/python -m scripts.bench.calendar
"""

import re
from pathlib import Path

from gateway.authored.reading import yaml_files
from gateway.authored.said import Wording
from gateway.flows.conversations import read_flows
from gateway.prompts.catalogue import read_prompts
from gateway.sms.segments import measure

NARROW = "\u202f"


def as_typeset(text: str) -> str:
    """The text with the signs that French typography asks for."""
    text = re.sub(r"(?<!\w)'([^']+)'", f"«{NARROW}\\1{NARROW}»", text)
    text = text.replace("'", "’").replace("...", "…")
    return re.sub(r" ([;:?!])", f"{NARROW}\\1", text)


def segments(wordings: list[Wording]) -> tuple[int, int, int]:
    """(texts, segments as they leave, segments unchecked)."""
    texts = [wording.as_it_leaves("fr") for wording in wordings]
    shipped = sum(measure(text).segments for text in texts)
    return len(texts), shipped, sum(measure(as_typeset(text)).segments for text in texts)


def main() -> None:
    prompts = read_prompts(yaml_files(Path("prompts"))).wordings()
    flows = read_flows(yaml_files(Path("flows"))).wordings()
    for name, found in (("calendar (prompts/)", prompts), ("conversations (flows/)", flows)):
        count, shipped, unchecked = segments([wording for _, _, wording in found])
        print(
            f"{name}: {count} French texts, {shipped} segments; unchecked {unchecked} ({shipped / unchecked:.2f})"
        )


if __name__ == "__main__":
    main()
