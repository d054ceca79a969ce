"""Fixes that add an option to a call's arguments."""

from backend_expert.facts.code import Call, Collection
from backend_expert.lint.context import Context
from backend_expert.technologies.model import Slot
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


def with_member(call: Call, slot: Slot, member: str, ctx: Context) -> Edit | None:
    """An edit that puts `member` (`timeout: 5000`) into the options map at the slot's position.

    None where the map is not written out, or arguments before it are missing.
    """
    if slot.position is None or call.spreads:
        return None
    holder = call.argument(slot.position)
    if holder is None:
        if len(call.arguments) != slot.position:
            return None
        return ctx.with_argument(call, f"{{ {member} }}")
    if not isinstance(holder, Collection) or holder.kind != "map":
        return None
    if not holder.entries:
        return ctx.replace(holder, f"{{ {member} }}")
    last = holder.entries[-1].span.end
    return Edit(Span(last, last), f", {member}")
