"""Fixing one finding: the rule's own fix as an edit, or what its page says to do."""

from collections.abc import Iterator

from backend_expert.ide.fixes import edits_of
from backend_expert.lint.checked import Problem
from backend_expert.persona.brief import Brief
from backend_expert.persona.events import Edits
from backend_expert.persona.offline.review import advice, evidence
from backend_expert.persona.offline.words import count
from backend_expert.persona.place import Place
from backend_expert.persona.verify import prove
from backend_expert.text.span import Span


def answer(brief: Brief) -> Iterator[str | Edits]:
    """The finding, why it matters, and its fix; the first one where there are several."""
    place = brief.place
    problems = place.problems()
    if not problems:
        yield "The checks find nothing here, so there is nothing to fix.\n\n"
        return
    problem, span = problems[0]
    yield from _told(place, problem, span)
    edits = edits_of(place.checked, problem)
    fix = problem.finding.fix
    if fix is not None and edits and prove(place, edits, claims=(problem.rule.id,)).holds:
        sure = (
            "" if fix.is_sure else " Look at it before you keep it: it may not be what you meant."
        )
        yield f"The fix: **{fix.title}**.{sure}\n\n"
        yield Edits(fix.title, edits)
    elif fix is not None:
        yield f"The rule's own fix ({fix.title.lower()}) does not hold here. "
        yield "What to do stands above.\n\n"
    else:
        yield "No edit is sure to be right here: what to write depends on what is meant. "
        yield "What to do stands above.\n\n"
    if len(problems) > 1:
        yield f"{count(len(problems) - 1, 'more finding')} in these lines: ask once more when "
        yield "this one is fixed, or ask to rewrite the code.\n\n"


def _told(place: Place, problem: Problem, span: Span) -> Iterator[str]:
    document = place.checked.document
    line = document.position(span.start)[0]
    yield f"Line {line + 1}: **{problem.finding.message}** · `{problem.rule.id}`\n\n"
    yield f"```{document.language}\n{document.line_text(line).strip()}\n```\n\n"
    yield from evidence(place, problem)
    yield f"{advice(problem.rule.page)}\n\n"
