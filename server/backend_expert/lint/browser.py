"""Which JavaScript runs in a browser: what holds of a service does not hold of a page."""

import re

from backend_expert.lint.context import CodeFile, Context

_MODULES = (
    "react", "react-dom", "vue", "svelte", "@angular/core", "solid-js", "preact", "jquery",
    "next/navigation", "next/router", "next/link", "@tanstack/react-query", "swr", "zustand",
    "react-router-dom", "react-router", "htmx.org", "alpinejs",
)  # fmt: skip
_FOLDER = re.compile(
    r"^(client|frontend|web|ui)/|(^|/)(components|hooks|public|assets|browser|ui|[^/]*(static|frontend))/"
)
_GLOBALS = frozenset(("window", "document", "localStorage", "sessionStorage", "navigator"))


def is_browser(ctx: Context) -> bool:
    """Whether an item is, by its file or the names in it, part of a page."""
    return _is_page(ctx.file) or (
        ctx.file.family == "javascript" and not _GLOBALS.isdisjoint(ctx.item.names)
    )


def _is_page(file: CodeFile) -> bool:
    if file.family != "javascript":
        return False
    if file.language.endswith("react") or file.path.endswith((".tsx", ".jsx")):
        return True
    return _FOLDER.search(file.path.lower()) is not None or file.imports(*_MODULES)
