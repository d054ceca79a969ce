"""An error logged without its exception says that something broke, but not what, or where.

The stack is gone the moment the handler ends, and the message alone sends you guessing at three in
the morning. Log the exception with the line: its own method in Python, the error object as a field
or argument in Node.

Leave it off where the failure is expected and the message says all there is to know; a warning is
then the better level.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Await, Call, Handler, Name, Raise, Try, walk
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern

# What a log line is given when it shows the stack by itself.
_TRACES = frozenset(("traceback.format_exc", "traceback.print_exc", "sys.exc_info"))
# What is caught by its name and says all there is to know: a value or row that is not there.
_PLAIN = pattern(
    r"^(Key|Index|Lookup|Value|Type|Attribute|Unicode\w*|JSON\w*|ModuleNotFound|Import|FileNotFound"
    r"|FileExists|ZeroDivision|StopIteration|Connection\w*|BrokenPipe)(Error)?$"
    r"|((Queue)?(Full|Empty)|DoesNotExist|NotFound|NotFoundError|NoResultFound|ObjectDoesNotExist|Multiple\w+|DecodeError|Invalid\w*"
    r"|\w+Lock\w*|Timeout\w*|Validation\w*|Expired\w*|Signature\w*)$"
)
# What stands for many failures, so that only the exception tells which it was.
_BROAD = pattern(
    r"^(Exception|BaseException|OSError|IOError|EnvironmentError|RuntimeError)$"
    r"|^(?!TooMany|Rate)\w*(Request|HTTP|Http|Client|API|Api|SQLAlchemy|Database|Operational|DB"
    r"|Mail|SMTP)\w*(Error|Exception)$"
)
# Calls whose failure means that the text they were given is wrong, or that a module is not there.
_READS = frozenset(
    ("parse", "URL", "RegExp", "BigInt", "decodeURIComponent", "decodeURI", "atob", "require",
     "resolve")
)  # fmt: skip


@rule(
    title="Error logged without its exception",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    sources=("ruff TRY400", "ruff LOG007"),
    peers=("TRY400",),
    in_scripts=False,
    examples=[
        Example(
            bad="""
                import logging

                log = logging.getLogger(__name__)

                def pay(order):
                    try:
                        order.charge()
                    except Exception:
                        log.error("payment failed for %s", order.id)
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ logged as an error without the exception
            """,
            good="""
                import logging

                log = logging.getLogger(__name__)

                def pay(order):
                    try:
                        order.charge()
                    except Exception:
                        log.exception("payment failed for %s", order.id)
            """,
        ),
        Example(
            bad="""
                import logging

                from fastapi import HTTPException

                log = logging.getLogger(__name__)

                def pay(order):
                    try:
                        order.charge()
                    except ValueError as error:
                        log.error("payment failed for %s", order.id)
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ logged as an error without the exception
                        raise HTTPException(502, "the payment failed") from error
            """,
            good="""
                import logging

                from fastapi import HTTPException

                log = logging.getLogger(__name__)

                def pay(order):
                    try:
                        order.charge()
                    except ValueError as error:
                        log.exception("payment failed for %s", order.id)
                        raise HTTPException(502, "the payment failed") from error
            """,
        ),
        Example(
            language="javascript",
            bad="""
                async function pay(order) {
                  try {
                    await order.charge();
                  } catch (error) {
                    console.error('payment failed', order.id);
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ logged as an error without the exception
                  }
                }
            """,
            good="""
                async function pay(order) {
                  try {
                    await order.charge();
                  } catch (error) {
                    console.error('payment failed', order.id, error);
                  }
                }
            """,
        ),
        Example(
            good="""
                import logging
                import traceback

                log = logging.getLogger(__name__)

                def pay(order):
                    try:
                        order.charge()
                    except ValueError as error:
                        log.error("payment failed: %s", error)
                    except KeyError:
                        log.error("no account", exc_info=True)
                    except TypeError:
                        log.error("wrong type: %s", traceback.format_exc())
                    except OSError:
                        log.error("giving up")
                        raise

                def is_up(host):
                    try:
                        return dial(host)
                    except ConnectionRefusedError:
                        log.error("%s refuses connections", host)
                        return False

                def keep(event, events):
                    try:
                        events.put_nowait(event)
                    except Full:
                        log.error("the queue is full: %s is lost", event)

                def depot(city):
                    try:
                        return Depot.objects.get(city=city)
                    except Depot.MultipleObjectsReturned:
                        log.error("%s has more than one depot", city)
                        return Depot.objects.filter(city=city).first()

                def courier(name):
                    try:
                        return Courier.objects.get(name=name)
                    except Courier.DoesNotExist:
                        log.error("there is no courier %s", name)
            """,
        ),
        Example(
            language="javascript",
            good="""
                function origins(text) {
                  try {
                    return JSON.parse(text);
                  } catch (error) {
                    console.error('not JSON, so no origins:', text);
                    return [];
                  }
                }
            """,
        ),
        Example(
            language="javascript",
            dependencies={"vue": "^3.4.0"},
            good="""
                export async function restore(store) {
                  try {
                    await store.load();
                  } catch {
                    console.error('the state could not be restored');
                  }
                }
            """,
        ),
        Example(
            language="javascript",
            good="""
                async function pay(order) {
                  try {
                    await order.charge();
                  } catch (error) {
                    console.error('payment failed', { error });
                  }
                }
            """,
        ),
        Example(
            good="""
                import logging

                log = logging.getLogger(__name__)

                def snapshot(shop):
                    try:
                        shop.snapshot()
                    except TooManyRequests:
                        log.error("no snapshot of %s: too many requests", shop.id)
            """,
        ),
    ],
)
def check(handler: Handler, ctx: Context) -> Iterator[Finding]:
    nodes = [node for statement in handler.body for node in walk(statement)]
    raised = [node for node in nodes if isinstance(node, Raise)]
    if any(not _answers(node, ctx) for node in raised):
        return
    causes = {id(node.cause) for node in raised}
    named = [n for n in nodes if isinstance(n, Name) and n.id == handler.name]
    if any(id(name) not in causes for name in named):
        return
    if any(isinstance(n, Call) and ctx.called(n) in _TRACES for n in nodes):
        return
    if is_browser(ctx) or _is_plain(handler, raised, ctx):
        return
    told = [n for n in nodes if isinstance(n, Call) and ctx.meaning(n, "log", "report")]
    if any(_tells(call, ctx) for call in told):
        return
    for call in told:
        meaning = ctx.meaning(call, "log")
        if meaning is not None and meaning.has("error"):
            yield Finding(
                call.span, "logged as an error without the exception", _fix(call, handler, ctx)
            )
            return


def _is_plain(handler: Handler, raised: list[Raise], ctx: Context) -> bool:
    """Whether what failed is known from what is caught, or from the one thing that is tried."""
    tried = ctx.parent(handler)
    if isinstance(tried, Try) and _fails_in_one_way(tried, ctx):
        return True
    if raised:
        return False
    names = [ctx.source(type).rpartition(".")[2] for type in handler.types]
    if names and not any(_BROAD.search(name) for name in names):
        return True  # one failure, which the message names
    return bool(names) and all(_PLAIN.search(name) for name in names)


def _fails_in_one_way(tried: Try, ctx: Context) -> bool:
    """Whether a text is read or a module loaded and nothing else, or the failure is its own."""
    nodes = [node for statement in tried.body for node in walk(statement)]
    calls = [node for node in nodes if isinstance(node, Call)]
    if any(isinstance(node, Await) for node in nodes):
        return False
    if ctx.is_python:
        return len(calls) == 1 and calls[0].method == "parse"
    if any(isinstance(node, Raise) for node in nodes):
        return True
    return any(call.method in _READS for call in calls)


def _answers(node: Raise, ctx: Context) -> bool:
    """Whether raising this answers the request with an error status, which nobody logs."""
    return isinstance(node.value, Call) and ctx.meaning(node.value, "response.abort") is not None


def _tells(call: Call, ctx: Context) -> bool:
    """Whether a call hands the exception on."""
    meaning = ctx.meaning(call, "log", "report")
    if meaning is None or meaning.role == "report" or meaning.has("exception") or call.spreads:
        return True
    given = ctx.option(call, meaning, "exc_info").value
    return given is not None and not ctx.is_constant(given, False, None)


def _fix(call: Call, handler: Handler, ctx: Context) -> Fix | None:
    if ctx.is_python:
        edit = Edit(call.callee.span, ctx.source(call.callee)[: -len("error")] + "exception")
        return Fix("Log the exception with it", (edit,))
    is_console = ctx.called(call).startswith("console.")
    if handler.name and is_console:
        return Fix("Log the error with it", (ctx.with_argument(call, handler.name),))
    return None
