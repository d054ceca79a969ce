"""Protocols that prescribe weak cryptography: who speaks them has no choice."""

from backend_expert.facts.code import Node
from backend_expert.lint.context import Context
from backend_expert.lint.sensitive import words

_OLD = frozenset(("ntlm", "ntlmv2", "ntlmssp", "ntlmhash", "mschap", "mschapv2", "apop", "wpad"))


def asks_for_old_crypto(node: Node, ctx: Context) -> bool:
    """Whether the file or function around `node` implements such a protocol, by its name."""
    function = ctx.function(node)
    spelt = {*words(ctx.file.path.replace("/", "_").replace(".", "_").replace("-", "_"))}
    if function is not None:
        spelt |= set(words(function.name))
    return not _OLD.isdisjoint(spelt)
