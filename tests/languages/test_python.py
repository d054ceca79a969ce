"""What Python says in the neutral facts, construct by construct."""

import pytest
from backend_expert.facts.item import TOP, Place
from backend_expert.languages.python import READERS

from tests.support.facts import render

READER = READERS["python"]


def facts(source: str) -> str:
    """The facts of a source that has no faults."""
    item = READER.lower(source, TOP)
    assert item.faults == ()
    return render(item.body)


EXPRESSIONS = [
    ("a.b.c", "a.b.c"),
    ("self", "self"),
    ("a\\\n.b", "a.b"),
    ("(((a)))", "a"),
    ("a[b]", "(index a b)"),
    ("a[1:2, b]", "(index a (tuple (opaque slice 1 2) b))"),
    ("a[*b]", "(index a (tuple ...b))"),
    ("f(a)(b)[c].d", "(index (call (call f a) b) c).d"),
    ("f(a, *b, c=1, **d)", "(call f a ...b c=1 ...d)"),
    ("f(x for x in y)", "(call f (generator-of x (for x y)))"),
    ("f(a, # why\n  b)", "(call f a b)"),
    ("print(a, file=b)", "(call print a file=b)"),
    ("print('a', *b.c(), **d)", '(call print "a" ...(call b.c) ...d)'),
    ("print 'a', b", '(call print "a" b)'),
    ("exec 'a' in b", '(call exec "a" b)'),
    ("True, False, None, ...", "(tuple true false null (opaque ellipsis))"),
    ("1_000, 0x1F, 0b11, 1.5e3, 1j", "(tuple 1000 31 3 1500.0 (opaque integer))"),
    ("99999999999999999999", "1e+20"),
    ("a + b + c - d", "(- (+ a b c) d)"),
    ("a + (b + c)", "(+ a (+ b c))"),
    ("a - b - c", "(- a b c)"),
    ("a ** b ** c", "(** a (** b c))"),
    ("a @ b // c % d", "(% (// (@ a b) c) d)"),
    ("a << b >> c & d | e ^ f", "(| (& (>> (<< a b) c) d) (^ e f))"),
    ("-a ** ~b", "(- (** a (~ b)))"),
    ("a and b and c or not d", "(or (and a b c) (not d))"),
    ("a not in b", "(not-in a b)"),
    ("a is not b", "(is-not a b)"),
    ("a <> b", "(!= a b)"),
    ("a == b == c", "(== a b c)"),
    ("0 <= a < b", "(and (<= 0 a) (< a b))"),
    ("0 <= f() < b", "(and (<= 0 (call f)) (< (opaque again) b))"),
    ("a if b else c", "(choice b a c)"),
    ("'%s' % a", '(% "{0}" a)'.replace("{0}", "%s")),
    ("'{}'.format(a)", '(call "{{}}".format a)'),
    ("()", "(tuple)"),
    ("a, *b", "(tuple a ...b)"),
    ("[*a, b]", "(list ...a b)"),
    ("[*a.b(c), d]", "(list ...(call a.b c) d)"),
    ("{a, *b.c}", "(set a ...b.c)"),
    ("{**a, 'b': c, d: e}", '(map ...a "b":c d:e)'),
    ("{}", "(map)"),
    ("[a for a in b]", "(list-of a (for a b))"),
    ("{a for a in b}", "(set-of a (for a b))"),
    ("{k: v for k, v in x if a if b for q in z}", "(map-of k:v (for (tuple k v) x if a if b) (for q z))"),
    ("(a async for a in b)", "(generator-of a (async-for a b))"),
    ("lambda: 0", "(lambda function - [] (return 0))"),
    ("lambda x, /, *y, z=1, **k: x", "(lambda function - [x *y key:z=1 **k] (return x))"),
    ("lambda: (yield)", "(generator lambda function - [] (return (yield)))"),
    ("await f(x)", "(await (call-awaited f x))"),
    ("await x", "(await x)"),
    ("yield", "(yield)"),
    ("yield a, b", "(yield (tuple a b))"),
    ("yield from a", "(yield-from a)"),
    ("(a := 1)", "(= a 1)"),
    ("type(a).b", "(call type a).b"),
    ("match.group(1)", "(call match.group 1)"),
]  # fmt: skip

STRINGS = [
    ("'a' \"b\"", '"ab"'),
    ("('a'  # why\n 'b'\n f'{c}')", '"ab{c}"'),
    ("'''a\nb'''", '"a\\nb"'),
    ("'''a\r\nb'''", '"a\\nb"'),
    ("'a\\\nb'", '"ab"'),
    (r"'\n\t\\\'\"\a'", r'''"\n\t\\'\"\u0007"'''),
    (r"'\x41\101\u00e9\U0001F600\N{BULLET}'", '"AAé😀•"'),
    (r"'\d\8\xg\N{NO SUCH NAME}\U99999999'", r'"\\d\\8\\xg\\N{{NO SUCH NAME}}\\U99999999"'),
    (r"'\ud800'", '"\ufffd"'),
    (r"r'\n\'\\'", r'''"\\n\\'\\\\"'''),
    (r"r'\\'", r'"\\\\"'),
    (r"b'\xff\u00e9' b'a'", r'b"ÿ\\u00e9a"'),
    ("f'a{b!r:>{c}}{{d}}'", '"a{b !r:>{c}}{{d}}"'),
    ("f'{a = }{b:%H %M}{c,}{ d }'", '"{a =}{b :%H %M}{(tuple c)}{d}"'),
    ("f'{a:=9}{(b := 9)}'", '"{a :=9}{(= b 9)}"'),
    ('f"{a["b"]}"', '"{(index a "b")}"'),
    ("f'''{\n a # why\n}'''", '"{a}"'),
    ("f'{f\"{a}\"}'", '"{"{a}"}"'),
    (r"rf'\d{a}\{{'", r'"\\d{a}\\{{"'),
    ("t'a{b}'", '"a{b}"'),
    ("''", '""'),
]

STATEMENTS = [
    ("a = b", "(= a b)"),
    ("a = b = c, *d = e", "(= a b (tuple c ...d) e)"),
    ("[a, (b, c)] = d", "(= (list a (tuple b c)) d)"),
    ("(a) = b", "(= a b)"),
    ("a.b = c[0] = d", "(= a.b (index c 0) d)"),
    ("type(self).a = 1", "(= (call type self).a 1)"),
    ("a: int", "(= a:int -)"),
    ("a: dict[str, B | None] = {}", "(= a:(index dict (tuple str (| B null))) (map))"),
    ("a += 1; b //= 2; c @= d", "(+= a 1)\n(//= b 2)\n(@= c d)"),
    ("f = lambda x: x", "(= f (lambda function f [x] (return x)))"),
    ("a.f = lambda: 0", "(= a.f (lambda function f [] (return 0)))"),
    ("type A[T] = list[T]", "(= (index A T) (index list T))"),
    ("return", "(return)"),
    ("return a, b", "(return (tuple a b))"),
    ("raise", "(raise)"),
    ("raise A(b) from c", "(raise (call A b) from c)"),
    ("del a, b[c]", "(delete a (index b c))"),
    ("assert a, 'b'", '(assert a "b")'),
    ("global a, b", "(global a b)"),
    ("nonlocal a", "(global a)"),
    ("pass; break; continue", "(pass)\n(break)\n(continue)"),
    ("if a: b; c\nelif d: e\nelse: f", "(if a {then b c} {else (if d {then e} {else f})})"),
    ("if a:\n  b\n# why\nelif c:\n  d\n", "(if a {then b} {else (if c {then d})})"),
    ("while a: b\nelse: c", "(while a {do b} {else c})"),
    ("for a, b in c, d: e\nelse: f", "(for (tuple a b) in (tuple c d) {do e} {else f})"),
    ("async for a in b: c", "(async for a in b {do c})"),
    ("with a as b, c(): d", "(with [a as b, (call c)] {do d})"),
    ("with (a as b, c as (d, e)): f", "(with [a as b, c as (tuple d e)] {do f})"),
    ("async with a: b", "(async with [a] {do b})"),
    (
        "try: a\nexcept B: c\nexcept (D, E.F) as g: h\nexcept: i\nelse: j\nfinally: k",
        "(try {do a} (catch [B] c) (catch [D E.F] g h) (catch [] i) {else j} {finally k})",
    ),
    ("try: a\nexcept* B as c: d", "(try {do a} (catch [B] c d))"),
    ("try: a\nexcept B, C: d", "(try {do a} (catch [B C] d))"),
    ("import a.b, c.d as e", "(import a.b -)\n(import c.d - as e)"),
    ("from a.b import c, d as e", "(import a.b c)\n(import a.b d as e)"),
    ("from . import a", "(import . a)"),
    ("from ..a import (\n  b,  # why\n  c,\n)", "(import ..a b)\n(import ..a c)"),
    ("from a import *", "(import a *)"),
    ("from __future__ import a", "(import __future__ a)"),
    (
        "if typing.TYPE_CHECKING:\n  import a\nelse:\n  import b",
        "(if typing.TYPE_CHECKING {then (import-type a -)} {else (import b -)})",
    ),
]

DEFINITIONS = [
    (
        "def f(a, /, b: int = 1, *args: int, c, d=2, **more) -> X: pass",
        "(function f [a b:int=1 *args:int key:c key:d=2 **more] ->X (pass))",
    ),
    ("def f(*, a): pass", "(function f [key:a] (pass))"),
    ("def f((a, b), c): pass", "(function f [(tuple a b) c] (pass))"),
    ("def f[T: A](a: T): pass", "(function f [a:T] (pass))"),
    ("async def f(): pass", "(async function f [] (pass))"),
    ("def f():\n  yield 1", "(generator function f [] (yield 1))"),
    ("def f():\n  lambda: (yield)", "(function f [] (generator lambda function - [] (return (yield))))"),
    ("@a.b(c)\n@staticmethod\ndef f(): pass", "(@(call a.b c) @staticmethod static function f [] (pass))"),
    ("class A: x: int; y = 1", "(class A [] (= x:int -) (= y 1))"),
    ("@a\nclass A[T](B, C[T], metaclass=M):\n  'Doc.'", '(@a class A [B (index C T) metaclass=M] "Doc.")'),
    ("class A:\n", "(class A [])"),
    ("class A:\n  class Meta:\n    x = 1", "(class A [] (class Meta [] (= x 1)))"),
]  # fmt: skip

MATCH = [
    ("case 1: a", "(if (== x 1) {then a})"),
    ("case -1: a", "(if (== x (- 1)) {then a})"),
    ("case 'b' 'c': a", '(if (== x "bc") {then a})'),
    ("case None: a\n case _: b", "(if (== x null) {then a} {else b})"),
    ("case A.B: a\n case c: b", "(if (== x A.B) {then a} {else (= c x) b})"),
    ("case 1 if b: a", "(if (and (== x 1) b) {then a})"),
    ("case b if b > 1: a", "(if (and (opaque capture b) (> b 1)) {then a})"),
    ("case 1 | 2: a", "(if (== x (opaque union_pattern 1 2)) {then a})"),
    ("case [b, *c]: a", "(if (== x (list b ...c)) {then a})"),
    ("case 1, (2): a", "(if (== x (tuple 1 2)) {then a})"),
    ("case B(c=1) as d: a", "(if (== x (opaque as_pattern (opaque class_pattern B (opaque keyword_pattern c 1)) d)) {then a})"),
    ("case {'b': c}: a", '(if (== x (opaque dict_pattern "b" c)) {then a})'),
    ("case _: a", "(opaque match_statement x a)"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), EXPRESSIONS + STRINGS + STATEMENTS + DEFINITIONS)
def test_construct(source: str, expected: str) -> None:
    assert facts(source) == expected


@pytest.mark.parametrize(("cases", "expected"), MATCH)
def test_match(cases: str, expected: str) -> None:
    assert facts(f"match x:\n {cases}") == expected


def test_subject_of_match_is_seen_once() -> None:
    source = "match f():\n case 1: a\n case 2: b\n"
    assert (
        facts(source) == "(if (== (call f) 1) {then a} {else (if (== (opaque again) 2) {then b})})"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("    def f(self):\n        return 1\n", "(function f [self] (return 1))"),
        ("\t@a\n\tasync def f(self): pass\n\n\t# why\n", "(@a async function f [self] (pass))"),
        ("    a = 1\n    b: int = 2\n\n    class C: pass\n", "(= a 1)\n(= b:int 2)\n(class C [] (pass))"),
        ("    def f(self):\r\n        return 1\r\n", "(function f [self] (return 1))"),
    ],
)  # fmt: skip
def test_member_of_a_class_is_read_on_its_own(source: str, expected: str) -> None:
    place = Place("A", "class A:", 4)
    item = READER.lower(source, place)
    assert (item.place, item.faults, render(item.body)) == (place, (), expected)


def test_names_are_all_identifiers() -> None:
    source = "from a.b import c as d\ndef f(g: h = i, *j): k.l(m=n); o = 'p'  # q\n"
    assert READER.lower(source, TOP).names == frozenset("abcdfghijklmno")


def test_comments_stand_without_their_marker() -> None:
    source = "#! one\nx = '# no'  # two \n\n    #: three\n#\n"
    comments = READER.lower(source, TOP).comments
    assert [comment.text for comment in comments] == ["! one", "two", ": three", ""]
    assert [source[c.span.start : c.span.end] for c in comments] == [
        "#! one",
        "# two ",
        "#: three",
        "#",
    ]


def test_long_chains_are_flat() -> None:
    many = 5_000
    (sum_,) = READER.lower(" + ".join(["a"] * many), TOP).body
    assert render(sum_) == f"(+ {' '.join(['a'] * many)})"
    (assign,) = READER.lower("a = " * many + "b", TOP).body
    assert render(assign) == f"(= {' '.join(['a'] * many)} b)"
