"""Why a file is not checked, told by its text: too big, binary, minified."""

from backend_expert.text.lines import LINE_END

MOST_CHARACTERS = 2_000_000
LONGEST_LINE = 20_000
HEAD = 8_192  # where a NUL tells that the file is not text

TOO_BIG = "This file is over 2 MB, so it is not checked."
BINARY = "This file holds binary data, so it is not checked."
MINIFIED = "This file has a line over 20,000 characters long (minified?), so it is not checked."


def why_skipped(text: str) -> str:
    """Why a text is not checked, in one sentence; empty when it is."""
    if len(text) > MOST_CHARACTERS:
        return TOO_BIG
    if "\0" in text[:HEAD]:
        return BINARY
    if max(map(len, text.split("\n"))) < LONGEST_LINE:
        return ""
    at = 0
    for found in LINE_END.finditer(text):  # a line may end in `\r` too
        if found.end() - at > LONGEST_LINE:
            return MINIFIED
        at = found.end()
    return MINIFIED if len(text) - at > LONGEST_LINE else ""
