"""A test replaces something that is not there.

The patch fails before the test has begun (`AttributeError`, “Cannot find module”, “does not exist
in the provided object”), or the test is skipped over in a long red list after a function was moved
or renamed. Name what the module under test has now; where that module imports the function by
name, patch it there (`shop.orders.send_mail`), not where it is defined.

It is said only of the project's own modules, and only where they bind their names plainly: nothing
of star imports, `__getattr__`, base classes from elsewhere, `create=True` or `virtual: true`.
Leave it off where modules are written by a generator that has not run yet.
"""

import difflib
from collections.abc import Iterator

from backend_expert.facts.code import Call, Expression, Import, Text
from backend_expert.flow.elsewhere import Absent
from backend_expert.flow.paths import path_of
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.finding import Related
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.span import Span

_SHOP = {
    "shop/__init__.py": "",
    "shop/mail.py": """
        import smtplib

        def send_mail(to, text):
            smtplib.SMTP("mail").sendmail("shop@shop.example", to, text)

        class Outbox:
            def flush(self):
                return send_mail("all", "…")
    """,
}
_MAIL = {
    "src/mail.js": """
        export function sendMail(to, text) { return deliver(to, text); }
        export const deliver = (to, text) => [to, text];
    """,
}


@rule(
    title="Patch of a name that does not exist",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    in_tests=True,
    needs=("test.patch",),
    examples=[
        Example(
            path="tests/test_orders.py",
            files=_SHOP,
            bad="""
                from unittest.mock import patch

                @patch("shop.mail.send_mial")
                       ^^^^^^^^^^^^^^^^^^^^^ `mail.py` has no `send_mial`
                def test_order_is_confirmed(send):
                    assert confirm(7)
            """,
            good="""
                from unittest.mock import patch

                @patch("shop.mail.send_mail")
                def test_order_is_confirmed(send):
                    assert confirm(7)
            """,
        ),
        Example(
            path="tests/test_outbox.py",
            files=_SHOP,
            bad="""
                from unittest.mock import patch
                from shop import mail
                from shop.mail import Outbox

                def test_outbox(monkeypatch):
                    monkeypatch.setattr(mail, "post", lambda *a: None)
                                              ^^^^^^ `mail.py` has no `post`
                    with patch.object(Outbox, "empty"):
                                              ^^^^^^^ `Outbox` has no `empty`
                        assert Outbox().flush() is None
            """,
        ),
        Example(
            language="javascript",
            path="test/orders.test.js",
            files=_MAIL,
            bad="""
                import * as mail from '../src/mail';

                jest.mock('../src/payments');
                          ^^^^^^^^^^^^^^^^^ there is no module `../src/payments`

                test('confirms', () => {
                  jest.spyOn(mail, 'notify').mockReturnValue(true);
                                   ^^^^^^^^ `mail.js` has no `notify`
                });
            """,
        ),
        Example(
            path="tests/test_orders.py",
            files={
                **_SHOP,
                "shop/lazy.py": "from shop.mail import *\n",
                "shop/models.py": "from db import Base\n\nclass Order(Base):\n    id = 1\n",
                "shop/plugins/__init__.py": "",
                "shop/plugins/tax.py": "RATE = 19\n",
            },
            good="""
                from unittest.mock import patch
                from shop.models import Order

                @patch("shop.mail.send_mail")
                @patch("shop.mail.smtplib.SMTP")
                @patch("shop.mail.Outbox.flush")
                @patch("shop.mail.open")
                @patch("shop.mail.later", create=True)
                @patch("shop.lazy.anything")
                @patch("shop.plugins.tax")
                @patch("requests.get")
                @patch.object(Order, "save")
                def test_order(*mocks, monkeypatch):
                    monkeypatch.setattr("shop.mail.absent", 1, raising=False)
            """,
        ),
        Example(
            language="javascript",
            path="test/orders.test.js",
            files={**_MAIL, "src/data.json": "{}", "src/all.js": "export * from './mail';\n"},
            good="""
                import * as mail from '../src/mail';
                import * as all from '../src/all';

                jest.mock('../src/mail');
                jest.mock('../src/data.json');
                jest.mock('../src/not-yet', () => ({}), { virtual: true });
                jest.mock('axios');
                jest.spyOn(mail, 'sendMail');
                jest.spyOn(all, 'whatever');
                jest.spyOn(console, 'error');
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "test.patch")
    if meaning is None or _makes_it(call, meaning, ctx):
        return
    named = _named(call, meaning, ctx)
    if named is None:
        return
    place, dotted, member = named
    if dotted.partition(".")[0].replace("_", "-").lower() in ctx.file.project.dependencies:
        return
    absent = ctx.file.flow.elsewhere.missing(dotted, member)
    if absent is None or _is_private(absent):
        return
    if not absent.path:
        yield Finding(place.span, f"there is no module `{absent.name}`")
        return
    holder = absent.owner or absent.path.replace("\\", "/").rpartition("/")[2]
    if holder == "__init__.py":
        holder = absent.path.replace("\\", "/").split("/")[-2]
    there = Related(Span(0, 0), f"this file has no `{absent.name}`", path=absent.path)
    yield Finding(
        place.span, f"`{holder}` has no `{absent.name}`", _fix(place, absent, ctx), (there,)
    )


def _is_private(absent: Absent) -> bool:
    """`_Slave__load` of a class `Slave`, as Python calls its `__load`."""
    return absent.name.startswith(f"_{absent.owner.lstrip('_')}__")


def _makes_it(call: Call, meaning: Meaning, ctx: Context) -> bool:
    """`create=True`, `raising=False`, `{ virtual: true }`: the name need not be there."""
    if any(ctx.option(call, meaning, word).value is not None for word in ("create", "raising")):
        return True
    return call.spreads or (meaning.has("module") and len(call.arguments) > 2)


def _named(call: Call, meaning: Meaning, ctx: Context) -> tuple[Expression, str, str] | None:
    """The argument that names what is patched, its dotted name, and the member of a script."""
    subject = ctx.subject(call, meaning)
    if meaning.has("path") or meaning.has("module"):
        return _literal(subject)
    if meaning.has("path-or-attribute"):
        name = ctx.option(call, meaning, "attribute").value
        return _literal(subject) or _attribute(subject, name, ctx)
    return _attribute(ctx.option(call, meaning, "target").value, subject, ctx)


def _literal(node: Expression | None) -> tuple[Expression, str, str] | None:
    if isinstance(node, Text) and node.value:
        return node, node.value, ""
    return None


def _attribute(
    target: Expression | None, name: Expression | None, ctx: Context
) -> tuple[Expression, str, str] | None:
    """`patch.object(module, "name")`, where the module (or class) is imported."""
    if not isinstance(name, Text) or not name.value or target is None:
        return None
    first, dot, rest = path_of(target).partition(".")
    brought = _import_of(first, ctx)
    if brought is None or (not ctx.is_python and (rest or brought.name)):
        return None
    if ctx.is_python:
        return name, f"{brought.dotted}{dot}{rest}.{name.value}", ""
    return name, brought.module, name.value


def _import_of(name: str, ctx: Context) -> Import | None:
    for node in ctx.reading.nodes():
        if isinstance(node, Import) and node.binds == name:
            return node
    binding = ctx.file.flow.outline.names.get(name)
    node = binding.node if binding is not None else None
    return node if isinstance(node, Import) else None


def _fix(place: Expression, absent: Absent, ctx: Context) -> Fix | None:
    """The one name that is there and is spelled nearly the same."""
    near = difflib.get_close_matches(absent.name, absent.names, 2, 0.8)
    source = ctx.source(place)
    if len(near) != 1 or source.count(absent.name) != 1:
        return None
    edit = ctx.replace(place, source.replace(absent.name, near[0]))
    return Fix(f"Patch `{near[0]}`", (edit,), is_sure=False)
