"""A server that does not listen to SIGTERM is cut off in the middle of its answers.

Every deployment and every scaling down sends SIGTERM, waits a little, and kills. Without a handler
the process dies at once (or not at all, until it is killed), and whoever was being answered sees a
broken connection. Stop accepting, let the requests in hand finish, close pools and consumers, then
leave.

Leave it off where something else stops the server: a process manager with its own workers, or a
module that this file hands the server to.
"""

import re
from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Assign, Call, Function, Member, Name, Node, Return, walk
from backend_expert.facts.item import Item
from backend_expert.flow.reading import Reading
from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_STOPS = pattern(
    r"shut|graceful|grace|terminat|terminus|sigterm|lifecycle|stoppable|lightship|signal|death|onexit",
    re.IGNORECASE,
)


class _Part(msgspec.Struct, frozen=True, gc=False):
    """What one item says: the calls that start to serve, and whether it knows how to stop."""

    listens: tuple[Call, ...] = ()
    stops: bool = False


@rule(
    title="Server that does not shut down gracefully",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=(),
    tags=("deployment",),
    in_scripts=False,
    needs=("server.listen",),
    examples=[
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.listen(3000);
                ^^^^^^^^^^ no SIGTERM handler: a deployment cuts off what is in hand
            """,
            good="""
                const express = require('express');
                const app = express();

                const server = app.listen(3000);
                process.once('SIGTERM', () => server.close());
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const http = require('http');
                const app = require('./app');

                const server = http.createServer(app);
                server.listen(process.env.PORT, () => {
                ^^^^^^^^^^^^^ no SIGTERM handler: a deployment cuts off what is in hand
                  console.log('listening');
                });
            """,
            good="""
                const http = require('http');
                const app = require('./app');

                const server = http.createServer(app);
                server.listen(process.env.PORT, () => {
                  console.log('listening');
                });
                process.once('SIGTERM', () => server.close());
            """,
        ),
        Example(
            bad="""
                import pika

                def main():
                    connection = pika.BlockingConnection(pika.URLParameters("amqp://broker"))
                    channel = connection.channel()
                    channel.basic_qos(prefetch_count=10)
                    channel.basic_consume("orders", on_order)
                    channel.start_consuming()
                    ^^^^^^^^^^^^^^^^^^^^^^^ no SIGTERM handler: a deployment cuts off what is in hand
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const { onShutdown } = require('./shutdown');
                const app = express();
                const server = app.listen(3000);
                onShutdown(server);
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const app = express();
                const server = app.listen(3000, () => console.log('listening'));

                for (const name of ['SIGINT', 'SIGTERM']) {
                  process.on(name, () => server.close(() => process.exit(0)));
                }
            """,
        ),
        Example(
            good="""
                import uvicorn
                from flask import Flask

                app = Flask(__name__)

                if __name__ == "__main__":
                    uvicorn.run("shop:app", port=8000)
                    app.run(debug=False)
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    parts = [(item, _part(file.flow.reading(item))) for item in file.items]
    if any(part.listens and _has_close(item, file) for item, part in parts):
        return
    if any(part.stops for _, part in parts):
        return
    if any(_STOPS.search(module) for module in file.flow.imports):
        return
    for item, part in parts:
        for call in part.listens:
            yield Finding(
                call.callee.span,
                "no SIGTERM handler: a deployment cuts off what is in hand",
                _fix(call, item, file),
                item=item,
            )
            return


def _has_close(item: Item, file: CodeFile) -> bool:
    """Whether the class that listens can also be closed, by whoever made its object."""
    owner = item.place.owner
    own = [item] if not owner else [i for i in file.items if i.place.owner == owner]
    return any(
        isinstance(node, Function) and node.name in ("close", "stop", "dispose")
        for one in own
        for statement in one.body
        for node in walk(statement)
    )


def _part(reading: Reading) -> _Part:
    kept = reading.notes.get("shutdown")
    if not isinstance(kept, _Part):
        kept = reading.notes["shutdown"] = _read(reading)
    return kept


def _read(reading: Reading) -> _Part:
    listens: list[Call] = []
    for site in reading.sites.values():
        for meaning in site.meanings:
            if meaning.role == "signal":
                return _Part(stops=True)
            if meaning.role == "server.listen":
                if meaning.has("graceful"):
                    return _Part(stops=True)
                if not meaning.has("development"):
                    listens.append(site.call)
        if _STOPS.search(site.call.method):
            return _Part(stops=True)
    if listens and _gives_server_away(reading.item):
        return _Part(stops=True)
    if any(_is_handed_over(call, reading) for call in listens):
        return _Part(stops=True)
    return _Part(tuple(listens))


def _gives_server_away(item: Item) -> bool:
    """Whether the server is returned or exported, so that another file may stop it."""
    return any(
        isinstance(node, Return) and node.value is not None
        for statement in item.body
        for node in _outside_callbacks(statement)
    )


def _is_handed_over(call: Call, reading: Reading) -> bool:
    """Whether what listens, and can be closed itself, was given to a function that sets it up."""
    callee = call.callee
    if not call.awaited or not isinstance(callee, Member) or not isinstance(callee.object, Name):
        return False
    app = callee.object.id
    return any(
        isinstance(site.call.callee, Name)
        and any(isinstance(a.value, Name) and a.value.id == app for a in site.call.arguments)
        for site in reading.sites.values()
    )


def _outside_callbacks(statement: Node) -> Iterator[Node]:
    """The nodes of a statement, without those of functions handed to a call."""
    inside = [
        argument.value.span
        for node in walk(statement)
        if isinstance(node, Call)
        for argument in node.arguments
    ]
    for node in walk(statement):
        if not any(span.covers(node.span) for span in inside):
            yield node


def _fix(call: Call, item: Item, file: CodeFile) -> Fix | None:
    """`process.once("SIGTERM", …)` after a statement of the module that starts to listen."""
    if file.family != "javascript":
        return None
    statement = item.body[-1]
    inner = statement.value if isinstance(statement, Assign) else statement
    if inner is not call:
        return None
    text = item.text
    at = statement.span.end
    if text[at : at + 1] == ";":
        at += 1
    edits: list[Edit] = []
    name = ""
    if isinstance(statement, Assign):
        target = statement.targets[0]
        name = target.id if isinstance(target, Name) else ""
    elif text[call.callee.span.start : call.callee.span.end].startswith("server."):
        name = "server"
    elif "server" not in file.flow.outline.names:
        name = "server"
        edits.append(Edit(Span(call.span.start, call.span.start), "const server = "))
    if not name:
        return None
    quote = '"' if '"' in text and "'" not in text else "'"
    line = f"\nprocess.once({quote}SIGTERM{quote}, () => {name}.close());"
    edits.append(Edit(Span(at, at), line))
    return Fix("Finish what is in hand on SIGTERM", tuple(edits), is_sure=False)
