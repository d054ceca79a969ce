"""What JavaScript and TypeScript say in the neutral facts, construct by construct."""

import pytest
from backend_expert.facts import code
from backend_expert.facts.item import TOP, Place
from backend_expert.languages.javascript import READERS

from tests.support.facts import render


def facts(source: str, language: str = "javascript", place: Place = TOP) -> str:
    """The facts of a source that has no faults."""
    item = READERS[language].lower(source, place)
    assert item.faults == ()
    return render(item.body)


EXPRESSIONS = [
    ("a.b.c", "a.b.c"),
    ("this.x", "self.x"),
    ("this.#x", "self.#x"),
    ("(((a)))", "a"),
    ("a[b]['c']", '(index (index a b) "c")'),
    ("a?.b?.[c]?.(d)", "(call (index a.b c) d)"),
    ("f(a)(b)[c].d", "(index (call (call f a) b) c).d"),
    ("f(a, ...b)", "(call f a ...b)"),
    ("f(a, /* why */ b)", "(call f a b)"),
    ("new A(b)", "(new A b)"),
    ("new A", "(new A)"),
    ("new a.B().c", "(new a.B).c"),
    ("super(a)", "(call super a)"),
    ("super.f(a)", "(call super.f a)"),
    ("import('x')", '(call import "x")'),
    ("import.meta.url", "import.meta.url"),
    ("f([true, false, null, undefined])", "(call f (list true false null null))"),
    ("f(1_000, 0x1F, 0b11, 1.5e3, 10n)", "(call f 1000 31 3 1500.0 10)"),
    ("99999999999999999999", "1e+20"),
    ("0777", "511"),
    ("a + b + c - d", "(- (+ a b c) d)"),
    ("a + (b + c)", "(+ a (+ b c))"),
    ("a ** b ** c", "(** a (** b c))"),
    ("a << b >>> c & d | e ^ f", "(| (& (>> (<< a b) c) d) (^ e f))"),
    ("a && b && c || !d", "(or (and a b c) (not d))"),
    ("a ?? b ?? c", "(?? a b c)"),
    ("a === b, a !== b, a == b", "(== a b)\n(!= a b)\n(== a b)"),
    ("a < b < c", "(< (< a b) c)"),
    ("a instanceof B", "(instanceof a B)"),
    ("'a' in b", '(in "a" b)'),
    ("#a in b", "(in #a b)"),
    ("typeof a", "(typeof a)"),
    ("void 0", "(void 0)"),
    ("delete a.b", "(delete a.b)"),
    ("-1", "(- 1)"),
    ("a ? b : c ? d : e", "(choice a b (choice c d e))"),
    ("await f(a)", "(await (call-awaited f a))"),
    ("await a", "(await a)"),
    ("await new A()", "(await (new-awaited A))"),
    ("f().then(a).catch(b)", "(call (call (call f).then a).catch b)"),
    ("/a[/]b\\d/g", '(opaque regex "a[/]b\\\\d")'),
    ("f((a, b))", "(call f (opaque sequence a b))"),
    ("a, b, c", "a\nb\nc"),
    ("x = [a, ...b]", "(= x (list a ...b))"),
    ("x = {a, 'b': c, 1: d, [e]: f, ...g}", '(= x (map "a":a "b":c 1:d e:f ...g))'),
    ("x = {f() { a }}", '(= x (map "f":(function f [] a)))'),
    ("x = {async *f() {}}", '(= x (map "f":(async generator function f [])))'),
    ("x = {get f() { return a }}", '(= x (map "f":(function f [] (return a))))'),
    ("x = {f: () => a}", '(= x (map "f":(lambda function f [] (return a))))'),
    ("x = {f: function () {}}", '(= x (map "f":(function f [])))'),
    ("a.b = function () {}", "(= a.b (function b []))"),
    ("a.b = function c() {}", "(= a.b (function c []))"),
    ("a = b = c", "(= a b c)"),
    ("a += 1", "(+= a 1)"),
    ("a ??= b", "(??= a b)"),
    ("a ||= b", "(or= a b)"),
    ("a++", "(+= a 1)"),
    ("--a", "(-= a 1)"),
    ("[a, b] = [b, a]", "(= (tuple a b) (list b a))"),
    ("[a, , b] = c", "(= (tuple a (opaque skipped) b) c)"),
    ("({a, b: c = 1, d = 2, ...e} = f)", '(= (map "a":a "b":(= c 1) "d":(= d 2) ...e) f)'),
    ("x = class extends B {}", "(= x (class x [B]))"),
    ("(a, b) => a", "(lambda function - [a b] (return a))"),
    ("a => ({b: a})", '(lambda function - [a] (return (map "b":a)))'),
    ("async a => { await a }", "(async lambda function - [a] (await a))"),
    ("async => async", "(lambda function - [async] (return async))"),
    ("(a = 1, {b, c = 2}, [d], ...e) => {}", '(lambda function - [a=1 (map "b":b "c":(= c 2)) (tuple d) *e])'),
]  # fmt: skip

TEXTS = [
    ("'a'", '"a"'),
    ('""', '""'),
    (r"'a\'b\n\x41\u00e9\u{1F600}\0'", '"a\'b\\nAé😀\\u0000"'),
    (r"'\ud83d\ude00'", '"😀"'),
    (r"'\ud83d'", '"\ufffd"'),
    ("'a\\\nb'", '"ab"'),
    ("`a ${b} c`", '"a {b} c"'),
    ("`a\r\nb`", '"a\\nb"'),
    ("`${`${a}`}`", '"{"{a}"}"'),
    ("`\\${a}`", '"${{a}}"'),
    ("sql`a ${b}`", '(tagged sql "a {b}")'),
    ("a.b`c`.d", '(tagged a.b "c").d'),
    ("'a' + b + `c`", '(+ "a" b "c")'),
]

STATEMENTS = [
    ("const a = 1", "(= let a 1)"),
    ("let a, b = 2", "(= let a -)\n(= let b 2)"),
    ("const [a, b] = c", "(= let (tuple a b) c)"),
    ("const {a, b: {c}} = d", '(= let (map "a":a "b":(map "c":c)) d)'),
    ("const f = async () => a", "(= let f (async lambda function f [] (return a)))"),
    ("function f(a) { return a }", "(function f [a] (return a))"),
    ("async function* f() { yield* a }", "(async generator function f [] (yield-from a))"),
    ("if (a) return;", "(if a {then (return)})"),
    ("if (a) b; else if (c) d; else { e; f }", "(if a {then b} {else (if c {then d} {else e f})})"),
    ("for (const a of b) c", "(for a in b {do c})"),
    ("for (const [a, b] of c) {}", "(for (tuple a b) in c)"),
    ("for (let a in b) { c }", "(for a in b {do c})"),
    ("for await (const a of b) {}", "(async for a in b)"),
    ("for (let i = 0, n = a; i < n; i++) b", "(for (< i n) {before (= let i 0) (= let n a)} {after (+= i 1)} {do b})"),
    ("for (;;) { break }", "(for {do (break)})"),
    ("while (a) { continue }", "(while a {do (continue)})"),
    ("do a; while (b)", "(do b {do a})"),
    ("try { a } catch (e) { b } finally { c }", "(try {do a} (catch [] e b) {finally c})"),
    ("try { a } catch { b }", "(try {do a} (catch [] b))"),
    ("try { a } catch ({message}) { b }", "(try {do a} (catch [] b))"),
    ("throw new Error('a')", '(raise (new Error "a"))'),
    ("switch (a) { case 1: b; break; case 2: case 3: c; default: d }", "(if (== a 1) {then b} {else (if (or (== a 2) (== a 3)) {then c} {else d})})"),
    ("switch (f()) { case 1: b; break; case 2: { c; break } }", "(if (== (call f) 1) {then b} {else (if (== (opaque again) 2) {then c})})"),
    ("switch (true) { case a > 1: b }", "(if (> a 1) {then b})"),
    ("a: for (;;) { break a }", "(for {do (break)})"),
    ("{ a; { b } }", "a\nb"),
    (";", "(pass)"),
    ("'use strict'", '"use strict"'),
    ("#!/usr/bin/env node\na", "a"),
    ("debugger", "(opaque debugger_statement)"),
    ("<!-- a\nb", "b"),
]  # fmt: skip

MODULES = [
    ("import a from 'm'", "(import m - as a)"),
    ("import a, {b, c as d, default as e} from './m'", "(import ./m - as a)\n(import ./m b)\n(import ./m c as d)\n(import ./m - as e)"),
    ("import * as a from 'node:fs/promises'", "(import fs/promises - as a)"),
    ("import 'm'", "(import m -)"),
    ("const a = require('m')", "(import m - as a)"),
    ("const {a, b: c} = require('node:fs')", "(import fs a)\n(import fs b as c)"),
    ("const a = require('m').b, c = require('d').c", "(import m b as a)\n(import d c)"),
    ("const {a = 1} = require('m')", '(= let (map "a":(= a 1)) (call require "m"))'),
    ("const a = require('m')('b')", '(= let a (call (call require "m") "b"))'),
    ("require('m').f()", '(call (call require "m").f)'),
    ("require(a)", "(call require a)"),
    ("export const a = 1", "(= let a 1)"),
    ("export function f() {}", "(function f [])"),
    ("export class A {}", "(class A [])"),
    ("export default a", "(= default a)"),
    ("export default () => a", "(= default (lambda function default [] (return a)))"),
    ("export default function () {}", "(function default [])"),
    ("export default async function f() {}", "(async function f [])"),
    ("export default class {}", "(class default [])"),
    ("export default class A extends B {}", "(class A [B])"),
    ("export {a, b as c}", "(opaque export a b)"),
    ("export {a, b as c} from 'm'", "(import m a)\n(import m b as c)"),
    ("export * from 'm'", "(import m *)"),
    ("export * as a from 'm'", "(import m - as a)"),
    ("module.exports = {a}", '(= module.exports (map "a":a))'),
    ("exports.f = () => {}", "(= exports.f (lambda function f []))"),
]  # fmt: skip

CLASSES = [
    ("class A extends b.C {}", "(class A [b.C])"),
    ("class A { a = 1; #b; static c = f() }", "(class A [] (= let a 1) (= let #b -) (= let c (call f)))"),
    ("class A { 'a b' = 1; [c] = 2 }", "(class A [] (= let a b 1) (= let (opaque computed_property_name c) 2))"),
    ("class A { constructor(a) { super(a); this.a = a } }", "(class A [] (function constructor [a] (call super a) (= self.a a)))"),
    ("class A { static async *f() {} get g() {} set g(a) {} #h() {} }", "(class A [] (async generator static function f []) (function g []) (function g [a]) (function #h []))"),
    ("class A { static { a } }", "(class A [] (opaque static a))"),
    ("class A { f = () => this.g() }", "(class A [] (= let f (lambda function f [] (return (call self.g)))))"),
    ("@a @b(1) class A { @c f() {} }", "(@a @(call b 1) class A [] (@c function f []))"),
]  # fmt: skip

MARKUP = [
    ("<A />", "(opaque jsx A)"),
    ("<a.B c='d' e={f} g {...h}>i {j} <k/></a.B>", '(opaque jsx a.B (map "c":"d" "e":f "g":true ...h) "i " j (opaque jsx k))'),
    ("<><a/></>", "(opaque jsx (opaque jsx a))"),
    ("<p>Don't {a}</p>", '(opaque jsx p "Don\'t " a)'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), EXPRESSIONS + TEXTS + STATEMENTS + MODULES + CLASSES + MARKUP
)
def test_javascript(source: str, expected: str) -> None:
    assert facts(source, "javascriptreact") == expected


TYPED = [
    ("const a: string = 'b'", '(= let a:string "b")'),
    ("let a: Array<b.C> | null", "(= let a:(| (index Array b.C) null) -)"),
    ("let a: Map<string, B[]>", "(= let a:(index Map (tuple string (index Array B))) -)"),
    ("let a: A & B & C", "(= let a:(& A B C) -)"),
    ("let a: {b: string; c?: [d, e]}", '(= let a:(map "b":string "c":(tuple d e)) -)'),
    ("let a: B['c']", '(= let a:(index B "c") -)'),
    ("let a: 'b' | 1 | undefined", '(= let a:(| "b" 1 null) -)'),
    ("let a: typeof b", "(= let a:(typeof b) -)"),
    ("let a: (b: C) => D", "(= let a:(opaque function_type (opaque formal_parameters (opaque required_parameter b C)) D) -)"),
    ("a as B", "a"),
    ("a! as unknown as B", "a"),
    ("a satisfies B", "a"),
    ("a!.b!()", "(call a.b)"),
    ("f<A, B>(c)", "(call f c)"),
    ("new Map<A, B>()", "(new Map)"),
    ("await sql<A[]>`b ${c}`", '(await (tagged sql "b {c}"))'),
    ("const a = sql<{b: C}>`d`", '(= let a (tagged sql "d"))'),
    ("function f<T extends A>(a: T, b?: B, c = 1, ...d: C[]): D {}", "(function f [a:T b:B c=1 *d:(index Array C)] ->D)"),
    ("function f(this: A, {b}: C = {}) {}", '(function f [self:A (map "b":b):C=(map)])'),
    ("function f(a: A): void;", "(function f [a:A] ->void)"),
    ("const f = <T,>(a: T): T => a", "(= let f (lambda function f [a:T] ->T (return a)))"),
    ("import type {A} from 'm'", "(import-type m A)"),
    ("import {type A, b} from 'm'", "(import-type m A)\n(import m b)"),
    ("import a = require('m')", "(import m - as a)"),
    ("import a = b.c", "(= let a b.c)"),
    ("export type {A} from 'm'", "(import-type m A)"),
    ("export = a", "(= default a)"),
    ("enum A {B = 1, 'C', D}", "(class A [] (= let B 1) (= let C -) (= let D -))"),
    ("export const enum A {B}", "(class A [] (= let B -))"),
    ("interface A<T> extends B, C<T> { d: T; e?(f: G): void; [k: string]: H }", "(class A [B (index C T)] (= let d:T -) (function e [f:G] ->void) (opaque index_signature k string H))"),
    ("type A = {b: C}", "(class A [] (= let b:C -))"),
    ("type A<T> = B | C<T>", "(opaque type (| B (index C T)))"),
    ("namespace A { export const b = 1 }", "(opaque namespace (= let b 1))"),
    ("declare module 'a' { interface B {} }", "(opaque namespace (class B []))"),
    ("declare const a: B", "(= let a:B -)"),
    ("abstract class A extends B<C> implements D, E { abstract f(): void }", "(class A [(index B C) D E] (function f [] ->void))"),
    ("class A { constructor(private readonly a: B, c: D, public e = 1) { f() } }", "(class A [] (function constructor [a:B c:D e=1] (= self.a a) (= self.e e) (call f)))"),
    ("class A { private readonly a?: B = c; declare d: E }", "(class A [] (= let a:B c) (= let d:E -))"),
    ("@A() export class B { @C('d') e() {} @F g() {} }", '(@(call A) class B [] (@(call C "d") function e []) (@F function g []))'),
    ("function f(a: any): asserts a is B {}", None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), TYPED)
def test_typescript(source: str, expected: str | None) -> None:
    for language in ("typescript", "typescriptreact"):
        found = facts(source, language)
        assert expected is None or found == expected


def test_old_casts_add_nothing() -> None:
    assert facts("<A>b", "typescript") == "b"


def test_member_is_read_as_it_would_be_in_its_class() -> None:
    place = Place("A", "class A {", 2)
    assert facts("  f() { super.f() }\n  a = 1\n", place=place) == (
        "(function f [] (call super.f))\n(= let a 1)"
    )
    assert facts("  async f() {}\n}\n\n// end\n", place=place) == "(async function f [])"
    assert facts("  @A() f() {}\n};\n", "typescript", place) == "(@(call A) function f [])"
    assert facts("  f() { `\n}` }\n", place=place) == '(function f [] "\\n}}")'


def test_head_of_a_class_is_whole_without_its_members() -> None:
    source = "export class A extends B {\n  a = 1;\n\n"
    item = READERS["typescript"].lower(source, Place("", "export class A extends B {", 2))
    (head,) = item.body
    assert item.faults == ()
    assert render(head) == "(class A [B] (= let a 1))"
    assert head.span.end <= len(source)


def test_decorators_of_fields_and_parameters_are_kept() -> None:
    source = "class A { @Column('int') a: number; f(@Body() b: B) {} }"
    (fact,) = READERS["typescript"].lower(source, TOP).body
    assert isinstance(fact, code.Class)
    field, method = fact.body
    assert isinstance(field, code.Assign)
    assert isinstance(method, code.Function)
    assert render(field.decorators) == '(call Column "int")'
    assert render(method.parameters[0].decorators) == "(call Body)"


def test_names_are_all_identifiers_but_not_words_in_texts() -> None:
    source = "const a: B<C> = d.e('no', {f: `${g}`}) // no\nclass h { #i = this.j<k>() }"
    item = READERS["typescript"].lower(source, TOP)
    assert item.names == set("aBCdefghjk") | {"#i", "self"}


def test_comments_are_found_anywhere() -> None:
    source = "// a\nf(/* b */ c, // d\n) /** e */\n"
    item = READERS["javascript"].lower(source, TOP)
    assert [comment.text for comment in item.comments] == ["a", "b", "d", "e"]
    assert [source[c.span.start : c.span.end] for c in item.comments][1] == "/* b */"
