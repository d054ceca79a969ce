"""Imports of JavaScript and TypeScript: below the last one there is, in the form the file uses."""

import re

from backend_expert.facts.code import Import
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

_IMPORT = re.compile(r"""^import\s+(?:(.+?)\s+from\s+)?(['"])([^'"]+)\2;?$""")
_REQUIRE = re.compile(r"""^(?:const|let|var)\s+(.+?)\s*=\s*require\((['"])([^'"]+)\2\);?$""")
_SPECIFIER = re.compile(r"""["'`][^"'`\n]+["'`]\s*\)?;?""")
# What may stand before the first import: a shebang, a licence, directives such as "use strict".
_PROLOGUE = re.compile(
    r"""(?:\#!.*(?:\r?\n))?(?:\s*/\*[\s\S]*?\*/[ \t]*\r?\n(?=[ \t]*\r?\n))?"""
    r"""(?:\s*(['"])use\s\w+\1;?[ \t]*\r?\n)*"""
)


def script_imports(
    document: Document, statements: tuple[str, ...], known: list[tuple[Import, int]]
) -> tuple[Edit, ...]:
    """The edits that bring in what `statements` import, without what is there already."""
    bound = {(fact.module, fact.binds) for fact, _ in known}
    text = document.text
    commonjs = _is_commonjs(text, [offset for _, offset in known])
    edits: list[Edit] = []
    for statement in statements:
        parts = _parts(statement)
        if parts is None or all((parts[1].removeprefix("node:"), n) in bound for n in parts[2]):
            continue
        written = _written(parts[0], parts[1], text, commonjs=commonjs)
        edits.append(_placed(document, written, [offset for _, offset in known]))
    return tuple(edits)


def _parts(statement: str) -> tuple[str, str, list[str]] | None:
    """What a statement binds as written, its module, and the names that it binds."""
    found = _IMPORT.match(statement.strip()) or _REQUIRE.match(statement.strip())
    if found is None or found[1] is None:
        return None
    bound = re.sub(r"^\*\s+as\s+", "", found[1]).strip()
    inner = bound.strip("{} ").split(",")
    names = [re.split(r"\s+as\s+|\s*:\s*", name.strip())[-1] for name in inner if name.strip()]
    return found[1].strip(), found[3], names


def _written(bound: str, module: str, text: str, *, commonjs: bool) -> str:
    """The import in the file's own form: module system, quotes and semicolon as its others have."""
    quote = "'" if text.count("'") > text.count('"') else '"'
    lines = [line.rstrip() for line in text.splitlines() if line.rstrip()]
    with_semicolon = not lines or sum(line.endswith(";") for line in lines) * 8 >= len(lines)
    end = ";" if with_semicolon else ""
    if commonjs:
        name = re.sub(r"^\*\s+as\s+", "", bound)
        name = re.sub(r"(\w+)\s+as\s+(\w+)", r"\1: \2", name)
        return f"const {name} = require({quote}{module}{quote}){end}"
    name = re.sub(r"(\w+)\s*:\s*(\w+)", r"\1 as \2", bound)
    return f"import {name} from {quote}{module}{quote}{end}"


def _is_commonjs(text: str, offsets: list[int]) -> bool:
    """Whether the file requires rather than imports."""
    if not offsets:
        return bool(re.search(r"\brequire\(|\bmodule\.exports\b|^exports\.", text, re.MULTILINE))
    return not re.search(r"^\s*import\b[^(]|^export\b", text, re.MULTILINE)


def _placed(document: Document, statement: str, offsets: list[int]) -> Edit:
    newline = document.newline
    if offsets:
        end = _end_of_statement(document.text, max(_head(document, offsets)))
        if end < document.end_of_file:
            return Edit(Span(end, end), statement + newline)
        return Edit(Span(end, end), newline + statement)
    found = _PROLOGUE.match(document.text)
    at = found.end() if found else 0
    blank = newline if document.text[at : at + 1] not in ("", "\n", "\r") else ""
    lead = newline if blank == "" and at else ""
    return Edit(Span(at, at), lead + statement + newline + blank)


def _head(document: Document, offsets: list[int]) -> list[int]:
    """The imports at the top: those before the first function or class, if there are such."""
    found = re.search(
        r"^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|class)\b",
        document.text,
        re.MULTILINE,
    )
    first = found.start() if found else document.end_of_file
    return [offset for offset in offsets if offset < first] or offsets[:1]


def _end_of_statement(text: str, offset: int) -> int:
    """The start of the line below the import whose names stand at `offset`."""
    found = _SPECIFIER.search(text, offset)
    end = found.end() if found else offset
    line_end = text.find("\n", end)
    return len(text) if line_end < 0 else line_end + 1
