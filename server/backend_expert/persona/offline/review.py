"""Reviewing code: the findings with their reasons and their mends, worst first."""

from collections.abc import Iterator

from backend_expert.ide.pages import cwe_link
from backend_expert.persona.brief import Brief
from backend_expert.persona.offline.diff import diff_of
from backend_expert.persona.place import Place
from backend_expert.rules import AREAS


def answer(brief: Brief) -> Iterator[str]:
    """The review, finding by finding."""
    place = brief.place
    document = place.checked.document
    problems = place.problems()
    if not problems:
        yield (
            f"The checks of all ten areas ({', '.join(AREAS.values())}) find nothing here. "
            "That is what rules can see; read it once for its meaning.\n\n"
        )
        return
    told: set[str] = set()
    for problem, span in problems:
        line = document.position(span.start)[0] + 1
        rule = problem.rule
        weak = "".join(f" · {cwe_link(number)}" for number in rule.cwe)
        yield f"## Line {line}: {problem.finding.message}\n\n"
        yield f"`{rule.id}` · {problem.severity.word}{weak}\n\n"
        yield f"```{document.language}\n{document.line_text(line - 1).strip()}\n```\n\n"
        for related in problem.finding.related:
            if not related.home and not related.path:
                start = place.checked.start_of(problem.item) or 0
                there = document.position(related.span.start + start)[0] + 1
                yield f"- line {there}: {related.message}\n"
        if rule.id not in told:
            told.add(rule.id)
            yield f"\n{rule.page}\n\n"
        if problem.finding.fix is not None:
            yield f"Mend: *{problem.finding.fix.title}*\n\n{diff_of(place, [problem])}\n\n"


def short_findings(place: Place) -> Iterator[str]:
    """The findings as a list of one line each."""
    document = place.checked.document
    problems = place.problems()
    if not problems:
        return
    yield "## What the checks say\n\n"
    for problem, span in problems[:12]:
        line = document.position(span.start)[0] + 1
        mend = " (there is a quick fix)" if problem.finding.fix else ""
        yield f"- line {line}: {problem.finding.message} — `{problem.rule.id}`{mend}\n"
    yield "\n"
