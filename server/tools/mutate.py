"""Proves rules: changes their checks one by one, and lists each change that no example notices."""

import argparse
import ast
import importlib
import signal
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

import msgspec
from backend_expert.ide.fixes import edits_of
from backend_expert.lint.examples import checked, expected, marks_of
from backend_expert.lint.rule import Example, Rule
from backend_expert.rules import all_rules
from backend_expert.text.edit import apply
from mutants import Mutant, mutants
from mutants_typed import refused
from rule_cases import sides

SERVER = Path(__file__).resolve().parents[1]
PACKAGE = SERVER / "backend_expert"
ACCEPTED = Path(__file__).with_name("mutate.toml")
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


def survivors(
    path: Path, words: bool = False, rules: Iterable[Rule] = ()
) -> tuple[int, list[Survivor]]:
    """How many mutants a module has, and which survive all examples (of `rules`) that reach it."""
    name = path.relative_to(SERVER).with_suffix("").as_posix().replace("/", ".")
    module = importlib.import_module(name)
    cases = _cases(module, tuple(rules) or all_rules())
    count, alive = 0, list[Survivor]()
    for mutant in mutants(path.read_text("utf-8"), words):
        count += 1
        with taken_over(module, mutant.tree):
            killer = next((case for case in _reaching(cases, mutant) if not case.holds()), None)
        if killer is None:
            where = path.relative_to(PACKAGE).as_posix()
            alive.append(Survivor(where, mutant.line, mutant.key, ast.unparse(mutant.tree)))
        else:  # what notices one often notices the next
            cases = {killer: cases.pop(killer), **cases}
    return count, alive


def _cases(module: ModuleType, rules: tuple[Rule, ...]) -> dict[_Case, set[int]]:
    """The examples that run code of a module, with the first lines of the functions that ran."""
    reached: dict[_Case, set[int]] = {}
    own = tuple(rule for rule in rules if rule is vars(module).get("check"))
    for rule in own or rules:
        for example, is_bad in sides(rule):
            case = _Case(rule, example, is_bad)
            lines = _lines_run(case, module)
            if lines:
                reached[case] = lines
    return reached


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


@contextmanager
def taken_over(module: ModuleType, tree: ast.Module) -> Iterator[None]:
    """Lets the functions and constants of a loaded module be those of a changed text of it.

    The functions stay the same objects, with other code; so whoever imported one runs the new code.
    """
    namespace: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    exec(compile(tree, module.__file__ or "", "exec"), namespace)
    undo: list[Callable[[], None]] = []
    try:
        for name, new in namespace.items():
            if not name.startswith("__"):
                _take(module, name, new, undo)
        yield
    finally:
        for step in reversed(undo):
            step()


def _take(module: ModuleType, name: str, new: Any, undo: list[Callable[[], None]]) -> None:
    old = vars(module).get(name)
    if _code_of(new) is not None:
        _take_code(old, new, undo)
    elif isinstance(new, type):
        if new.__module__ == module.__name__:
            for key, part in vars(new).items():
                _take_code(vars(old).get(key), part, undo)
    elif old != new:
        for other in list(sys.modules.values()):
            if vars(other).get(name) is old and other.__name__.startswith("backend_expert"):
                undo.append(partial(setattr, other, name, old))
                setattr(other, name, new)


def _take_code(old: Any, new: Any, undo: list[Callable[[], None]]) -> None:
    mine, other = _code_of(old), _code_of(new)
    if mine is None or other is None or mine.__code__ == other.__code__:
        return
    undo.append(partial(setattr, mine, "__code__", mine.__code__))
    mine.__code__ = other.__code__
    forget = getattr(old, "cache_clear", None)
    if forget is not None:
        forget()
        undo.append(forget)


def _code_of(value: Any) -> FunctionType | None:
    """The plain function in a function, rule, property, static method or cache."""
    for name in ("check", "__wrapped__", "__func__", "fget", "func"):
        value = getattr(value, name, value)
    return value if isinstance(value, FunctionType) else None


def _stop(*_: object) -> None:
    raise _Late


def accepted() -> dict[str, dict[str, str]]:
    """For each file, the changes that no example can notice, with the reason."""
    return tomllib.loads(ACCEPTED.read_text("utf-8")) if ACCEPTED.exists() else {}


def main(arguments: list[str]) -> int:
    """Prints the survivors, and gives 1 when there are some that are not accepted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="rule ids or files; every rule without")
    parser.add_argument("--words", action="store_true", help="take words out of constants instead")
    options = parser.parse_args(arguments)
    known = accepted()
    count, alive = 0, list[Survivor]()
    for path in _paths(options.names):
        made, found = survivors(path, options.words)
        count += made
        alive += [one for one in found if one.change not in known.get(one.file, {})]
    texts = [(_bare(PACKAGE / one.file), one.text) for one in alive]
    left = [one for one, no in zip(alive, refused(texts), strict=True) if not no]
    for one in left:
        print(f"{one.file}:{one.line}: {one.change}")
    print(f"{count} changes; {len(alive)} pass all examples, {len(left)} the type checker too")
    return 1 if left else 0


def _bare(path: Path) -> str:
    return ast.unparse(ast.parse(path.read_text("utf-8")))


def _paths(names: list[str]) -> list[Path]:
    if not names:
        names = [rule.id for rule in all_rules()]
    return [
        Path(name).resolve() if name.endswith(".py")
        else PACKAGE / "rules" / f"{name.replace('-', '_')}.py"
        for name in names
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
