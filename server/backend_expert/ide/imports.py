"""Where a missing import goes: one edit for each statement that a fix wants and the file lacks."""

import re
import sys
from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Class, Function, Import, Statement, Text, Try
from backend_expert.ide.scripts import script_imports
from backend_expert.technologies.catalogue import family
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

_WANTED = re.compile(r"^(?:from\s+(\S+)\s+import\s+(.+)|import\s+(.+))$")
_ONE_LINE_FROM = re.compile(r"^from\s+\S+\s+import\s+(\w+(?:\s*,\s*\w+)*)[ \t]*$")
_LONGEST_LINE = 88
_FUTURE, _STANDARD, _OTHER, _LOCAL = range(4)


class Line(msgspec.Struct, frozen=True):
    """One import statement of a Python file: its lines (the last included) and how it sorts."""

    first: int
    last: int
    module: str
    is_from: bool

    @property
    def section(self) -> int:
        """Which group it belongs to: future, standard library, packages, relative."""
        return section_of(self.module)

    @property
    def key(self) -> tuple[bool, str]:
        """Sorts as isort does: plain imports first, then by module."""
        return self.is_from, self.module.lower()


def import_edits(document: Document, statements: tuple[str, ...]) -> tuple[Edit, ...]:
    """The edits that bring in what `statements` import, without those that are there already."""
    if family(document.language) == "javascript":
        return script_imports(document, statements, list(_known(document)))
    known = {(i.module, i.name, i.binds) for i, _ in _known(document)}
    edits: list[Edit] = []
    for statement in statements:
        edits += _python(document, statement.strip(), known)
    return tuple(edits)


def _known(document: Document) -> Iterator[tuple[Import, int]]:
    """The imports that run when the file is loaded, each with its offset in the document."""
    for at, piece in enumerate(document.pieces):
        if not piece.item.place.owner:
            for fact in _imports(piece.item.body):
                yield fact, document.start_of(at) + fact.span.start


def _imports(body: tuple[Statement, ...]) -> Iterator[Import]:
    for statement in body:
        if isinstance(statement, Import):
            yield statement
        elif isinstance(statement, Try):
            yield from _imports(statement.body)


# -- Python ---------------------------------------------------------------------------------------


def _python(
    document: Document, statement: str, known: set[tuple[str, str | None, str]]
) -> Iterator[Edit]:
    wanted = _WANTED.match(statement)
    if wanted is None:
        return
    module, names, modules = wanted.groups()
    if modules:
        parts = [part.strip().partition(" as ") for part in modules.split(",")]
        if all((name, None, alias or name.split(".")[0]) in known for name, _, alias in parts):
            return
        yield placed(document, statement, parts[0][0], is_from=False)
        return
    missing: list[str] = []
    for written in names.strip("() ").split(","):
        name, _, alias = written.strip().partition(" as ")
        if (module, name, alias or name) not in known:
            missing.append(written.strip())
    if not missing:
        return
    joined = _joined(document, module, missing) if module != "__future__" else None
    rest = f"from {module} import {', '.join(missing)}"
    yield joined or placed(document, rest, module, is_from=True)


def _joined(document: Document, module: str, names: list[str]) -> Edit | None:
    """An edit that adds a name to `from module import …` when that is one plain line."""
    for line in statements(document):
        if line.module != module or not line.is_from or line.first != line.last:
            continue
        text = document.line_text(line.first)
        found = _ONE_LINE_FROM.match(text)
        if found is None or len(names) > 1 or len(text) + len(names[0]) + 2 > _LONGEST_LINE:
            continue
        start = document.line_start(line.first)
        for name in re.finditer(r"\w+", found[1]):
            if name[0].lower() > names[0].lower():
                at = start + found.start(1) + name.start()
                return Edit(Span(at, at), f"{names[0]}, ")
        at = start + found.end(1)
        return Edit(Span(at, at), f", {names[0]}")
    return None


def placed(document: Document, statement: str, module: str, *, is_from: bool) -> Edit:
    """The edit that puts a whole statement among the imports, or where the first import goes."""
    lines = statements(document)
    newline = document.newline
    section = section_of(module)
    block = _block(lines, section, module)
    if block:
        after = [line for line in block if line.key > (is_from, module.lower())]
        if after:
            return _insert(document, after[0].first, statement + newline)
        return _below(document, block[-1].last, statement)
    before = [line for line in lines if line.section < section]
    if before:
        gap = newline + statement
        return _below(document, before[-1].last, gap)
    if lines:
        return _insert(document, lines[0].first, statement + newline * 2)
    return _first(document, statement)


def section_of(module: str) -> int:
    """Which group of imports a module belongs to."""
    root = module.split(".")[0]
    if module.startswith("."):
        return _LOCAL
    if root == "__future__":
        return _FUTURE
    return _STANDARD if root in sys.stdlib_module_names else _OTHER


def _block(lines: list[Line], section: int, module: str) -> list[Line]:
    """The run of imports that a module fits best: one with its own package, or the first."""
    blocks: list[list[Line]] = []
    for line in lines:
        if line.section != section:
            continue
        if blocks and line.first <= blocks[-1][-1].last + 1:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    root = module.split(".")[0]
    for block in blocks:
        if any(line.module.split(".")[0] == root for line in block):
            return block
    return blocks[0] if blocks else []


def statements(document: Document) -> list[Line]:
    """The import statements at the head of a Python file, before its first function or class."""
    found: list[Line] = []
    for at, piece in enumerate(document.pieces):
        body = piece.item.body
        if piece.item.place.owner or any(isinstance(s, Function | Class) for s in body):
            break
        for fact in body:
            if not isinstance(fact, Import):
                continue
            line = document.position(document.start_of(at) + fact.span.start)[0]
            if not found or line > found[-1].last:
                found.append(_statement(document, line, fact))
    return found


def _statement(document: Document, line: int, fact: Import) -> Line:
    """The whole statement that imports `fact`, whose name stands on `line`."""
    first = line
    while first > 0 and not document.line_text(first).lstrip().startswith(("import", "from")):
        first -= 1
    last, open_brackets = first, 0
    while True:
        text = document.line_text(last).partition("#")[0].rstrip()
        open_brackets += text.count("(") - text.count(")")
        if (open_brackets <= 0 and not text.endswith("\\")) or last + 1 >= document.line_count:
            break
        last += 1
    return Line(first, max(last, line), fact.module, fact.name is not None)


def _first(document: Document, statement: str) -> Edit:
    """The edit that makes the file's first import, below its docstring or header comment."""
    newline = document.newline
    pieces = document.pieces
    body = pieces[0].item.body
    if body and isinstance(body[0], Text):
        last = document.position(body[0].span.end)[0]
        gap = newline if document.line_text(last + 1).strip() else ""
        return _below(document, last, newline + statement + gap)
    line = 0
    while document.line_text(line).startswith("#"):
        line += 1
    if line and (not document.line_text(line).strip() or _is_magic(document.line_text(0))):
        return _below(document, line - 1, newline + statement)
    begins_definition = bool(body) and isinstance(body[0], Function | Class)
    return _insert(document, 0, statement + newline * (3 if begins_definition else 2))


def _is_magic(line: str) -> bool:
    return line.startswith("#!") or "coding" in line


def _insert(document: Document, line: int, text: str) -> Edit:
    at = document.line_start(line)
    return Edit(Span(at, at), text)


def _below(document: Document, line: int, text: str) -> Edit:
    """An insertion of whole lines below `line`, which may be the last and have no line end."""
    newline = document.newline
    if line + 1 < document.line_count:
        return _insert(document, line + 1, text + newline)
    at = document.end_of_file
    return Edit(Span(at, at), newline + text)
