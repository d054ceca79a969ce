"""What the checks found in the selection, with the page of each rule."""

from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place


def build(place: Place) -> Section | None:
    """The findings, worst first."""
    document = place.checked.document
    lines: list[str] = []
    told: set[str] = set()
    for problem, span in place.problems():
        line = document.position(span.start)[0] + 1
        rule = problem.rule
        lines.append(
            f"- line {line}, {problem.severity.word}, `{rule.id}`: {problem.finding.message}"
        )
        if rule.id not in told:
            told.add(rule.id)
            lines += ["  " + text for text in rule.page.split("\n") if text]
    return (
        Section("Findings of the checks (facts)", "\n".join(lines), path=document.path or "")
        if lines
        else None
    )
