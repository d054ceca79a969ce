"""Rewriting code: every fix that the rules know for it, made together."""

from collections.abc import Iterator

from backend_expert.ide.fixes import edits_of, together
from backend_expert.lint.checked import Problem
from backend_expert.persona.brief import Brief
from backend_expert.persona.events import Edits
from backend_expert.persona.offline.words import count
from backend_expert.persona.place import Place
from backend_expert.persona.verify import prove


def answer(brief: Brief) -> Iterator[str | Edits]:
    """What can be mended, as one edit, then what is left for a person."""
    place = brief.place
    problems = [problem for problem, _ in place.problems()]
    if not problems:
        yield "The checks find nothing to mend here, so the code stays as it is.\n\n"
        return
    chosen = provable(place, [p for p in problems if p.finding.fix is not None])
    if chosen:
        edits, _ = together(place.checked, chosen)
        yield "".join(dict.fromkeys(f"- {_mend(place, problem)}\n" for problem in chosen)) + "\n"
        yield Edits(f"Mend {count(len(chosen), 'finding')}", tuple(edits))
    kept = {id(problem) for problem in chosen}
    left = [problem for problem in problems if id(problem) not in kept]
    if left:
        yield "## Left for you\n\n" if chosen else ""
        yield "The right change here depends on what is meant:\n\n"
        yield "".join(f"- {_line(place, p)}: {p.finding.message} · `{p.rule.id}`\n" for p in left)
        yield "\n"


def _line(place: Place, problem: Problem) -> str:
    start = place.checked.start_of(problem.item) or 0
    return f"Line {place.checked.document.position(problem.span.start + start)[0] + 1}"


def _mend(place: Place, problem: Problem) -> str:
    fix = problem.finding.fix
    assert fix is not None
    sure = "" if fix.is_sure else " · *look at this one before you keep it*"
    why = f"{problem.finding.message} · `{problem.rule.id}`"
    return f"**{fix.title}** in {_line(place, problem).lower()}: {why}{sure}"


def provable(place: Place, problems: list[Problem]) -> list[Problem]:
    """As many of the problems as can be mended together with the proof holding."""
    _, chosen = together(place.checked, problems)
    edits, _ = together(place.checked, chosen)
    if not chosen or prove(place, tuple(edits)).holds:
        return chosen
    kept: list[Problem] = []
    for problem in chosen:
        if prove(place, edits_of(place.checked, problem)).holds:
            edits, both = together(place.checked, [*kept, problem])
            if len(both) == len(kept) + 1 and prove(place, tuple(edits)).holds:
                kept = both
    return kept
