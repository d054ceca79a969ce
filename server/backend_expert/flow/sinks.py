"""Sinks that an option of the same call makes harmless."""

from backend_expert.facts.code import Call, Constant, Fragment
from backend_expert.flow.reading import Reading
from backend_expert.flow.slots import option
from backend_expert.technologies.catalogue import Meaning

_OPEN_FILTERS = ("fully_trusted",)


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
