"""Writing tests: a skeleton in the project's own framework, a case for each thing to hold."""

from collections.abc import Iterator

from backend_expert.facts.code import Function, Raise, walk
from backend_expert.ide.views import PlacedEndpoint
from backend_expert.persona.brief import Brief
from backend_expert.persona.place import Place


def answer(brief: Brief) -> Iterator[str]:
    """The skeleton, then what each case is for."""
    place = brief.place
    python = place.checked.file.family == "python"
    cases: list[str] = []
    for placed in place.endpoints()[:4]:
        cases += _endpoint_cases(placed, python)
    if not cases:
        for function, _, _ in place.functions()[:4]:
            cases += _function_cases(place, function, python)
    if not cases:
        yield "There is no function or endpoint in the selection to test.\n\n"
        return
    language = "python" if python else "javascript"
    head = "" if python else _javascript_head(place)
    yield "A skeleton: fill in what stands in capitals; each case fails until you do.\n\n"
    yield f"```{language}\n{head}" + "\n\n".join(cases) + "\n```\n\n"


def _javascript_head(place: Place) -> str:
    dependencies = place.checked.file.project.dependencies
    if "jest" in dependencies or "vitest" in dependencies:
        return ""
    return "const test = require('node:test');\nconst assert = require('node:assert');\n\n"


def _endpoint_cases(placed: PlacedEndpoint, python: bool) -> list[str]:
    one = placed.endpoint
    name = (one.handler.lstrip("@").replace(".", "_") or "endpoint").lower()
    path = one.path or "/"
    wanted = [("answers", "THE ARGUMENTS THAT MUST WORK", "200")]
    if one.parameters:
        wanted.append(("knows_no_such_record", "AN ID THAT DOES NOT EXIST", "404"))
    if one.method in ("POST", "PUT", "PATCH"):
        wanted.append(("refuses_a_body_it_cannot_read", "A BODY WITHOUT A REQUIRED FIELD", "422"))
    if one.guards:
        wanted.append(("refuses_strangers", "NO CREDENTIALS", "401"))
    return [_case(python, f"{name}_{what}", one.method, path, arguments, status)
            for what, arguments, status in wanted]  # fmt: skip


def _case(python: bool, name: str, method: str, path: str, note: str, status: str) -> str:
    if python:
        return (
            f"def test_{name}(client):\n"
            f'    response = client.request("{method}", "{path}")  # {note}\n'
            f"    assert response.status_code == {status}"
        )
    return (
        f"test('{name.replace('_', ' ')}', async () => {{\n"
        f"  const response = await fetch(`${{base}}{path}`, {{ method: '{method}' }}); // {note}\n"
        f"  assert.strictEqual(response.status, {status});\n}});"
    )


def _function_cases(place: Place, function: Function, python: bool) -> list[str]:
    names = [p.name.upper() for p in function.parameters if p.name and p.name != "self"]
    call = f"{function.name}({', '.join(names)})"
    if not python:
        awaited = "await " if function.is_async else ""
        return [
            f"test('{function.name} gives what it must', async () => {{\n"
            f"  assert.deepStrictEqual({awaited}{call}, EXPECTED);\n}});"
        ]
    marker = "async " if function.is_async else ""
    awaited = "await " if function.is_async else ""
    cases = [
        f"{marker}def test_{function.name}_gives_what_it_must():\n"
        f"    assert {awaited}{call} == EXPECTED"
    ]
    if any(isinstance(node, Raise) for node in walk(function)):
        cases.append(
            f"{marker}def test_{function.name}_refuses_what_it_must():\n"
            f"    with pytest.raises(THE_ERROR):\n        {awaited}{call}"
        )
    return cases
