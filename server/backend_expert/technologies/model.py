"""What one technology file says, checked when it is read."""

import msgspec


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One argument of a call: by position, by name, or either; a member of an options map too.

    `member` is a key inside the argument when that is a map: axios's `{timeout: 5}` is
    `{position = 1, member = "timeout"}`; a dotted one goes deeper (`cookie.secure`).
    """

    position: int | None = None
    name: str | None = None
    member: str | None = None


class CallEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What some calls mean.

    names: dotted callees (`requests.get`, `psycopg.Cursor.execute`, class names construct).
    loose: `receiver.method` pairs that are believed when the receiver's type is not known
        (`cursor.execute`; `*` stands for any receiver).
    subject, values: the arguments that the role's description names.
    options: further arguments that rules ask for by their own word (`timeout`, `expiry`, `key`,
        `verify`, `ack`, `status`, `cause`, …).
    traits: words a rule may ask for (`no-timeout`: waits for ever unless told; `async`: gives an
        awaitable; `shell`; `info`, `error` … of logs; `GET`, `POST` … of endpoints; `weak`;
        `binds ?`, `binds %s`, `binds $1`, `binds $1 each`, `binds :name`: how `sql.execute` writes
        its parameters).
    gives: types of the parameters of a callback passed to the call, in order.
    label: for `input`: what comes in, in words (`request body`).
    """

    role: str
    names: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    subject: Slot | None = None
    values: Slot | None = None
    options: dict[str, Slot] = {}
    traits: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    label: str = ""


class ValueEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What some values (not calls) mean: `flask.request.args` is `input`.

    traits: `safe url` says that such input cannot harm where a URL is wanted, and so on.
    """

    role: str
    names: tuple[str, ...]
    label: str = ""
    traits: tuple[str, ...] = ()


class ParameterEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters known by their names alone: `(req, res, next)` of an Express handler."""

    names: tuple[str, ...]
    types: tuple[str, ...]


class Detect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to see that a project uses the technology."""

    imports: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Technology(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One technology file.

    languages: `python`, `javascript` (TypeScript included), `go`, `java`, `ruby`, `php`.
    kind: language, framework, database, mapper, queue, cloud, container, client, testing, …
    dialect: the SQL dialect that its use is evidence of.
    types: what a dotted name or call gives: `"psycopg.connect()" = "psycopg.Connection"`;
        `"X.*()"` is every method of X that has no line of its own, `"X.*"` every other member.
    alias: other names of the same thing: `"psycopg2.extensions.connection" = "psycopg.Connection"`.
    bags: objects on which a project keeps what it likes (`flask.g`): what hangs there goes by its
        own name alone, as a variable of unknown type does.
    notes: what the expert keeps in mind when it is in use, as Markdown list items.
    """

    title: str
    languages: tuple[str, ...]
    kind: str
    detect: Detect = Detect()
    dialect: str = ""
    alias: dict[str, str] = {}
    types: dict[str, str] = {}
    call: tuple[CallEntry, ...] = ()
    value: tuple[ValueEntry, ...] = ()
    parameters: tuple[ParameterEntry, ...] = ()
    bags: tuple[str, ...] = ()
    notes: str = ""
