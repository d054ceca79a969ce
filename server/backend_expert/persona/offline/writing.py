"""How a test is written: one class for each language, the same questions to both."""

import builtins
from typing import Protocol

from backend_expert.persona.offline.subjects import Subject
from backend_expert.persona.offline.words import snake

_CLIENTS = {
    "fastapi": "`client` is a fixture with `TestClient(app)` of `fastapi.testclient`.",
    "flask": "`client` is a fixture with `app.test_client()`.",
    "django": "`client` is the fixture of pytest-django.",
    "djangorestframework": "`client` is a fixture with `APIClient()` of `rest_framework.test`.",
}


class Writer(Protocol):
    """Writes cases in a language. Names come in `snake_case`; capitals are to be filled in."""

    language: str

    def whole(self, cases: list[str]) -> str:
        """The file: imports, then the cases."""
        ...

    def about_the_client(self, technology: str) -> str:
        """What stands for the service in the cases."""
        ...

    def request(
        self, name: str, method: str, url: list[str], body: str, headers: str, status: str
    ) -> str:
        """A case that asks an endpoint; every second part of `url` is a placeholder."""
        ...

    def call(self, one: Subject, given: list[str], what: str) -> str:
        """A case that calls a function and looks at what it gives."""
        ...

    def refusal(self, one: Subject, given: list[str], error: str) -> str:
        """A case that expects an error."""
        ...


class Python:
    """pytest."""

    language = "python"

    def __init__(self, module: str, names: list[str]) -> None:
        self._module = module
        self._names = names
        self._raises = False
        self._errors: dict[str, list[str]] = {}
        self._is_async = False

    def whole(self, cases: list[str]) -> str:
        """See `Writer`."""
        own = self._names + self._errors.pop(self._module, [])
        froms = {**self._errors, self._module: own} if own else self._errors
        imports = ["import pytest", ""] if self._raises or self._is_async else []
        imports += [f"from {module} import {', '.join(names)}" for module, names in froms.items()]
        return "\n\n\n".join([*(["\n".join(imports).strip()] if imports else []), *cases])

    def about_the_client(self, technology: str) -> str:
        """See `Writer`."""
        words = _CLIENTS.get(technology, "`client` is a fixture with your framework's test client.")
        return f"{words}\n\n"

    def request(
        self, name: str, method: str, url: list[str], body: str, headers: str, status: str
    ) -> str:
        """See `Writer`."""
        path = "".join(f"{{{part}}}" if at % 2 else part for at, part in enumerate(url))
        quoted = f'f"{path}"' if len(url) > 1 else f'"{path}"'
        given = [
            quoted,
            *([f"json={body}"] if body else []),
            *([f"headers={headers}"] if headers else []),
        ]
        verb = "request" if method == "ANY" else method.lower()
        given = ['"GET"', *given] if method == "ANY" else given
        return (
            f"def test_{name}(client):\n"
            f"    response = client.{verb}({', '.join(given)})\n"
            f"    assert response.status_code == {status}"
        )

    def call(self, one: Subject, given: list[str], what: str) -> str:
        """See `Writer`."""
        body = f"    assert {self._called(one, given)} == EXPECTED"
        return f"{self._named(one, what)}\n{body}"

    def refusal(self, one: Subject, given: list[str], error: str) -> str:
        """See `Writer`."""
        self._raises = True
        module, _, name = error.rpartition(".")
        known = self._errors.setdefault(module or self._module, []) if not _is_builtin(name) else []
        if name not in known:
            known.append(name)
        body = f"    with pytest.raises({name}):\n        {self._called(one, given)}"
        return f"{self._named(one, f'raises_{snake(name)}')}\n{body}"

    def _named(self, one: Subject, what: str) -> str:
        marker = ""
        if one.function.is_async:
            self._is_async = True
            marker = "@pytest.mark.asyncio\nasync "
        return f"{marker}def test_{one.function.name}_{what}():"

    def _called(self, one: Subject, given: list[str]) -> str:
        owner = one.item.place.owner
        name = f"{owner}().{one.function.name}" if owner else one.function.name
        awaited = "await " if one.function.is_async else ""
        return f"{awaited}{name}({', '.join(given)})"


def _is_builtin(name: str) -> bool:
    return isinstance(getattr(builtins, name, None), type)


class Javascript:
    """vitest or jest where the project has them, else `node:test`."""

    language = "javascript"

    def __init__(self, file: str, names: list[str], framework: str, is_module: bool) -> None:
        self._file = file
        self._names = names
        self._framework = framework
        self._is_module = is_module

    def whole(self, cases: list[str]) -> str:
        """See `Writer`."""
        imports: list[str] = []
        if self._framework == "vitest":
            imports.append("import { expect, test } from 'vitest';")
        elif not self._framework:
            imports += [
                self._import("assert", "node:assert/strict"),
                self._import("test", "node:test"),
            ]
        if self._names:
            inside = f"{{ {', '.join(self._names)} }}"
            imports += ["", self._import(inside, f"../PATH/{self._file}")]
        return "\n\n".join([*(["\n".join(imports).strip()] if imports else []), *cases])

    def _import(self, what: str, module: str) -> str:
        if self._is_module:
            return f"import {what} from '{module}';"
        return f"const {what} = require('{module}');"

    def about_the_client(self, technology: str) -> str:
        """See `Writer`."""
        return "`BASE` is the address of the service, started on a free port before the cases.\n\n"

    def request(
        self, name: str, method: str, url: list[str], body: str, headers: str, status: str
    ) -> str:
        """See `Writer`."""
        path = "".join(f"${{{part}}}" if at % 2 else part for at, part in enumerate(url))
        inside = ["'content-type': 'application/json'"] if body else []
        inside += [f"...{headers}"] if headers and body else []
        sent = f"{{ {', '.join(inside)} }}" if inside else headers
        options = [f"method: '{method}'"] if method not in ("GET", "ANY") else []
        options += [f"headers: {sent}"] if sent else []
        options += [f"body: JSON.stringify({body})"] if body else []
        given = f"`${{BASE}}{path}`"
        if len(options) > 1:
            given += ", {\n" + "".join(f"    {option},\n" for option in options) + "  }"
        elif options:
            given += f", {{ {options[0]} }}"
        return (
            f"test('{name.replace('_', ' ')}', async () => {{\n"
            f"  const response = await fetch({given});\n"
            f"  {self._equal('response.status', status)}\n}});"
        )

    def _equal(self, value: str, expected: str) -> str:
        if self._framework:
            return f"expect({value}).toEqual({expected});"
        check = "equal" if expected.isdecimal() else "deepEqual"
        return f"assert.{check}({value}, {expected});"

    def call(self, one: Subject, given: list[str], what: str) -> str:
        """See `Writer`."""
        value = f"{'await ' if one.function.is_async else ''}{self._called(one, given)}"
        marker = "async " if one.function.is_async else ""
        title = f"{one.function.name} {what.replace('_', ' ')}"
        return f"test('{title}', {marker}() => {{\n  {self._equal(value, 'EXPECTED')}\n}});"

    def refusal(self, one: Subject, given: list[str], error: str) -> str:
        """See `Writer`."""
        error = error.rpartition(".")[2]
        called = f"() => {self._called(one, given)}"
        title = f"{one.function.name} raises {snake(error).replace('_', ' ')}"
        if self._framework and one.function.is_async:
            check = f"await expect({self._called(one, given)}).rejects.toThrow({error});"
        elif self._framework:
            check = f"expect({called}).toThrow({error});"
        else:
            awaited, verb = ("await ", "rejects") if one.function.is_async else ("", "throws")
            check = f"{awaited}assert.{verb}({called}, {error});"
        marker = "async " if one.function.is_async else ""
        return f"test('{title}', {marker}() => {{\n  {check}\n}});"

    def _called(self, one: Subject, given: list[str]) -> str:
        owner = one.item.place.owner
        name = f"new {owner}().{one.function.name}" if owner else one.function.name
        return f"{name}({', '.join(given)})"
