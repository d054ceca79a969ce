"""Who the expert is: the character that comes with the program, or one of the user's own."""

from pathlib import Path

import msgspec

OWN = Path(__file__).parent / "character.md"


class CharacterError(ValueError):
    """A character file is wrong; the message says where and how it should look."""


class Character(msgspec.Struct, frozen=True):
    """A name, one sentence about them, and the text that tells a model who it is."""

    name: str
    description: str
    text: str


def read(path: Path = OWN) -> Character:
    """A character file: front matter with `name` and `description`, then the text.

    Raises:
        CharacterError: the front matter or one of its two lines is missing.
        OSError: the file cannot be read.
    """
    lines = path.read_text("utf-8").splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in lines[1:]:
        raise CharacterError(f"{path}: a character begins with front matter between two lines ---")
    end = lines.index("---", 1)
    head: dict[str, str] = {}
    for line in lines[1:end]:
        key, colon, value = line.partition(":")
        if colon:
            head[key.strip()] = value.strip().strip("\"'")
    for key in ("name", "description"):
        if not head.get(key):
            raise CharacterError(f"{path}: the front matter lacks “{key}: …”")
    text = "\n".join(lines[end + 1 :]).strip()
    return Character(head["name"], head["description"], text)
