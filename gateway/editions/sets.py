"""A set of files of one kind: what each text in it costs, and which files staff may offer. Pure but for its readers."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from gateway.authored.changes import Files
from gateway.authored.costs import Cost
from gateway.authored.reading import AuthoringRefused, Fault
from gateway.flows import conversations
from gateway.i18n import MAX_BYTES
from gateway.library import decoded
from gateway.models import ContentKind
from gateway.prompts import catalogue
from gateway.safety.screen.reading import read_rules

ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
ENDINGS = (".yaml", ".yml")
MOST_FILES = 400


def cost_of(kind: ContentKind, files: Files) -> list[Cost]:
    """What every text of the set costs; rules are never sent. Raises AuthoringRefused with every fault of the set."""
    match kind:
        case ContentKind.PROMPTS:
            return catalogue.cost_of(catalogue.read_prompts(files))
        case ContentKind.FLOWS:
            return conversations.cost_of(conversations.read_flows(files))
        case ContentKind.SCREENING:
            read_rules(decoded(files))
            return []


def offered(found: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Files as a browser sends them, by name. Raises AuthoringRefused for what is no YAML file of ours.

    Only the last part of a name is kept: browsers differ in what they send before it.
    """
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for path, source in found:
        name = PurePosixPath(path.replace("\\", "/")).name
        if fault := _fault(name, source, files):
            faults.append(fault)
        else:
            files[f"{PurePosixPath(name).stem}.yaml"] = source
    if faults:
        raise AuthoringRefused(faults)
    return files


def _fault(name: str, source: bytes, others: Mapping[str, bytes]) -> Fault | None:
    """The first thing that is wrong with one file, if anything is."""
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix.lower()
    rules = (
        (source.startswith(ARCHIVES), "this is an archive", "unpack it, and choose the YAML files in it"),
        (
            ending not in ENDINGS or not name.isprintable(),
            "this is no YAML file",
            "choose files whose names end in .yaml",
        ),
        (
            name in conversations.CHARTERS,
            "this file is read from disk at each start",
            "give it to whoever runs the gateway",
        ),
        (len(source) > MAX_BYTES, f"larger than {MAX_BYTES} bytes", "split it"),
        (f"{stem}.yaml" in others, "two files have this name", "choose one of them"),
        (len(others) >= MOST_FILES, f"more than {MOST_FILES} files", "send fewer at a time"),
    )
    return next((Fault(name, 1, what, remedy) for is_so, what, remedy in rules if is_so), None)


def merged(before: Files, files: Files) -> dict[str, bytes]:
    """`before` with these files in it. A file takes the place of the one with the same name, in whatever folder that is."""
    places = {PurePosixPath(path).name: path for path in before}
    return dict(before) | {places.get(name, name): source for name, source in files.items()}
