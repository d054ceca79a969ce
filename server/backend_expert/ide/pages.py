"""Rule pages: what `explain`, the hover, the documentation and the link on a finding show."""

from pathlib import Path

from backend_expert.lint.examples import expected
from backend_expert.lint.marks import Mark
from backend_expert.lint.rule import Example, Rule
from backend_expert.technologies.kept import cache_folder
from backend_expert.text.lines import LineTable

_LEADERS = {"python": "#", "sql": "--"}


def page_of(rule: Rule) -> str:
    """The whole page of a rule, as Markdown."""
    lines = [f"# {rule.title}", "", f"`{rule.id}` · {rule.severity.word} · {_languages(rule)}"]
    lines += ["", rule.page]
    pairs = [example for example in rule.examples if example.bad]
    for example in pairs[:6]:
        lines += ["", "## Found", *_others(example), "", *_fenced(example, drawn(example))]
        if example.good:
            lines += ["", "Mended:", "", *_fenced(example, example.good_text.rstrip())]
    misses = [example for example in rule.examples if not example.bad]
    if misses:
        lines += ["", "## Not found"]
        for example in misses:
            lines += [*_others(example), "", *_fenced(example, example.good_text.rstrip())]
    lines += ["", "## More", "", *_more(rule)]
    return "\n".join(lines) + "\n"


def _languages(rule: Rule) -> str:
    names = {"python": "Python", "javascript": "JavaScript and TypeScript", "sql": "SQL"}
    return ", ".join(names.get(name, name) for name in sorted(rule.languages))


def _more(rule: Rule) -> list[str]:
    lines = [f"- Silence one place with a comment: `backend-expert: ignore[{rule.id}] reason`"]
    lines += [f"- {cwe_link(number)}" for number in rule.cwe]
    if rule.sources:
        lines.append(f"- Known elsewhere as: {', '.join(rule.sources)}")
    if rule.twins:
        twins = " and ".join(f"`{twin}`" for twin in rule.twins)
        is_on = "is" if len(rule.twins) == 1 else "are"
        lines.append(
            f"- Off in the files of a project where {twins} {is_on} switched on, which reports the"
            f" same; add its id to `select` to have both"
        )
    if rule.tags:
        lines.append(f"- Tags: {', '.join(rule.tags)}")
    return lines


def cwe_link(number: int) -> str:
    """A Markdown link to a weakness of the CWE list."""
    return f"[CWE-{number}](https://cwe.mitre.org/data/definitions/{number}.html)"


def _fenced(example: Example, text: str) -> list[str]:
    return [f"```{example.language}", *text.split("\n"), "```"]


def _others(example: Example) -> list[str]:
    """The other files that an example is about."""
    lines: list[str] = []
    for path, text in example.other_files.items():
        lines += ["", f"With `{path}`:", "", *_fenced(example, text.rstrip())]
    return [*lines, "", f"In `{example.path}`:"] if lines and example.path else lines


def drawn(example: Example) -> str:
    """The bad text of an example with its marks drawn as comments under the code."""
    text, marks = expected(example)
    return draw(text, marks, _LEADERS.get(example.language, "//"))


def draw(text: str, marks: tuple[Mark, ...], leader: str) -> str:
    """A text with each mark as a comment line beneath its line."""
    table = LineTable(text)
    below: dict[int, list[str]] = {}
    for mark in marks:
        line, column = table.position(mark.span.start)
        pad = " " * max(column - len(leader), 0)
        below.setdefault(line, []).append(f"{leader}{pad}{'^' * len(mark.span)} {mark.words}")
    lines: list[str] = []
    for number, line in enumerate(text.rstrip("\n").split("\n")):
        lines += [line, *below.get(number, ())]
    return "\n".join(lines)


def href(rule: Rule) -> str:
    """A link that any editor can open: the page as a file in the user's cache folder."""
    path = cache_folder() / "pages" / f"{rule.id}.md"
    text = page_of(rule)
    try:
        if not path.is_file() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError:
        return ""
    return Path(path).as_uri()


_HREFS: dict[str, str] = {}


def known_href(rule: Rule) -> str:
    """`href`, worked out once per process."""
    if rule.id not in _HREFS:
        _HREFS[rule.id] = href(rule)
    return _HREFS[rule.id]
