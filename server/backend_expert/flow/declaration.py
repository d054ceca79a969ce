"""What a class gives one of its attributes: `customer = ForeignKey(…)`."""

from backend_expert.facts.code import Call
from backend_expert.flow.elsewhere import Declared
from backend_expert.flow.file import FileFlow


def declaration(flow: FileFlow, owner: str, attribute: str, path: str = "") -> Declared | None:
    """The call that makes an attribute of a class of this file; None when there is none.

    With a `path` the span counts from the start of that file, else from the start of the item.
    """
    attributes = flow.outline.attributes.get(owner, {})
    binding = attributes.get(attribute)
    if binding is None or not isinstance(binding.value, Call) or binding.path:
        return None
    site = flow.reading(binding.item).site(binding.value)
    roles = frozenset(m.role for m in site.meanings) if site is not None else frozenset[str]()
    span = binding.value.span
    if path:
        for item in flow.items:
            if item is binding.item:
                break
            span = span.moved(len(item.text))
    methods = flow.outline.methods.get(owner, {})
    siblings = frozenset((*attributes, *methods)) - {attribute}
    return Declared(binding.value, roles, path, span, siblings)
