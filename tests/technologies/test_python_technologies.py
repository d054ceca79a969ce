"""The technology files for Python say true things: every name that can be looked up here exists."""

import builtins
import importlib
import importlib.util
import inspect
import re
import warnings
from collections import Counter

import pytest
from backend_expert.technologies.catalogue import technologies
from backend_expert.technologies.model import CallEntry, Slot, Technology
from backend_expert.technologies.roles import ROLES

PYTHON = {id: it for id, it in technologies().items() if "python" in it.languages}

NAME = re.compile(r"(\?[a-z]\w*\.)?[A-Za-z_]\w*((\(\))?\.[A-Za-z_]\w*)*")
TRAIT = re.compile(r"[\w.-]+|safe [a-z]+|instead [\w.]+|binds (\?|%s|\$1( each)?|:name)")
TYPE = re.compile(NAME.pattern + r"(\.\*)?(\(\))?(\[\])?")
LOOSE = re.compile(r"(\*|[a-z]\w*)\.[A-Za-z_]\w*")

# Names of ours for what has no importable name: clients built at run time, receivers of no known type.
INVENTED = ("?", "boto3.Client", "boto3.Resource", "pika.Body")

# A value in reach of code through a proxy or a class, and the class that answers for it.
STANDS_FOR = {
    "flask.request": "flask.wrappers.Request",
    "flask.current_app": "flask.app.Flask",
    "flask_login.current_user": "flask_login.UserMixin",
    "django.db.models.Model.objects": "django.db.models.QuerySet",
    "django.db.models.Manager": "django.db.models.QuerySet",
    "django.core.cache.cache": "django.core.cache.backends.base.BaseCache",
    "django.db.connection": "django.db.backends.base.base.BaseDatabaseWrapper",
    "django.db.backends.utils.CursorWrapper": "sqlite3.Cursor",
    "django.core.files.storage.default_storage": "django.core.files.storage.FileSystemStorage",
    "threading.Lock": "_thread.LockType",
    "threading.RLock": "threading._RLock",
    "threading.Condition": "threading.Condition",
    "multiprocessing.Pool": "multiprocessing.pool.Pool",
    "unittest.mock.Mock": "unittest.mock.NonCallableMock",
    "sqlalchemy.orm.scoped_session.remove": "sqlalchemy.orm.scoped_session",
}

# Attributes that only an instance has, that `__getattr__` answers or that older versions had.
ON_INSTANCES = {
    "celery.app.task.Task.delay_on_commit", "celery.app.task.Task.apply_async_on_commit",
    "django.conf.settings.SECRET_KEY", "django.conf.settings.DEBUG",
    "django.core.cache.cache.delete_pattern", "django.core.cache.cache.keys",
    "django.db.connection.ops.quote_name", "unittest.mock.patch.object", "unittest.mock.patch.dict",
    "httpx.Response.status_code", "pytest_mock.MockerFixture.patch", "pytest_mock.MockerFixture.patch.object",
    *(f"rest_framework.request.Request.{it}" for it in ("COOKIES", "GET", "META", "headers", "path")),
    *(f"flask_sqlalchemy.SQLAlchemy.{it}" for it in ("select", "insert", "update", "delete", "text")),
    *(f"stripe.StripeClient.{it}.create" for it in ("charges", "invoice_items", "invoices")),
    *(f"stripe.StripeClient.{it}.create" for it in ("payment_intents", "payouts", "refunds")),
    *(f"stripe.StripeClient.{it}.create" for it in ("subscriptions", "transfers")),
}  # fmt: skip

entries = pytest.mark.parametrize(("id", "it"), PYTHON.items(), ids=list(PYTHON))


def names_of(it: Technology) -> list[str]:
    """Every dotted name that a file speaks of as Python code would."""
    told = [name for entry in (*it.call, *it.value) for name in entry.names]
    typed = [key.removesuffix("[]").removesuffix("()").removesuffix(".*") for key in it.types]
    return sorted({*told, *typed, *it.types.values()})


def slots_of(entry: CallEntry) -> list[Slot]:
    """Every argument that an entry speaks of."""
    return [slot for slot in (entry.subject, entry.values, *entry.options.values()) if slot]


def exists(name: str) -> bool | None:
    """Whether a dotted name leads to something; None where its package is not installed."""
    if name.startswith(INVENTED) or name in ON_INSTANCES or "()" in name:
        return None
    for proxy, real in STANDS_FOR.items():
        if name == proxy or name.startswith(proxy + "."):
            name = real + name.removeprefix(proxy)
            break
    first, *rest = name.split(".")
    if hasattr(builtins, first):
        return _reaches(getattr(builtins, first), rest)
    if importlib.util.find_spec(first) is None:
        return None
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                module = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError as error:
            if error.name is None or not name.startswith(error.name):
                return None  # an optional part, whose own dependency is missing here
            continue
        except ImportError:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _reaches(module, parts[length:])
    return False


def _reaches(thing: object, parts: list[str]) -> bool:
    for part in parts:
        if _has(thing, part):
            thing = getattr(thing, part)
        else:
            return isinstance(thing, type) and _declares(thing, part)
    return True


def _declares(thing: type, part: str) -> bool:
    if any(part in getattr(base, "__annotations__", {}) for base in thing.__mro__):
        return True
    source = _source(thing)
    return f"self.{part}" in source or f'"{part}"' in source


def _has(thing: object, part: str) -> bool:
    try:
        return hasattr(thing, part)
    except Exception:  # a name that was moved away says so in errors of its own
        return False


def _source(thing: type) -> str:
    pieces: list[str] = []
    for base in thing.__mro__:
        try:
            pieces.append(inspect.getsource(base))
        except (OSError, TypeError):
            continue
    return "\n".join(pieces)


@entries
def test_a_file_has_a_title_a_kind_notes_and_a_way_to_be_seen(id: str, it: Technology) -> None:
    assert it.title and it.kind
    assert it.detect.imports
    notes = it.notes.strip().splitlines()
    assert 3 <= len(notes) <= 10, f"{len(notes)} notes"
    assert all(note.startswith("- ") and len(note) < 400 for note in notes)
    assert len(set(notes)) == len(notes)


@entries
def test_roles_are_known_and_names_are_well_formed(id: str, it: Technology) -> None:
    for entry in (*it.call, *it.value):
        assert entry.role in ROLES
        assert entry.names or getattr(entry, "loose", ())
        assert all(NAME.fullmatch(name) for name in entry.names), entry.names
        assert all(TRAIT.fullmatch(trait) for trait in entry.traits)
    for entry in it.call:
        assert all(LOOSE.fullmatch(name) for name in entry.loose), entry.loose
        for slot in slots_of(entry):
            assert slot.position is not None or slot.name, "a slot that is nowhere"
    for name, target in it.types.items():
        assert TYPE.fullmatch(name) and NAME.fullmatch(target), name
    for name, target in it.alias.items():
        assert NAME.fullmatch(name) and NAME.fullmatch(target), name
        assert name != target and target not in it.alias, f"{name} is an alias of an alias"


@entries
def test_no_alias_is_used_as_a_name(id: str, it: Technology) -> None:
    every = {name: target for other in PYTHON.values() for name, target in other.alias.items()}
    assert not [name for name in names_of(it) if name in every]


def test_no_name_is_listed_twice_for_one_role() -> None:
    for kind in ("call", "value"):
        seen = Counter[tuple[str, str, tuple[str, ...], Slot | None]]()
        for it in PYTHON.values():
            for entry in getattr(it, kind):
                # One name may play a role in several ways: then subject or traits differ.
                subject = getattr(entry, "subject", None)
                seen.update((entry.role, name, entry.traits, subject) for name in entry.names)
        assert not [key for key, count in seen.items() if count > 1]


def test_a_loose_name_means_one_thing_for_each_role() -> None:
    seen = Counter[tuple[str, str]]()
    for it in PYTHON.values():
        for entry in it.call:
            seen.update({(entry.role, name) for name in entry.loose})
    assert not [key for key, count in seen.items() if count > 1]


def test_a_parameter_list_has_one_meaning() -> None:
    seen = Counter(entry.names for it in PYTHON.values() for entry in it.parameters)
    assert not [names for names, count in seen.items() if count > 1]
    for it in PYTHON.values():
        for entry in it.parameters:
            assert len(entry.names) == len(entry.types)


@entries
def test_names_exist_where_their_package_is_installed(id: str, it: Technology) -> None:
    missing = [name for name in names_of(it) if exists(name) is False]
    assert not missing


@entries
def test_named_arguments_exist_where_their_package_is_installed(id: str, it: Technology) -> None:
    assert not wrong_arguments(it)


def wrong_arguments(it: Technology) -> list[str]:
    """What a file says of arguments and the installed package denies."""
    wrong: list[str] = []
    taken: dict[
        str, set[str]
    ] = {}  # by role: every parameter of its calls; `*` if some are unknown
    for entry in it.call:
        for name in entry.names or ("",):
            taken.setdefault(entry.role, set()).update(parameters(name) or ("*",))
    for entry in it.call:
        for slot in slots_of(entry):
            if slot.name and not taken[entry.role] & {slot.name, "*"}:
                wrong.append(f"{entry.role}: nothing takes {slot.name}=")
            if slot.position is None or not slot.name:
                continue
            for name in entry.names:
                takes = parameters(name) or {}
                there = [key for key, at in takes.items() if at == slot.position]
                if takes.get(slot.name, slot.position) != slot.position or (
                    slot.name not in takes and there
                ):
                    wrong.append(f"{name}({slot.name}= at {slot.position}, there is {there})")
    return wrong


def parameters(name: str) -> dict[str, int | None] | None:
    """The parameters of a callable and their positions; None where they cannot be told."""
    if not name or not exists(name):
        return None
    for proxy, real in STANDS_FOR.items():
        if name == proxy or name.startswith(proxy + "."):
            name = real + name.removeprefix(proxy)
            break
    parts = name.split(".")
    thing: object = builtins if hasattr(builtins, parts[0]) else None
    owner: object = None
    rest = parts
    if thing is None:
        for length in range(len(parts), 0, -1):
            try:
                thing = importlib.import_module(".".join(parts[:length]))
            except ModuleNotFoundError:
                continue
            rest = parts[length:]
            break
    for part in rest:
        owner, thing = thing, getattr(thing, part, None)
    if not callable(thing):
        return None
    try:
        signature = inspect.signature(thing)
    except (ValueError, TypeError):
        return None
    found = list(signature.parameters.values())
    if isinstance(owner, type) and found and found[0].name in ("self", "cls"):
        static = inspect.getattr_static(owner, rest[-1])
        if not isinstance(static, (classmethod, staticmethod)):
            found = found[1:]
    if any(it.kind in (it.VAR_KEYWORD, it.VAR_POSITIONAL) for it in found):
        return None
    return {
        it.name: None if it.kind is it.KEYWORD_ONLY else index for index, it in enumerate(found)
    }
