"""JavaScript's items: where they begin, whose they are, and that an edit never matters further on."""

import re
import time

import pytest
from backend_expert.languages.javascript import READERS
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cuts import cut_afresh, cut_again

READER = READERS["typescript"]

SAMPLE = r"""#!/usr/bin/env node
// The shop's orders.
'use strict';
import express, { Router } from 'express';
const { Pool } = require('pg');

const LIMIT = 10, NAME = /[`'"/]{2}/g.test(x) ? a / b / c : 'it\'s';
const QUERY = `select ${LIMIT > 1 ? `a ${{ b: '}' }.b} c` : "`"} from
const t = 1
`;
/* function no() {
class No { */
module.exports = (app) => {
  app.get('/orders/:id', async (req, res) => {
    const rows = await pool.query(`select * from orders where id = ${req.params.id}`);
    res.json(rows ?? []);
  });
};
async function total(items) {
  let sum = 0;
  for (const item of items) if (item) { sum += item.price / 100 } else continue;
  return sum;
}
@Injectable()
@Controller({
  path: 'orders',
})
export class Orders<T> extends Base<T> implements OnInit {
  @Inject(Pool)
  private readonly pool: Pool;
  static count = 0;
  handler = async () => {
    this.count(1);
  };

  // Why there is a constructor.
  constructor(private readonly db: Db) {
    super();
  }

  @Get('/:id')
  @UseGuards(Auth, Role({ of: ['a'] }))
  async find(@Param('id') id: string): Promise<T[]> {
    try {
      return this.db.find({
        id,
        keep() { return 1 },
      });
    } catch (e) { throw new Error(`no ${id}`) }
  }
  get name() { return <b>Don't</b> }
  later: string;
  static *[Symbol.iterator]() { yield* [] }
}

const Shop = class extends Base {
	open() {}
	close() {}
};
if (require.main === module) {
  total([])
}
else {
  app.listen(3000)
}
total
  .call(1)
export default Orders
"""


def pieces(text: str) -> list[str]:
    """The first line of each item; a member's after the name of its class."""
    return [
        f"{cut.place.owner}: {_first_line(text, cut.start).strip()}"
        if cut.place.owner
        else _first_line(text, cut.start)
        for cut in cut_afresh(READER, text)
    ]


def _first_line(text: str, start: int) -> str:
    return re.split("[\r\n]", text[start:], maxsplit=1)[0]


def test_sample_is_cut_into_items_and_classes_into_members() -> None:
    assert pieces(SAMPLE) == [
        "#!/usr/bin/env node",
        "'use strict';",
        "import express, { Router } from 'express';",
        "const { Pool } = require('pg');",
        r"const LIMIT = 10, NAME = /[`'\"/]{2}/g.test(x) ? a / b / c : 'it\'s';".replace(
            '\\"', '"'
        ),
        """const QUERY = `select ${LIMIT > 1 ? `a ${{ b: '}' }.b} c` : "`"} from""",
        "module.exports = (app) => {",
        "async function total(items) {",
        "@Injectable()",
        "Orders: constructor(private readonly db: Db) {",
        "Orders: @Get('/:id')",
        "Orders: get name() { return <b>Don't</b> }",
        "Orders: static *[Symbol.iterator]() { yield* [] }",
        "const Shop = class extends Base {",
        "Shop: open() {}",
        "Shop: close() {}",
        "if (require.main === module) {",
        "total",
        "export default Orders",
    ]


def test_place_of_members_has_the_header_as_written() -> None:
    text = "@mark\nexport class A extends B<C>\n  implements D { // why\n\n\tf() {}\n}\n"
    head, member = cut_afresh(READER, text)
    assert (head.place.owner, member.place.owner) == ("", "A")
    header = "export class A extends B<C>\n  implements D { // why"
    assert head.place.owner_line == member.place.owner_line == header
    assert head.place.indent == member.place.indent == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", [""]),
        ("// a\n\nx\n// b\ny", ["// a", "x", "y"]),
        ("x(\n1\n)\n.y\n? a\n: b\nz", ["x(", "z"]),
        ("if (a) {\n}\nelse {\n}\ntry {\n}\ncatch {\n}\nfinally {\n}\n", ["if (a) {", "try {"]),
        ("function f()\n{\n  a\n}\nb", ["function f()", "b"]),
        ("x =\n// why\n(a)\ny", ["x =", "y"]),
        ("x(a) // =\ny", ["x(a) // =", "y"]),
        ("f({\nx\ny: 1\nfunction g() {}\n", ["f({", "function g() {}"]),
        ("f(\nimport('a')\n)\nimport 'b'\n", ["f(", "import 'b'"]),
        ("f({\ntype: 1,\nlet: 2,\n})\n", ["f({"]),
        ("x = `\nfunction f() {}\n`\ny", ["x = `", "y"]),
        ("x = `\nfunction f() {}\n", ["x = `"]),
        ("x = `${`\n${a}\n`}\nconst b`\ny", ["x = `${`", "y"]),
        ("x /* \nconst y\n*/\nz", ["x /* ", "z"]),
        ("f('oops)\ny", ["f('oops)", "y"]),
        ("f('a\\\nb')\ny", ["f('a\\", "y"]),
        ("x = a / b; y = '/'\nz", ["x = a / b; y = '/'", "z"]),
        ("x = /[(`]/\ny", ["x = /[(`]/", "y"]),
        ("f(a => /[(`]/.test(a))\ny", ["f(a => /[(`]/.test(a))", "y"]),
        ("f(g()/2, '(')\ny", ["f(g()/2, '(')", "y"]),
        ("f(<p>Don't {a}</p>)\ny", ["f(<p>Don't {a}</p>)", "y"]),
        (";(function () {\n})()\n;[1].map(f)\n", [";(function () {", ";[1].map(f)"]),
        (")\n]\nx\n", [")", "x"]),
        ("class A {}\nclass B {\n  x = 1\n}\ny", ["class A {}", "class B {", "y"]),
        ("class A { f() {} }\ny", ["class A { f() {} }", "y"]),
        ("class A {\n  f() {\n    g(\n\n  h() {\n  }\n}\ny", ["class A {", "A: f() {", "A: h() {", "y"]),
        ("class A {\n  f() {}\n  x = 1\n  y = 2\n}\nz", ["class A {", "A: f() {}", "z"]),
        ("class A {\n  @b\n  x\n  @c()\n  f() {}\n}\nz", ["class A {", "A: @c()", "z"]),
        ("class A {\n  @b x\n  @c(d({})) f() {}\n}\nz", ["class A {", "A: @c(d({})) f() {}", "z"]),
        ("class A {\n  @b\nfunction f() {}", ["class A {", "function f() {}"]),
        ("class A {\n  if (x) {\n  }\n}", ["class A {"]),
        ("class A {\nf() {}\n}\ny", ["class A {", "y"]),
        ("class A extends f({\n  g() {}\n}) {\n  h() {}\n}", ["class A extends f({", "A: h() {}"]),
        ("class A extends B<C, {\n  f(): D\n}>() {\n  g() {}\n}\n", ["class A extends B<C, {"]),
        ("abstract class A {\n  abstract f(): B;\n  g?(): C;\n}", ["abstract class A {", "A: abstract f(): B;", "A: g?(): C;"]),
        ("module.exports = class {\n  f() {}\n}\nx", ["module.exports = class {", "exports: f() {}", "x"]),
        ("export default class extends A {\n  f() {}\n}", ["export default class extends A {", "default: f() {}"]),
        ("f(class {\n  g() {}\n})\n", ["f(class {"]),
        ("class A {\n  f() {}\n}\n\n  x\ny", ["class A {", "A: f() {}", "y"]),
        ("x\r\nclass A {\r\n  f() {\r\n  }\r\n\r\n  g() {}\r\n}\r\ny", ["x", "class A {", "A: f() {", "A: g() {}", "y"]),
        ("x\rfunction f() {\r  y\r}\rz", ["x", "function f() {", "z"]),
        ("\ufeffclass A {\n  f() {}\n}\n", ["\ufeffclass A {", "A: f() {}"]),
        ("é = 1\n变量()\n", ["é = 1", "变量()"]),
        ("x\0\ny\n", ["x\0", "y"]),
        ("  x\n  y\nz\n", ["  x", "z"]),
    ],
)  # fmt: skip
def test_edges(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


_SIGNS = "'\"`(){}[]/\\@;.,<>*$#\n\r\t\0\ufeff"
_WORDS = """
export |function |const |class |async |else |x = 1|extends B<|= class {|= /a|=>|<{|${|`${|//|/*|*/
""".strip().split("|")
_LINES = ["\n  @x()\n", "\n  g() {\n  }\n", "\n@x\n", "\n  // g() {\n", "\nclass Y {\n  f() {}\n"]
_TYPED = st.sampled_from([*_SIGNS, *_WORDS, *_LINES, "", "\n", "\r\n", "  ", "\n  "])
_EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.lists(_TYPED, max_size=3)), max_size=4
)


@settings(max_examples=300, database=None)
@given(_EDITS)
def test_cutting_after_an_edit_is_cutting_afresh(edits: list[tuple[float, int, list[str]]]) -> None:
    text = SAMPLE
    cuts = cut_afresh(READER, text)
    for where, removed, typed in edits:
        start = int(where * len(text))
        removed = min(removed, len(text) - start)
        added = "".join(typed)
        text = text[:start] + added + text[start + removed :]
        cuts = cut_again(READER, text, cuts, start, removed, len(added))
        assert cuts == cut_afresh(READER, text)


@settings(max_examples=150, database=None)
@given(st.integers(0, len(SAMPLE)), _EDITS)
def test_more_text_moves_no_cut_whose_next_line_is_known(
    seen: int, edits: list[tuple[float, int, list[str]]]
) -> None:
    """A cut from a text that goes on stands, unless it lies at what has been seen of its end."""
    text = SAMPLE
    for where, removed, typed in edits:
        start = int(where * len(text))
        text = text[:start] + "".join(typed) + text[start + removed :]
    whole = cut_afresh(READER, text)
    for early, late in zip(cut_afresh(READER, text[:seen]), whole, strict=False):
        if not re.search(r"[\r\n].", text[early.end : seen]):
            break
        assert early == late


@settings(max_examples=100, database=None)
@given(st.lists(_TYPED | st.text(max_size=3), max_size=30).map("".join))
def test_any_text_is_covered(text: str) -> None:
    cuts = cut_afresh(READER, text)
    assert "".join(text[cut.start : cut.end] for cut in cuts) == text


def test_long_file_is_cut_quickly() -> None:
    text = SAMPLE * 140  # 10,000 lines
    took = min(_seconds(text) for _ in range(3))
    assert took < 0.1, "a tenth of a second is already ten times what it takes"


@pytest.mark.parametrize(
    "bit",
    ["a={b:'c',d:[1]/2,e:`f${g}`,h:/i/};", "'", "`", "/", "=/[", "\\'", "=/a", "`${", "@a(", "a<{"],
)
def test_one_long_line_takes_no_time(bit: str) -> None:
    assert _seconds(bit * (100_000 // len(bit))) < 2
    assert _seconds(f"class A {{ {bit * (100_000 // len(bit))}\n  f() {{}}\n}}") < 2


def _seconds(text: str) -> float:
    start = time.perf_counter()
    cut_afresh(READER, text)
    return time.perf_counter() - start
