"""What of a call's arguments is a danger in a sink, and which options make it harmless."""

from backend_expert.facts.code import Call, Constant, Expression, Fragment, Member
from backend_expert.flow import shells
from backend_expert.flow.reading import Reading
from backend_expert.flow.slots import option
from backend_expert.technologies.catalogue import Meaning

_OPEN_FILTERS = ("fully_trusted",)


def endangered(call: Call, meaning: Meaning, reading: Reading) -> tuple[Expression, ...]:
    """The arguments in which untrusted data does harm, for a call with a sink's role."""
    if is_disarmed(call, meaning, reading):
        return ()
    if meaning.role == "sink.shell":
        return shells.scripts(call, meaning, reading)
    if meaning.subject is not None:
        subject = option(call, meaning.subject, reading).value
    else:
        is_sink = meaning.role.startswith("sink.")
        subject = call.callee.object if is_sink and isinstance(call.callee, Member) else None
    return () if subject is None else (subject,)


def is_disarmed(call: Call, meaning: Meaning, reading: Reading) -> bool:
    """Whether the call itself keeps untrusted data from doing harm there.

    A parser told to use a loader that calls itself safe; an archive unpacked through a filter; a
    file that is looked for under a root; a module that is imported from a package of ours.
    """
    options = meaning.entry.options
    if not meaning.role.startswith("sink."):
        return False
    if meaning.has("import"):
        return _is_in_package(call, reading)
    if not options:
        return False
    if "loader" in options:
        loader = option(call, options["loader"], reading)
        if loader.value is not None:
            return "safe" in reading.value(loader.value).name.rpartition(".")[2].lower()
        return loader.hidden
    for word in ("filter", "root"):
        if word not in options or options[word] == meaning.subject:
            continue
        told = option(call, options[word], reading)
        if told.hidden:
            return True
        if told.value is not None and not isinstance(told.value, Constant):
            return reading.value(told.value).text not in _OPEN_FILTERS
    return False


def _is_in_package(call: Call, reading: Reading) -> bool:
    """`import_module(f"shop.plugins.{name}")`: only what lies in that package."""
    parts = reading.value(call.arguments[0].value).parts if call.arguments else None
    first = parts[0] if parts else None
    return isinstance(first, Fragment) and first.value.endswith(".")
