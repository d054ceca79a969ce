"""Runs the examples of rules on changed code, to see which changes none of them notices."""

import ast
import importlib
import signal
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType, ModuleType

import msgspec
from backend_expert.ide.fixes import edits_of
from backend_expert.lint.examples import checked, expected, marks_of
from backend_expert.lint.rule import Example, Rule
from backend_expert.rules import all_rules
from backend_expert.text.edit import apply
from msgspec.structs import replace
from mutants import Mutant, mutants
from mutants_swap import taken_over
from mutants_tests import fail, tests_of
from rule_cases import sides

SERVER = Path(__file__).resolve().parents[1]
PACKAGE = SERVER / "backend_expert"
SECONDS = 2.0  # of work, for one example; a mutant may loop for ever


class Survivor(msgspec.Struct, frozen=True, order=True):
    """A change that no example notices: in which file of the package, on which line, what."""

    file: str
    line: int
    change: str
    text: str = ""


class _Late(BaseException):
    """An example takes too long. No Exception: whoever runs a rule catches those."""


class _Case(msgspec.Struct, frozen=True, eq=False):
    """One side of an example."""

    rule: Rule
    example: Example
    is_bad: bool

    def holds(self) -> bool:
        """Whether the tests of rules are content with it."""
        signal.signal(signal.SIGVTALRM, _stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            return self._bad_holds() if self.is_bad else self._good_holds()
        except (Exception, _Late):
            return False
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _good_holds(self) -> bool:
        return not marks_of(checked(self.rule, self.example, self.example.good_text))

    def _bad_holds(self) -> bool:
        text, marks = expected(self.example)
        answer = checked(self.rule, self.example, text)
        if marks_of(answer, self.example.related) != marks:
            return False
        edits = [edit for problem, _ in answer.all() for edit in edits_of(answer, problem)]
        good = self.example.good_text
        if not good or not makes_fixes(self.rule):
            return True
        return apply(text, dict.fromkeys(edits)) == good


def makes_fixes(rule: Rule) -> bool:
    """Whether a rule's file speaks of fixes; then each of its pairs must be fixed."""
    return hasattr(sys.modules[rule.check.__module__], "Fix")


class Result(msgspec.Struct, frozen=True):
    """How many changes a module has, and those that pass all examples."""

    count: int
    alive: tuple[Survivor, ...]


Examples = Mapping[Rule, Iterable[tuple[Example, bool]]]


def survivors(path: Path, words: bool = False, examples: Examples | None = None) -> Result:
    """Makes each change of a module, and runs the examples that reach it until one notices.

    What no example notices, the tests of the module in `tests/lint` may.

    words: takes words out of constants instead. examples: in place of all that there are, each
    with whether it must be found.
    """
    name = path.relative_to(SERVER).with_suffix("").as_posix().replace("/", ".")
    module = importlib.import_module(name)
    cases = _cases(module, examples or _examples_for(module))
    tests = tests_of(module)
    count, alive = 0, list[Survivor]()
    for mutant in mutants(path.read_text("utf-8"), words):
        count += 1
        with taken_over(module, mutant.tree):
            killer = next((case for case in _reaching(cases, mutant) if not case.holds()), None)
            is_noticed = killer is not None or fail(tests)
        if not is_noticed:
            where = path.relative_to(PACKAGE).as_posix()
            alive.append(Survivor(where, mutant.line, mutant.key, ast.unparse(mutant.tree)))
        elif killer is not None:  # what notices one often notices the next
            cases = {killer: cases.pop(killer), **cases}
    return Result(count, tuple(alive))


def _examples_for(module: ModuleType) -> Examples:
    """A rule's own examples, or those of all rules for what rules share."""
    rules = all_rules()
    own = next((rule for rule in rules if rule is vars(module).get("check")), None)
    asked = rules if own is None else dict.fromkeys((own, asked_everywhere(own)))
    return {rule: tuple(sides(rule)) for rule in asked}


def _cases(module: ModuleType, examples: Examples) -> dict[_Case, set[int]]:
    """The examples that run code of a module, with the first lines of the functions that ran."""
    reached: dict[_Case, set[int]] = {}
    for rule, pairs in examples.items():
        for example, is_bad in pairs:
            case = _Case(rule, example, is_bad)
            lines = _lines_run(case, module)
            if lines:
                reached[case] = lines
    return reached


def asked_everywhere(rule: Rule) -> Rule:
    """A rule without what it says it needs, which must change no finding of it."""
    if not (rule.needs or rule.beside or rule.words or rule.target):
        return rule
    none = frozenset[str]()
    return replace(rule, needs=none, beside=none, words=none, target=frozenset())


def _lines_run(case: _Case, module: ModuleType) -> set[int]:
    """The first lines of a module's functions that a case runs."""
    lines: set[int] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == module.__file__:
            lines.add(frame.f_code.co_firstlineno)

    sys.setprofile(note)
    holds = case.holds()
    sys.setprofile(None)
    if not holds:
        raise ValueError(f"{case.rule.id}: make its examples pass first")
    return lines


def _reaching(cases: dict[_Case, set[int]], mutant: Mutant) -> list[_Case]:
    return [case for case, lines in cases.items() if not mutant.start or mutant.start in lines]


def _stop(*_: object) -> None:
    raise _Late
