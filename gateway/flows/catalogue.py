"""Reads the program's files from the content folder, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from gateway.flows.schema import Charter
from gateway.i18n import ContentRefused, Voice, read_texts, read_yaml


@dataclass(frozen=True)
class Content:
    """The charter, and the voice in which the program speaks."""

    charter: Charter
    voice: Voice


def read_content(folder: Path) -> Content:
    """Read `flows/` in `folder`. Raises ContentRefused with a line for each fault."""
    flows = folder / "flows"
    charter = read_charter(flows / "program.yaml")
    return Content(charter, Voice(read_texts(flows / "texts.yaml"), charter.words))


def read_charter(path: Path) -> Charter:
    """Raises ContentRefused naming each field that cannot be used."""
    try:
        return Charter.model_validate(read_yaml(path))
    except ValidationError as error:
        lines = [
            f"{path}: {'.'.join(str(part) for part in fault['loc']) or 'the file'}: "
            f"{str(fault['msg']).removeprefix('Value error, ')}."
            for fault in error.errors()
        ]
        raise ContentRefused("\n".join(lines)) from None
