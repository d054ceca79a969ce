"""Proves rules: changes their checks one by one, and lists each change that no example notices."""

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from backend_expert.rules import all_rules
from mutants_run import PACKAGE, Survivor, survivors
from mutants_typed import refused

ACCEPTED = Path(__file__).with_name("mutate.toml")


def accepted() -> dict[str, dict[str, str]]:
    """For each file, the changes that no example can notice, with the reason."""
    return tomllib.loads(ACCEPTED.read_text("utf-8"))


def main(arguments: list[str]) -> int:
    """Prints what no example notices, and gives 1 when some of it is not accepted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="rule ids, or files; every rule without")
    parser.add_argument("--words", action="store_true", help="take words out of constants instead")
    options = parser.parse_args(arguments)
    count, left = unnoticed(_paths(options.names), options.words)
    for one in left:
        print(f"{one.file}:{one.line}: {one.change}")
    print(f"{count} changes, {len(left)} of them unnoticed")
    return 1 if left else 0


def unnoticed(paths: Iterable[Path], words: bool = False) -> tuple[int, list[Survivor]]:
    """How many changes some modules have, and which of them no example and no type notices."""
    known = accepted()
    count, alive = 0, list[Survivor]()
    for path in paths:
        found = survivors(path, words)
        count += found.count
        alive += [one for one in found.alive if one.change not in known.get(one.file, {})]
    plain = {one.file: ast.unparse(ast.parse((PACKAGE / one.file).read_text())) for one in alive}
    refusals = refused([(plain[one.file], one.text) for one in alive])
    return count, [one for one, no in zip(alive, refusals, strict=True) if not no]


def _paths(names: list[str]) -> list[Path]:
    return [
        Path(name).resolve() if name.endswith(".py")
        else PACKAGE / "rules" / f"{name.replace('-', '_')}.py"
        for name in names or [rule.id for rule in all_rules()]
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
