"""Markdown from a model made harmless while it streams: no images, no HTML, only web links.

A link may lead to http, https and the commands in `COMMANDS`. What may not pass becomes plain
text, so that a reader sees what was there. Code passes as it is, but only where every reader of
Markdown would see code too: where that is not certain, it is treated as text.
"""

import re
from collections.abc import Iterator

COMMANDS = ("backendExpert.explainRule",)

_ALLOWED = ("http://", "https://", *(f"command:{name}".lower() for name in COMMANDS))
_LONGEST = max(map(len, _ALLOWED))
_FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`\n]*$)|~{3,})(.*)$")
_BLANK = " \t\n"
_FENCES = ("```", "~~~")
_CONTAINERS = " \t>-*+0123456789.)"  # what lists and quotes begin their lines with
# Where a line may turn into more than text; what follows decides.
_DOUBTFUL = re.compile(r"<|!\[|\]\(|\]:|\\`*|`+")


class Sanitiser:
    """Takes Markdown in parts and gives it back harmless, in parts; then `end`."""

    def __init__(self) -> None:
        self._held = ""
        self._begins_line = True  # what is held does
        self._is_code = False  # the line is a fence, or lies inside of one
        self._fence = _Fence()
        self._spans = _Spans()

    def add(self, text: str) -> str:
        """The next part; what cannot be decided yet is kept back."""
        self._held += text.replace("\r", "")  # which would end a line too
        return "".join(self._passed(is_last=False))

    def end(self) -> str:
        """What was kept back."""
        return "".join(self._passed(is_last=True))

    def _passed(self, is_last: bool) -> Iterator[str]:
        while self._held:
            end = self._held.find("\n") + 1
            line = self._held[:end] if end else self._held
            is_whole = bool(end) or is_last
            if self._begins_line:
                if not is_whole and _may_be_fence(line):
                    return
                self._is_code = self._fence.holds(line.rstrip("\n"))
                self._spans.line(line, is_whole)
            text, rest = (line, "") if self._is_code else self._spans.harmless(line, is_whole)
            self._held = rest + self._held[len(line) :]
            if text:
                self._begins_line = text.endswith("\n")
                yield text
            if rest or not end:
                return


def _may_be_fence(line: str) -> bool:
    """Whether the start of a line may yet be, or is, a fence whose rest must be seen."""
    bare = line.lstrip(_CONTAINERS)
    return not bare or bare.startswith(_FENCES) or bare in ("`", "``", "~", "~~")


class _Fence:
    """Whether a line is fenced code.

    A fence inside of a list or a quote ends with it, which only a whole parser can tell; after one
    of these fences are taken for text until a line that is surely outside.
    """

    def __init__(self) -> None:
        self._marker = ""
        self._indent = 0
        self._doubts = False
        self._is_lost = False

    def holds(self, line: str) -> bool:
        """Whether this line, without its end, is code or the fence around it."""
        found = _FENCE.match(line)
        if self._marker:
            if line.strip(_BLANK) and len(line) - len(line.lstrip(" ")) < self._indent:
                self._marker, self._is_lost = "", True  # was it in a list? then it has ended
                return False
            if found and found[2].startswith(self._marker) and not found[3].strip(_BLANK):
                self._marker = ""
            return True
        if self._doubts and line and line[0] not in _CONTAINERS:
            self._doubts = False
        if self._doubts or self._is_lost:
            return False
        if found:
            self._marker, self._indent = found[2], len(found[1])
            return True
        self._doubts = line.lstrip(_CONTAINERS).startswith(_FENCES)
        return False


class _Spans:
    """Makes the text of lines harmless, code between backticks left as it is.

    A run of backticks that nothing closes on its line may be closed on a later one, so after it
    no code is believed in until the paragraph ends.
    """

    def __init__(self) -> None:
        self._doubts = False

    def line(self, line: str, is_whole: bool) -> None:
        """A line begins."""
        if is_whole and not line.strip(_BLANK):
            self._doubts = False

    def harmless(self, line: str, is_whole: bool) -> tuple[str, str]:
        """The line so far made harmless, and what of its end must wait for more."""
        done: list[str] = []
        at = 0
        while found := _DOUBTFUL.search(line, at):
            start, mark, rest = found.start(), found[0], line[found.end() :]
            done.append(line[at:start])
            at = found.end()
            if not is_whole and self._must_wait(mark, rest):
                return "".join(done), line[start:]
            if mark[0] == "`":
                length = self._code(mark, rest)
                mark += rest[:length]
                at += length
            self._doubts |= mark.startswith("\\`")  # who knows where the next run belongs
            done.append(mark if "`" in mark else _plain(mark, rest))
        tail = line[at:]
        if not is_whole and tail.endswith(("!", "]")):
            return "".join((*done, tail[:-1])), tail[-1]
        return "".join((*done, tail)), ""

    def _must_wait(self, mark: str, rest: str) -> bool:
        if mark[0] == "`":
            closing = _closing(mark, rest)  # at the end of what is known it may yet grow
            return not self._doubts and (closing is None or closing.end() == len(rest))
        if mark[0] == "]":
            return len(rest.lstrip(_BLANK)) < _LONGEST
        return mark[0] == "\\" and not rest

    def _code(self, mark: str, rest: str) -> int:
        """How many characters after a run of backticks are code, the closing run among them."""
        found = None if self._doubts else _closing(mark, rest)
        # A bar may end the cell of a table, and the code with it.
        if found is None or "|" in rest[: found.start()]:
            self._doubts = True
            return 0
        return found.end()


def _closing(mark: str, rest: str) -> re.Match[str] | None:
    """The run of backticks that closes one; it is not the last thing known of the line."""
    return re.search(rf"(?<!`){mark}(?!`)", rest)


def _plain(mark: str, rest: str) -> str:
    """What may stand in place of a doubtful mark, by what follows it."""
    if mark == "<":
        return "&lt;"
    if mark == "![":
        return "["
    if mark == "\\":
        return "\\\\" if rest[:1] == "<" else "\\"
    is_allowed = rest.lstrip(_BLANK).lower().startswith(_ALLOWED)
    return mark if is_allowed else f"]\\{mark[1]}"
