"""The same thing said in Python, JavaScript and TypeScript gives the same facts.

That is what lets one rule serve them all. A declaration (`const`) is an assignment that Python
does not mark as such, so `let` is passed over here; nothing else is.
"""

import pytest
from backend_expert.facts.item import TOP
from backend_expert.languages import javascript, python

from tests.support.facts import render

READERS = python.READERS | javascript.READERS

# A third and fourth column: what Python's facts say, and what the others say in its place.
PAIRS = [
    # values and names
    ("x = 1", "const x = 1"),
    ("x = 1.5", "let x = 1.5"),
    ("x = None", "x = null"),
    ("x = None", "x = undefined"),
    ("x = True", "x = true"),
    ("a = b = c", "a = b = c"),
    ("self.x = y", "this.x = y"),
    ("x += 1", "x++"),
    ("x -= y", "x -= y"),
    ("a.b[0].c", "a.b[0].c"),
    ("x[-1]", "x[-1]"),
    # texts
    ("x = 'a\\n\\u00e9'", 'x = "a\\n\\u00e9"'),
    ("f'select {x} from {t.name}'", "`select ${x} from ${t.name}`"),
    ("'a' + x + 'b'", "'a' + x + 'b'"),
    ("x = '''a\nb'''", "x = `a\nb`"),
    # collections
    ("x = [1, *y]", "x = [1, ...y]"),
    ("x = {'a': 1, **y}", "x = {a: 1, ...y}"),
    ("x = {'a': a}", "x = {a}"),
    ("x = {k: {'b': [1]}}", "x = {[k]: {b: [1]}}"),
    ("a, b = f()", "const [a, b] = f()"),
    # calls
    ("f(a, *b)", "f(a, ...b)"),
    ("f(a)(b).c(d)", "f(a)(b).c(d)"),
    ("x = await db.fetch('select 1', [id])", "const x = await db.fetch('select 1', [id])"),
    ("await a", "await a"),
    ("print(f'{x}')", "print(`${x}`)"),
    # operators
    ("a and b and not c or d", "a && b && !c || d"),
    ("a == b", "a === b"),
    ("a != b", "a !== b"),
    ("a <= b", "a <= b"),
    ("a in b", "a in b"),
    ("a - b - c * d", "a - b - c * d"),
    ("a << b | c & ~d", "a << b | c & ~d"),
    ("a if b else c", "b ? a : c"),
    ("del a.b", "delete a.b"),
    # functions
    ("def f(a, b=1, *c):\n  return a", "function f(a, b = 1, ...c) { return a }"),
    ("async def f():\n  await g()", "async function f() { await g() }"),
    ("def f():\n  yield a\n  yield from b", "function* f() { yield a; yield* b }"),
    ("f = lambda a: a.b", "const f = a => a.b"),
    ("f(lambda a, b: a + b)", "f((a, b) => a + b)"),
    # statements
    ("if a:\n  b\nelif c:\n  d\nelse:\n  e", "if (a) b; else if (c) { d } else { e }"),
    ("for x in xs:\n  f(x)", "for (const x of xs) { f(x) }"),
    ("for a, b in xs:\n  f(a)", "for (const [a, b] of xs) f(a)"),
    ("async for x in xs:\n  continue", "for await (const x of xs) { continue }"),
    ("while a:\n  break", "while (a) break"),
    ("while True:\n  f()", "while (true) { f() }"),
    ("try:\n  a\nexcept:\n  b\nfinally:\n  c", "try { a } catch { b } finally { c }"),
    ("raise e", "throw e"),
    ("def f():\n  return", "function f() { return }"),
    # imports
    ("import m as a", "import a from 'm'"),
    ("import m as a", "const a = require('m')"),
    ("from m import a, b as c", "import {a, b as c} from 'm'"),
    ("from m import a, b as c", "const {a, b: c} = require('m')"),
    ("from m import a as b", "const b = require('m').a"),
    ("from m import *", "export * from 'm'"),
    # classes
    ("class A(b.C):\n  x = 1", "class A extends b.C { x = 1 }"),
    ("class A(B):\n  def f(a):\n    return self.x", "class A extends B { f(a) { return this.x } }"),
    (
        "class A:\n  def __init__(self, db):\n    self.db = db",
        "class A { constructor(db) { this.db = db } }",
        "__init__ [self db]",
        "constructor [db]",
    ),
    ("@route('/x')\nclass A:\n  @get('/y')\n  async def f(): g()", "@route('/x') class A { @get('/y') async f() { g() } }"),
]  # fmt: skip

TYPED = [
    ("x: str = y", "const x: str = y"),
    ("x: List[int] | None", "let x: List<int> | null"),
    ("x: Dict[str, a.B]", "let x: Dict<str, a.B>"),
    ("x: Literal['a']", "let x: Literal<'a'>"),
    ("def f(a: A, b: B = c) -> D:\n  return a", "function f(a: A, b: B = c): D { return a }"),
    ("async def f(a: A) -> B[C]: g()", "async function f(a: A): B<C> { g() }"),
    ("class A(B[C]):\n  x: D = e", "class A extends B<C> { x: D = e }"),
    ("class A(B, C): y: D", "class A extends B implements C { y: D }"),
    ("class A(B):\n  x: C", "interface A extends B { x: C }"),
    ("class A:\n  X = 1\n  Y = 'y'", "enum A { X = 1, Y = 'y' }"),
    (
        "class A:\n  def __init__(self, db: Pool):\n    self.db = db",
        "class A { constructor(private readonly db: Pool) {} }",
        "__init__ [self db:Pool]",
        "constructor [db:Pool]",
    ),
    ("x = f(y)", "const x = f<T>(y as T)!"),
]


def facts(language: str, source: str) -> str:
    """The facts of a source, without what marks a declaration."""
    item = READERS[language].lower(source, TOP)
    assert item.faults == ()
    return render(item.body).replace("= let ", "= ")


def _same(row: tuple[str, ...], language: str) -> None:
    expected = facts("python", row[0])
    for there, here in zip(row[2::2], row[3::2], strict=True):
        expected = expected.replace(there, here)
    assert "opaque" not in expected, "two that understand nothing agree on everything"
    assert facts(language, row[1]) == expected


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row[1])
@pytest.mark.parametrize("language", ["javascript", "typescript", "typescriptreact"])
def test_python_and_javascript(row: tuple[str, ...], language: str) -> None:
    _same(row, language)


@pytest.mark.parametrize("row", TYPED, ids=lambda row: row[1])
def test_python_and_typescript(row: tuple[str, ...]) -> None:
    _same(row, "typescript")
