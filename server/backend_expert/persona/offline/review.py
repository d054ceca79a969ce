"""Reviewing code: the findings with their reasons and their mends, worst first."""

from collections.abc import Iterator

from backend_expert.ide.pages import cwe_link
from backend_expert.lint.checked import Problem
from backend_expert.persona.brief import Brief
from backend_expert.persona.offline.diff import diff_of
from backend_expert.persona.offline.subjects import subjects
from backend_expert.persona.offline.words import count, listed
from backend_expert.persona.place import Place
from backend_expert.rules import AREAS
from backend_expert.text.span import Span

_MOST = 12


def answer(brief: Brief) -> Iterator[str]:
    """The review, finding by finding."""
    place = brief.place
    problems = place.problems()
    if not problems:
        yield f"Nothing to mend. {_looked_at(place)}\n\n"
        yield "Rules see what is written and not what was meant: read it once for that.\n\n"
        return
    yield f"{_counted(problems)}{', worst first' if len(problems) > 1 else ''}.\n\n"
    told: set[str] = set()
    for problem, span in problems[:_MOST]:
        yield from _finding(place, problem, span, told)
    if len(problems) > _MOST:
        yield f"{count(len(problems) - _MOST, 'more finding')} below these: "
        yield "mend the first ones, then ask again.\n\n"


def _looked_at(place: Place) -> str:
    parts = [
        count(number, one, many)
        for number, one, many in (
            (len(subjects(place)), "function", "functions"),
            (len(place.endpoints()), "endpoint", "endpoints"),
            (len(place.queries()), "query", "queries"),
        )
        if number
    ]
    what = f"{listed(parts)} went" if parts else "These lines went"
    return f"{what} through the checks of all {len(AREAS)} areas, and none fired."


def _counted(problems: list[tuple[Problem, Span]]) -> str:
    areas: dict[str, int] = {}
    for problem, _ in problems:
        areas[problem.rule.area] = areas.get(problem.rule.area, 0) + 1
    within = listed(f"{number} of {AREAS[area].lower()}" for area, number in areas.items())
    head = count(len(problems), "finding")
    return head if len(areas) == 1 and len(problems) == 1 else f"{head}: {within}"


def _finding(place: Place, problem: Problem, span: Span, told: set[str]) -> Iterator[str]:
    document = place.checked.document
    line = document.position(span.start)[0] + 1
    rule = problem.rule
    weak = "".join(f" · {cwe_link(number)}" for number in rule.cwe)
    yield f"## Line {line}: {problem.finding.message}\n\n"
    yield f"`{rule.id}` · {problem.severity.word}{weak}\n\n"
    yield f"```{document.language}\n{document.line_text(line - 1).strip()}\n```\n\n"
    yield from evidence(place, problem)
    if rule.id not in told:
        told.add(rule.id)
        yield f"{advice(rule.page)}\n\n"
    fix = problem.finding.fix
    if fix is not None:
        sure = "" if fix.is_sure else ", to be looked at before you keep it"
        yield f"**Mend:** {fix.title}{sure}.\n\n"
        yield f"{diff_of(place, [problem])}\n\n"


def evidence(place: Place, problem: Problem) -> Iterator[str]:
    """The places that the finding rests on."""
    document = place.checked.document
    lines: list[str] = []
    for related in problem.finding.related:
        if related.path:
            lines.append(f"- `{related.path.rpartition('/')[2]}`: {related.message}\n")
            continue
        start = place.checked.home(related.home, problem.item)
        if start is not None:
            there = document.position(related.span.start + start)[0] + 1
            lines.append(f"- line {there}: {related.message}\n")
    if lines:
        yield "".join(dict.fromkeys(lines)) + "\n"


def advice(page: str) -> str:
    """Why it matters and what to do; when to leave the rule off is not for this place."""
    parts = [part for part in page.split("\n\n") if not part.startswith("Leave it off")]
    return "\n\n".join(parts)


def short_findings(place: Place) -> Iterator[str]:
    """The findings as a list of one line each."""
    document = place.checked.document
    problems = place.problems()
    if not problems:
        return
    yield "## What the checks say\n\n"
    for problem, span in problems[:_MOST]:
        line = document.position(span.start)[0] + 1
        mend = " · quick fix" if problem.finding.fix else ""
        yield f"- Line {line}: {problem.finding.message} · `{problem.rule.id}`{mend}\n"
    if len(problems) > _MOST:
        yield f"- … and {len(problems) - _MOST} more\n"
    yield "\n"
