"""Rewriting code: every fix that the rules know for it, made together."""

from collections.abc import Iterator

from backend_expert.ide.fixes import edits_of, together
from backend_expert.lint.checked import Problem
from backend_expert.persona.brief import Brief
from backend_expert.persona.model import Edits
from backend_expert.persona.offline.diff import diff
from backend_expert.persona.place import Place
from backend_expert.persona.verify import prove


def answer(brief: Brief) -> Iterator[str | Edits]:
    """What can be mended, as one edit, then what is left for a person."""
    place = brief.place
    problems = [problem for problem, _ in place.problems()]
    fixable = [problem for problem in problems if problem.finding.fix is not None]
    chosen = provable(place, fixable)
    if chosen:
        edits, _ = together(place.checked, chosen)
        old = place.checked.document.text
        proof = prove(place, tuple(edits))
        yield f"{diff(old, proof.text, place.checked.file.path)}\n\n"
        yield "Why:\n\n"
        for problem in chosen:
            fix = problem.finding.fix
            title = fix.title if fix else ""
            sure = "" if fix and fix.is_sure else " *(look at it before you keep it)*"
            yield f"- **{title}**{sure}: {problem.finding.message} (`{problem.rule.id}`)\n"
        yield "\nProved: the text parses, and a fresh check finds nothing new.\n\n"
        count = len(chosen)
        yield Edits(f"Mend {count} finding{'s' if count != 1 else ''}", tuple(edits))
    left = [problem for problem in problems if problem not in chosen]
    if left:
        yield "Left for you, since the right change depends on what is meant:\n\n"
        for problem in left:
            yield f"- {problem.finding.message} (`{problem.rule.id}`)\n"
        yield "\n"
    if not problems:
        yield "The checks find nothing to mend here, so I leave the code as it is.\n\n"


def provable(place: Place, problems: list[Problem]) -> list[Problem]:
    """As many of the problems as can be mended together with the proof holding."""
    _, chosen = together(place.checked, problems)
    edits, _ = together(place.checked, chosen)
    if not chosen or prove(place, tuple(edits)).holds:
        return chosen
    return [p for p in chosen if prove(place, edits_of(place.checked, p)).holds][:1]
