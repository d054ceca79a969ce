"""Findings for untrusted data that reaches a sink: what the injection rules share."""

from collections.abc import Callable, Iterator

from backend_expert.facts.code import Call
from backend_expert.lint.context import Context, Hit
from backend_expert.lint.finding import Finding, Fix


def untrusted(
    call: Call,
    ctx: Context,
    role: str,
    words: str,
    *,
    fix: Callable[[Hit], Fix | None] | None = None,
    trait: str = "",
) -> Iterator[Finding]:
    """One finding for each argument of `call` through which untrusted data reaches `role`.

    `words` follow "untrusted query string …" in the message. `trait`: only where the technology
    file gives the sink that trait. The sanitizer's word is the sink's own (`sink.path`: `path`).
    """
    for hit in ctx.hits(call, role, sink=role.rpartition(".")[2]):
        if trait and hit.meaning is not None and not hit.meaning.has(trait):
            continue
        yield Finding(
            hit.argument.span,
            f"untrusted {hit.origin.label} {words}",
            fix(hit) if fix and hit.meaning else None,
            hit.related,
        )
