"""Types as far as annotations tell them: the dotted name of a class, and which are harmless."""

from collections.abc import Mapping

from backend_expert.facts.code import (
    Call,
    Constant,
    Expression,
    Index,
    Member,
    Name,
    Operation,
    Text,
)
from backend_expert.flow.value import UNKNOWN, Value

# Generic wrappers whose argument is the type that counts.
_WRAPPERS = frozenset(("Optional", "Annotated", "Final", "Required", "NotRequired", "Promise"))
_HARMLESS = frozenset(
    (
        "int", "float", "bool", "complex", "number", "boolean", "bigint", "uuid.UUID",
        "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta",
        "decimal.Decimal", "enum.Enum", "pydantic.UUID4", "pydantic.UUID1", "pydantic.PositiveInt",
        "pydantic.NonNegativeInt", "pydantic.conint", "ipaddress.IPv4Address", "Date",
    )
)  # fmt: skip


def annotated_type(annotation: Expression, values: Mapping[int, Value]) -> str:
    """The dotted name of an annotation's class, seen through Optional, Annotated and unions."""
    if isinstance(annotation, Index):
        head = annotation.object
        word = head.name if isinstance(head, Member) else getattr(head, "id", "")
        if word in _WRAPPERS:
            inner = annotation.key
            entries = getattr(inner, "entries", None)
            return annotated_type(entries[0].value if entries else inner, values)
        return annotated_type(head, values)
    if isinstance(annotation, Operation) and annotation.operator == "|":
        names = [
            annotated_type(operand, values)
            for operand in annotation.operands
            if not isinstance(operand, Constant)
        ]
        return names[0] if names else ""
    if isinstance(annotation, Name | Member):
        value = values.get(id(annotation), UNKNOWN)
        return "" if value.name.startswith("?") else value.name
    if isinstance(annotation, Call):
        return values.get(id(annotation), UNKNOWN).name
    if isinstance(annotation, Text):
        # A forward reference names a class of this file.
        text = annotation.value or ""
        return f"@{text}" if text.isidentifier() else ""
    return ""


def aliased_type(value: Expression | None, values: Mapping[int, Value]) -> str:
    """The type behind an alias such as `Db = Annotated[Session, Depends(…)]`, if it is one."""
    if not isinstance(value, Index):
        return ""
    head = value.object
    word = head.name if isinstance(head, Member) else getattr(head, "id", "")
    return annotated_type(value, values) if word in _WRAPPERS else ""


def is_harmless(name: str) -> bool:
    """Whether a value of this type cannot carry an attack (a number, a date, a UUID)."""
    return name in _HARMLESS
