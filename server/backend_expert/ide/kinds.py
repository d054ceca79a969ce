"""Kinds of code actions, as LSP names them: dotted, the general before the special."""


def wanted(kind: str, kinds: tuple[str, ...]) -> bool:
    """Whether actions of a kind are among those asked for; none named means all."""
    return not kinds or any(kind == k or kind.startswith(k + ".") or not k for k in kinds)
