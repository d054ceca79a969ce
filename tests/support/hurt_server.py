"""The real server with faults put into it, each set off by a name in the checked text.

`boom` has a rule raise, `deep` the reading of its item recurse without end, `deepest` the outline of
the whole file, `slow` a rule run for ever. One rule's file cannot be imported, one technology file
is wrong.
"""

import sys
from pathlib import Path

import backend_expert.ide.desk as desk
import backend_expert.lint.opened as opened
import backend_expert.rules as rules
from backend_expert.facts.code import Call
from backend_expert.flow.evaluate import Evaluator
from backend_expert.lint.rule import Rule, Severity
from backend_expert.technologies import catalogue

BUDGET = 0.3
WRONG = """title = "wrong"
languages = ["python"]
kind = "queue"
notes = ""
[detect]
[[call]]
role = "sql.exceute"
names = ["x.y"]
"""


def check(call: Call, context: object):
    text = getattr(call.callee, "id", "")
    if text == "boom":
        raise RuntimeError("BOOM")
    while text == "slow":
        pass
    return iter(())


HURTING = Rule(
    "quality/hurting", "Hurts", Severity.HINT, "", check, Call, frozenset({"python"}), (),
    in_tests=True,
)  # fmt: skip


def for_ever(number: int = 0) -> int:
    return for_ever(number + 1)


def install(technologies: Path) -> None:
    """Puts the faults in."""
    desk.BUDGET = BUDGET
    read, open_file, load = Evaluator.read, opened.FileFlow, rules.import_module

    def hurt_read(self):
        names = {getattr(n.callee, "id", "") for n in calls(self) if isinstance(n, Call)}
        return for_ever() if "deep" in names else read(self)

    def hurt_file(items, *more):
        if any("deepest" in repr(item.body)[:9_999] for item in items):
            for_ever()
        return open_file(items, *more)

    def hurt_import(name):
        if name.endswith(".sql_injection"):
            raise SyntaxError("invalid syntax")
        return load(name)

    Evaluator.read = hurt_read
    opened.FileFlow = hurt_file
    rules.import_module = hurt_import
    all_rules = rules.all_rules
    rules.all_rules = lambda: (*all_rules(), HURTING)
    files = catalogue.files
    (technologies / "wrong.toml").write_text(WRONG)
    (technologies / "binary.toml").write_bytes(b"\xff\xfe\x00")
    catalogue.files = lambda: [*files(), *sorted(technologies.glob("*.toml"))]


def calls(evaluator):
    from backend_expert.facts.code import walk

    return [node for statement in evaluator.item.body for node in walk(statement)]


if __name__ == "__main__":
    install(Path(sys.argv[1]))
    import backend_expert.ide.scopes as scopes

    scopes.all_rules = rules.all_rules
    from backend_expert.cli.serve import serve

    sys.exit(serve())
