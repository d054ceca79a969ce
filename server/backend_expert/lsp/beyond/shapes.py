"""The shapes of what is said beyond LSP; the clients' own types are generated from them."""

from typing import Any, Literal

import msgspec


class Shape(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What all shapes share: JSON's way of writing names."""


class Position(Shape, frozen=True):
    """A place in a document, as LSP counts."""

    line: int
    character: int


class Range(Shape, frozen=True):
    """From one place to another."""

    start: Position
    end: Position


# -- asking ---------------------------------------------------------------------------------------


class Ask(Shape, frozen=True):
    """A question about a part of a document.

    `span` counts code points from the start of the document and stands for a range in what the
    server itself offers; without either the question is about the whole document.
    """

    uri: str
    task: str
    range: Range | None = None
    span: tuple[int, int] | None = None
    words: str | None = None


class Asked(Shape, frozen=True):
    """What came of a question, once the answer is complete."""

    uri: str
    text: str
    applied: int
    id: str | None = None


class FollowUp(Shape, frozen=True):
    """More words on an answer."""

    id: str
    words: str


class Named(Shape, frozen=True):
    """An answer, by its id."""

    id: str


class Stopped(Shape, frozen=True):
    """The answer to stop; every one under way without an id."""

    id: str | None = None


class Shown(Shape, frozen=True):
    """A document to show."""

    uri: str


class Past(Shape, frozen=True):
    """An answer of earlier; `time` in ISO 8601."""

    id: str
    title: str
    uri: str
    time: str


class At(Shape, frozen=True):
    """A part of a document."""

    uri: str
    range: Range


class Offered(Shape, frozen=True):
    """A task that fits a place; `kind` is that of its code action."""

    id: str
    title: str
    kind: str


# -- answers --------------------------------------------------------------------------------------


class Proposal(Shape, frozen=True):
    """Proved edits that wait for a yes: a `WorkspaceEdit`, and the whole text of its file after."""

    title: str
    edits: dict[str, Any]
    reason: str = ""
    after: str = ""


class AnswerEvent(Shape, frozen=True):
    """What happens to an answer, in order: it begins, grows, proposes, ends.

    `id` is that of the conversation: a further answer in it begins with the same. `outcome` of an
    end is `answered`, `cancelled` or `failed`, its `text` the reason.
    """

    id: str
    kind: Literal["begin", "text", "usage", "proposal", "end"]
    title: str | None = None
    text: str | None = None
    model: str | None = None
    tokens: int | None = None
    cost: float | None = None
    outcome: str | None = None
    proposal: Proposal | None = None


class Status(Shape, frozen=True):
    """What the server is doing; `cost` is that of this session, in dollars."""

    state: Literal["idle", "checking", "asking"]
    detail: str = ""
    cost: float | None = None


# -- a model of the client's own ------------------------------------------------------------------


class Said(Shape, frozen=True):
    """What one side says to a model."""

    role: Literal["user", "assistant"]
    text: str


class Completion(Shape, frozen=True):
    """What to ask the model; `maxTokens` of the answer."""

    id: str
    messages: tuple[Said, ...]
    max_tokens: int


class CompletionPart(Shape, frozen=True):
    """Text of the answer to a completion."""

    id: str
    text: str


class Completed(Shape, frozen=True):
    """The answer is whole; `model` is who gave it."""

    model: str = ""


# -- the service ----------------------------------------------------------------------------------


class Part(Shape, frozen=True):
    """A part of the service, with its place where it has one; `group` is its project."""

    id: str
    kind: Literal["endpoint", "function", "query", "table", "queue", "topic", "external"]
    label: str
    detail: str = ""
    uri: str | None = None
    range: Range | None = None
    findings: int = 0
    group: str = ""


class Edge(Shape, frozen=True):
    """That one part uses, calls, reads, writes or feeds another."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    label: str = ""


class ServiceMap(Shape, frozen=True):
    """The service as a graph."""

    nodes: tuple[Part, ...]
    edges: tuple[Edge, ...]


class Entry(Shape, frozen=True):
    """One line of an overview, with its place."""

    label: str
    uri: str
    range: Range
    detail: str = ""
    findings: int = 0


class Group(Shape, frozen=True):
    """Lines that belong to one thing: the uses of a table, the ends of a queue."""

    label: str
    entries: tuple[Entry, ...]
    detail: str = ""


class Overview(Shape, frozen=True):
    """What a service consists of; `workloads` are queues and topics, `findings` go by area."""

    endpoints: tuple[Entry, ...]
    queries: tuple[Entry, ...]
    tables: tuple[Group, ...]
    workloads: tuple[Group, ...]
    findings: tuple[Group, ...]


class RuleName(Shape, frozen=True):
    """A rule, by its id."""

    rule: str


class Page(Shape, frozen=True):
    """A page in Markdown."""

    markdown: str


# -- the start ------------------------------------------------------------------------------------


class ModelChoice(Shape, frozen=True):
    """`model` of the `initializationOptions`: the person's own choice, never a workspace's.

    Without a provider the other sources say which; a key then counts where that one takes keys.
    `offline`: no model is asked, whatever other sources say. `editor`: the client's own model.
    """

    provider: Literal["offline", "anthropic", "bedrock", "vertex", "foundry", "editor"] | None = (
        None
    )
    model: str | None = None
    base_url: str | None = None
    api_key: str | None = None
    region: str | None = None
    project: str | None = None
    resource: str | None = None
    profile: str | None = None


class Options(Shape, frozen=True):
    """The `initializationOptions`, beside the settings of checks."""

    model: ModelChoice | None = None


class Experimental(Shape, frozen=True):
    """`experimental.backendExpert` of the client's capabilities.

    `answers`: it shows answers itself. `links`: a hover's link may send `backendExpert.ask`.
    `completes`: it has a model of its own, for the provider `editor`.
    """

    answers: bool = False
    links: bool = False
    completes: bool = False
