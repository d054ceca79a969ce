"""Running a rule's examples: the same texts are its tests, its page and its `explain`."""

from backend_expert.facts.project import Environment, Project
from backend_expert.lint.checked import Checked, Problem, Scope
from backend_expert.lint.marks import Mark, read_marks
from backend_expert.lint.rule import Example, Rule
from backend_expert.lint.run import RuleSet
from backend_expert.lint.settings import Settings
from backend_expert.technologies.catalogue import family
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.neighbours import NO_NEIGHBOURS, Neighbours
from backend_expert.workspace.project import detected

_ROOT = "/example"
_ENDINGS = {"python": "py", "javascript": "js", "typescript": "ts", "sql": "sql"}


def checked(rule: Rule, example: Example, text: str) -> Checked:
    """The text of an example, checked by the one rule."""
    failures: list[Exception] = []
    rules = RuleSet([rule], lambda _, error: failures.append(error))
    document = opened(example, text)
    settings = Settings(select=(rule.id,), dialect=example.dialect)
    answer = Checked(document, path_of(example), scope_of(example, rules, settings))
    if failures:
        raise failures[0]
    return answer


def path_of(example: Example) -> str:
    """Where an example's file lies in its project."""
    return example.path or f"app/service.{_ENDINGS.get(example.language, 'txt')}"


def opened(example: Example, text: str) -> Document:
    """A text as the file of an example."""
    path = path_of(example)
    language = "typescript" if path.endswith(".ts") else example.language
    return Document.open(f"file://{_ROOT}/{path}", text, path=f"{_ROOT}/{path}", language=language)


def scope_of(example: Example, rules: RuleSet, settings: Settings) -> Scope:
    """What an example is checked with: the project and the other files that it tells of."""
    files = (".env.example",) if example.environment else ()
    declared = Environment(files, frozenset(example.environment))
    speech = family(example.language)
    project = Project(
        dialect=example.dialect,
        technologies=detected({(speech, name) for name in example.dependencies}, []),
        dependencies=dict(example.dependencies),
        read_environment=lambda: declared,
    )
    return Scope(rules, settings, project, _neighbours(example))


def _neighbours(example: Example) -> Neighbours:
    """The other files of an example."""
    if not example.files:
        return NO_NEIGHBOURS
    given = {f"{_ROOT}/{path}": text for path, text in example.other_files.items()}
    opened = (Document.open(f"file://{path}", text, path=path) for path, text in given.items())
    return Neighbours(_ROOT, dict(zip(given, opened, strict=True)))


def marks_of(answer: Checked, related: bool = False) -> tuple[Mark, ...]:
    """The findings as the marks that an example should carry, with the places they point to.

    What goes over several lines is marked on its first line.
    """
    document = answer.document
    found: list[Mark] = []
    for problem, span in answer.all():
        found.append(Mark(span, problem.finding.message))
        for place in problem.finding.related if related else ():
            start = answer.home(place.home, problem.item)
            if start is not None and not place.path:
                found.append(Mark(place.span.moved(start), place.message))
    return tuple(sorted(Mark(_on_one_line(mark.span, document), mark.words) for mark in found))


def _on_one_line(span: Span, document: Document) -> Span:
    line, _ = document.position(span.start)
    if document.position(span.end)[0] == line:
        return span
    return Span(span.start, document.line_start(line) + len(document.line_text(line)))


def expected(example: Example) -> tuple[str, tuple[Mark, ...]]:
    """The bad text without its marks, and the marks."""
    return read_marks(example.bad_text)


def problems(answer: Checked) -> list[Problem]:
    """The problems alone."""
    return [problem for problem, _ in answer.all()]
