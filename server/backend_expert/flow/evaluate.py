"""Reading an item: each expression is evaluated once, at its point of the program.

The walk is forward and flow-sensitive: branches are taken both ways and joined, loops run twice,
a function's parameters start as themselves. It knows facts and technologies, never a language.
"""

from collections.abc import Sequence
from typing import Protocol

from backend_expert.facts.code import (
    Argument,
    Assertion,
    Assign,
    Await,
    Branch,
    Call,
    Choice,
    Class,
    Collection,
    Comprehension,
    Constant,
    Entry,
    Expression,
    Function,
    Generator,
    Global,
    Hole,
    Import,
    Index,
    Jump,
    Loop,
    Member,
    Name,
    Node,
    Opaque,
    Operation,
    Raise,
    Region,
    Return,
    Statement,
    Text,
    Try,
    Yield,
)
from backend_expert.facts.item import Item
from backend_expert.flow import constants, guards, texts
from backend_expert.flow.reading import Reading, Site
from backend_expert.flow.summary import Summary
from backend_expert.flow.types import annotated_type, is_harmless
from backend_expert.flow.value import (
    INPUT,
    PARAMETER,
    UNKNOWN,
    Origin,
    Value,
    clean,
    either,
    merge,
)
from backend_expert.technologies.catalogue import Catalogue, Meaning

Env = dict[str, Value]

# Methods that put their argument into the receiver.
_FILLS = frozenset(
    "append appendleft extend add update push unshift insert setdefault put set write concat".split()
)
_DEEPEST = 60  # nested functions and blocks; code written by people stays far below


class Surroundings(Protocol):
    """What an item can ask of the rest of its file and project; each answer is remembered."""

    def name(self, name: str) -> Value | None:
        """The value of a module-level name; None when the file has no such name."""
        ...

    def member(self, owner: str, name: str) -> Value | None:
        """An attribute or method of a class of this file, own or inherited in this file."""
        ...

    def bases(self, owner: str) -> tuple[str, ...]:
        """The dotted names of the classes from which `owner` derives."""
        ...

    def summary(self, function: str) -> Summary | None:
        """What calling a function of this file (`f`, `@Order.save`) does."""
        ...


class Evaluator:
    """Evaluates one item; make one for each reading."""

    def __init__(self, item: Item, around: Surroundings, catalogue: Catalogue) -> None:
        self.item = item
        self.around = around
        self.catalogue = catalogue
        self.reading = Reading(item)
        self._values = self.reading.values
        self._paths = False  # whether any env holds a dotted key
        self._depth = 0
        self._function: Function | None = None
        self._owner = item.place.owner

    def keep_paths(self) -> None:
        """From now on environments may hold dotted keys."""
        self._paths = True

    def read(self) -> Reading:
        """The reading of the whole item."""
        self._block(self.item.body, {})
        return self.reading

    # -- statements -----------------------------------------------------------------------------

    def _block(self, statements: Sequence[Statement], env: Env) -> bool:
        """Runs the statements; False when the end of the block is never reached."""
        for statement in statements:
            if not self._statement(statement, env):
                return False
        return True

    def _statement(self, node: Statement, env: Env) -> bool:
        run = _STATEMENTS.get(type(node))
        if run is None:
            self.value(node, env)  # type: ignore[arg-type]
            return True
        return run(self, node, env)

    def _return(self, node: Return, env: Env) -> bool:
        if node.value is not None:
            value = self.value(node.value, env)
            function = self._function
            if function is not None:
                before = self.reading.returns.get(id(function))
                self.reading.returns[id(function)] = (
                    value if before is None else either(before, value)
                )
        return False

    def _raise(self, node: Raise, env: Env) -> bool:
        for part in (node.value, node.cause):
            if part is not None:
                self.value(part, env)
        return False

    def _jump(self, node: Jump, env: Env) -> bool:
        return node.kind == "pass"

    def _nothing(self, node: Import | Global, env: Env) -> bool:
        if isinstance(node, Import):
            env[node.binds] = Value(self.catalogue.alias.get(node.dotted, node.dotted))
        return True

    def _assertion(self, node: Assertion, env: Env) -> bool:
        self.value(node.test, env)
        if node.message is not None:
            self.value(node.message, env)
        env.update(guards.refined(self, node.test, env, True))
        return True

    def _branch(self, node: Branch, env: Env) -> bool:
        known = constants.truth(self.value(node.test, env), node.test, self._values)
        then, other = dict(env), dict(env)
        then.update(guards.refined(self, node.test, env, True))
        other.update(guards.refined(self, node.test, env, False))
        then_ends = self._block(node.then, then) if known is not False else False
        other_ends = self._block(node.other, other) if known is not True else False
        if known is False and node.then:
            self._block(node.then, dict(then))  # its facts are still read, its effects are not
        if then_ends and other_ends:
            join(env, then, other)
        elif then_ends or other_ends:
            env.clear()
            env.update(then if then_ends else other)
        return then_ends or other_ends

    def _loop(self, node: Loop, env: Env) -> bool:
        self._block(node.before, env)
        start = dict(env)
        for _ in range(2):
            turn = dict(env)
            if node.iterable is not None:
                value = self.value(node.iterable, turn)
                if node.target is not None:
                    self._bind(node.target, self._element(value), turn, None)
            if node.test is not None:
                self.value(node.test, turn)
                turn.update(guards.refined(self, node.test, turn, True))
            self._block(node.body, turn)
            self._block(node.after, turn)
            join(env, start, turn)
            if env == start:
                break
            start = dict(env)
        self._block(node.other, env)
        return True

    def _try(self, node: Try, env: Env) -> bool:
        before = dict(env)
        ends = self._block(node.body, env)
        if ends:
            ends = self._block(node.other, env)
        caught: Env = {}
        join(caught, before, env)
        outs = [dict(env)] if ends else []
        for handler in node.handlers:
            inside = dict(caught)
            for type_ in handler.types:
                self.value(type_, inside)
            if handler.name:
                inside[handler.name] = Value("?" + handler.name)
            if self._block(handler.body, inside):
                outs.append(inside)
        env.clear()
        env.update(outs[0] if outs else caught)
        for out in outs[1:]:
            join(env, dict(env), out)
        final_ends = self._block(node.final, env)
        return bool(outs) and final_ends

    def _region(self, node: Region, env: Env) -> bool:
        for held in node.held:
            value = self.value(held.value, env)
            name = self.catalogue.result(value.name + ".__enter__") if value.name else None
            inner = Value(name, value.origins) if name else value
            if held.target is not None:
                self._bind(held.target, inner, env, held.value)
        return self._block(node.body, env)

    # -- functions and classes ------------------------------------------------------------------

    def _function_value(self, node: Function, env: Env) -> Value:
        for decorator in node.decorators:
            self.value(decorator, env)
        self.function(node, env, ())
        return Value(self._function_name(node), node=node)

    def _function_name(self, node: Function) -> str:
        if self._owner and self._depth == 0:
            return f"@{self._owner}.{node.name}"
        return node.name if self._depth == 0 else ""

    def function(
        self, node: Function, env: Env, given: tuple[str, ...], first: Value | None = None
    ) -> None:
        """Runs a function's body.

        `given` are the types that its caller gives its parameters, `first` what a callback's first
        parameter carries.
        """
        if self._depth > _DEEPEST:
            return
        inner = dict(env)
        names = tuple(parameter.name for parameter in node.parameters)
        types = given or self.catalogue.parameters(names) or ()
        if not types and names:
            types = (self.catalogue.parameters((names[0], "*")) or ())[:1]
        from_outside = self._is_endpoint(node)
        for index, parameter in enumerate(node.parameters):
            if parameter.default is not None:
                self.value(parameter.default, env)
            if index == 0 and first is not None:
                value = first
            else:
                value = self._parameter(parameter, index, env, types, from_outside)
            if parameter.name:
                inner[parameter.name] = value
            if parameter.pattern is not None:
                self._bind(parameter.pattern, value, inner, None)
        outer, self._function = self._function, node
        self._depth += 1
        self._block(node.body, inner)
        self._depth -= 1
        self._function = outer

    def _parameter(
        self, node: Node, index: int, env: Env, types: tuple[str, ...], from_outside: bool
    ) -> Value:
        assert hasattr(node, "annotation")
        name: str = node.name  # type: ignore[attr-defined]
        annotation: Expression | None = node.annotation  # type: ignore[attr-defined]
        default: Expression | None = node.default  # type: ignore[attr-defined]
        if name == "self" and index == 0 and self._owner:
            return Value("@" + self._owner)
        type_name = types[index] if index < len(types) else ""
        if annotation is not None and not type_name:
            self.value(annotation, env)
            type_name = annotated_type(annotation, self._values)
        origins: tuple[Origin, ...] = ()
        if not is_harmless(type_name):
            origins = (Origin(PARAMETER, name, node.span, index=index),)
            injected = isinstance(default, Call) and default.method in ("Depends", "Security")
            is_framework = bool(type_name) and not type_name.startswith("@") and "." in type_name
            if from_outside and not injected and not is_framework and not types:
                origins += (Origin(INPUT, f"parameter `{name}`", node.span),)
        entry = self.catalogue.value(type_name) if type_name else None
        if entry is not None and entry.role == "input":
            origins = (Origin(INPUT, entry.label or name, node.span),)
        return Value(type_name or "?" + name, origins)

    def _is_endpoint(self, node: Function) -> bool:
        for decorator in node.decorators:
            for site in (self.reading.sites.get(id(decorator)),):
                if site and any(m.role == "endpoint" for m in site.meanings):
                    return True
        return False

    def _function_statement(self, node: Function, env: Env) -> bool:
        value = self._function_value(node, env)
        if node.name and not (self._owner and self._depth == 0):
            env[node.name] = value
        return True

    def _class_statement(self, node: Class, env: Env) -> bool:
        env[node.name] = self._class_value(node, env)
        return True

    def _class_value(self, node: Class, env: Env) -> Value:
        for decorator in node.decorators:
            self.value(decorator, env)
        for base in node.bases:
            self.value(base.value, env)
        inner = dict(env)
        outer, self._owner = self._owner, node.name
        self._block(node.body, inner)
        self._owner = outer
        return Value("@" + node.name, node=node)

    # -- expressions ----------------------------------------------------------------------------

    def value(self, node: Expression, env: Env) -> Value:
        """Evaluates one expression and remembers the answer."""
        evaluate = _EXPRESSIONS.get(type(node))
        answer = evaluate(self, node, env) if evaluate is not None else UNKNOWN
        self._values[id(node)] = answer
        return answer

    def _name(self, node: Name, env: Env) -> Value:
        known = env.get(node.id)
        if known is not None:
            return known
        if node.id == "self" and self._owner:
            return Value("@" + self._owner)
        found = self.around.name(node.id)
        if found is not None:
            return found
        name = self.catalogue.member(node.id)
        return self._meant(name, Value(name), node)

    def _member(self, node: Member, env: Env) -> Value:
        base = self.value(node.object, env)
        if self._paths:
            known = env.get(path_of(node))
            if known is not None:
                return known
        return self.member_of(base, node.name, node)

    def member_of(self, base: Value, name: str, node: Node) -> Value:
        """The member `name` of a value."""
        if isinstance(base.node, Collection) and base.node.kind == "map":
            inner = base.node.get(name)
            if inner is not None:
                return self._values.get(id(inner), UNKNOWN)
        if base.name.startswith("@"):
            own = self._class_member(base, name, node)
            if own is not None:
                return own
        full = f"{base.name}.{name}" if base.name else ""
        if full:
            full = self.catalogue.member(full)
        return self._meant(full, Value(full, base.origins), node)

    def _class_member(self, base: Value, name: str, node: Node) -> Value | None:
        owner = base.name[1:]
        if "." in owner:
            return None
        found = self.around.member(owner, name)
        if found is not None:
            if not base.origins or is_harmless(found.name):
                return found
            return Value(found.name, merge(base.origins, found.origins), node=found.node)
        for inherited in self.around.bases(owner):
            if inherited and not inherited.startswith("@"):
                full = self.catalogue.member(f"{inherited}.{name}")
                if full in self.catalogue.types.values() or self._is_known(full):
                    return self._meant(full, Value(full, base.origins), node)
        return None

    def _is_known(self, full: str) -> bool:
        return (
            bool(self.catalogue.calls(full))
            or self.catalogue.result(full) is not None
            or self.catalogue.value(full) is not None
        )

    def _meant(self, name: str, value: Value, node: Node) -> Value:
        """`value` with the origin that the catalogue gives to its name."""
        entry = self.catalogue.value(name) if name else None
        if entry is None or entry.role != "input":
            return value
        label = entry.label or name.rpartition(".")[2]
        return Value(name, (Origin(INPUT, label, node.span),), value.parts)

    def _index(self, node: Index, env: Env) -> Value:
        base = self.value(node.object, env)
        key = self.value(node.key, env)
        if self._paths:
            known = env.get(path_of(node))
            if known is not None:
                return known
        if isinstance(base.node, Collection):
            inner = constants.entry(base.node, key)
            if inner is not None:
                return self._values.get(id(inner), UNKNOWN)
        return self._element(base)

    def _element(self, base: Value) -> Value:
        """One element of a collection."""
        if not base.name:
            return Value("", base.origins)
        name = base.name + "[]"
        return Value(self.catalogue.types.get(name, name), base.origins)

    def _text(self, node: Text, env: Env) -> Value:
        if node.tag is not None:
            self.value(node.tag, env)
        if len(node.parts) == 1 and not isinstance(node.parts[0], Hole):
            return Value(parts=node.parts)
        origins: tuple[Origin, ...] = ()

        def fill(expression: Expression) -> Value:
            nonlocal origins
            value = self.value(expression, env)
            origins = merge(origins, value.origins)
            return value

        parts = texts.template(node, fill)
        return Value(origins=origins, parts=parts)

    def _constant(self, node: Constant, env: Env) -> Value:
        return Value(node=node)

    def _collection(self, node: Collection, env: Env) -> Value:
        origins: tuple[Origin, ...] = ()
        for entry in node.entries:
            if entry.key is not None:
                self.value(entry.key, env)
            origins = merge(origins, self.value(entry.value, env).origins)
        return Value(origins=origins, node=node)

    def _operation(self, node: Operation, env: Env) -> Value:
        if node.operator in ("and", "or"):
            return self._logic(node, env)
        values = [self.value(operand, env) for operand in node.operands]
        if node.operator == "??":
            answer = values[0]
            for value in values[1:]:
                answer = either(answer, value)
            return answer
        if node.operator not in ("+", "%", "*", "|", "/"):
            return constants.computed(node, values)
        origins: tuple[Origin, ...] = ()
        for value in values:
            origins = merge(origins, value.origins)
        parts = None
        if node.operator == "+":
            parts = texts.concatenated(node.operands, values)
        elif node.operator == "%" and values[0].parts is not None and not values[0].home:
            parts = texts.percent(
                values[0].parts, node.operands[1], lambda e: self._known(e, env)
            )
        elif node.operator == "%" and values[0].parts is not None:
            shown = texts.as_parts(node.operands[0], values[0], node.operands[0].span)
            parts = texts.percent(shown, node.operands[1], lambda e: self._known(e, env))
        if parts is None and values[0].parts is None:
            folded = constants.computed(node, values)
            if folded is not UNKNOWN:
                return folded
        return Value(origins=origins, parts=parts, grows=any(v.grows for v in values))

    def _known(self, node: Expression, env: Env) -> Value:
        found = self._values.get(id(node))
        return found if found is not None else self.value(node, env)

    def _logic(self, node: Operation, env: Env) -> Value:
        """`a and b`, `a or b`: each operand is read knowing what the ones before it told."""
        inner = dict(env)
        answer: Value | None = None
        for operand in node.operands:
            value = self.value(operand, inner)
            answer = value if answer is None else either(answer, value)
            inner.update(guards.refined(self, operand, inner, node.operator == "and"))
        return answer if answer is not None else UNKNOWN

    def _choice(self, node: Choice, env: Env) -> Value:
        test = self.value(node.test, env)
        then, other = dict(env), dict(env)
        then.update(guards.refined(self, node.test, env, True))
        other.update(guards.refined(self, node.test, env, False))
        yes, no = self.value(node.then, then), self.value(node.other, other)
        known = constants.truth(test, node.test, self._values)
        return either(yes, no) if known is None else yes if known else no

    def _comprehension(self, node: Comprehension, env: Env) -> Value:
        inner = dict(env)
        for generator in node.generators:
            self._generator(generator, inner)
        if node.key is not None:
            self.value(node.key, inner)
        element = self.value(node.element, inner)
        return Value(origins=element.origins, node=node)

    def _generator(self, node: Generator, env: Env) -> None:
        value = self.value(node.iterable, env)
        self._bind(node.target, self._element(value), env, None)
        for condition in node.conditions:
            self.value(condition, env)
            env.update(guards.refined(self, condition, env, True))

    def _await(self, node: Await, env: Env) -> Value:
        return self.value(node.value, env)

    def _yield(self, node: Yield, env: Env) -> Value:
        if node.value is not None:
            value = self.value(node.value, env)
            if self._function is not None:
                self.reading.returns.setdefault(id(self._function), value)
        return UNKNOWN

    def _opaque(self, node: Opaque, env: Env) -> Value:
        origins: tuple[Origin, ...] = ()
        for part in node.parts:
            self._statement(part, env)
            found = self._values.get(id(part))
            if found is not None:
                origins = merge(origins, found.origins)
        return Value(origins=origins)

    # -- assignment -----------------------------------------------------------------------------

    def _assign(self, node: Assign, env: Env) -> Value:
        value = self.value(node.value, env) if node.value is not None else UNKNOWN
        if node.annotation is not None:
            self.value(node.annotation, env)
            type_name = annotated_type(node.annotation, self._values)
            if type_name and not value.name.strip("?"):
                value = Value(type_name, value.origins, value.parts, value.home, node=value.node)
        for target in node.targets:
            if node.operator:
                value = self._augmented(target, node, value, env)
            self._bind(target, value, env, node.value)
        return value

    def _augmented(self, target: Expression, node: Assign, value: Value, env: Env) -> Value:
        before = self.value(target, env)
        parts = None
        if node.operator == "+" and node.value is not None:
            parts = texts.concatenated((target, node.value), (before, value))
        return Value(
            before.name, merge(before.origins, value.origins), parts, grows=parts is not None
        )

    def _bind(self, target: Expression, value: Value, env: Env, source: Expression | None) -> None:
        self._values[id(target)] = value
        if isinstance(target, Name):
            env[target.id] = value if value is not UNKNOWN else Value("?" + target.id)
            if self._paths:
                for path in [path for path in env if path.startswith((target.id + ".", target.id + "["))]:
                    del env[path]
        elif isinstance(target, Collection):
            self._destructure(target, value, env)
        elif isinstance(target, Member | Index):
            self._store(target, value, env)
        elif isinstance(target, Assign) and target.targets:
            inner = self.value(target.value, env) if target.value is not None else UNKNOWN
            self._bind(target.targets[0], either(value, inner), env, None)

    def _store(self, target: Member | Index, value: Value, env: Env) -> None:
        base = self.value(target.object, env)
        if isinstance(target, Index):
            self.value(target.key, env)
        path = path_of(target)
        if path:
            env[path] = value
            self._paths = True
        if isinstance(target, Index) and isinstance(target.object, Name) and value.origins:
            env[target.object.id] = Value(base.name, merge(base.origins, value.origins))

    def _destructure(self, pattern: Collection, value: Value, env: Env) -> None:
        items = value.node.entries if isinstance(value.node, Collection) else ()
        for index, entry in enumerate(pattern.entries):
            if entry.spread:
                inner = Value(value.name, value.origins)
            elif entry.key is not None:
                key = entry.key.value if isinstance(entry.key, Text) else None
                inner = self.member_of(value, key, entry) if key else Value("", value.origins)
            elif index < len(items) and not any(i.spread for i in items[: index + 1]):
                inner = self._values.get(id(items[index].value), UNKNOWN)
            else:
                inner = self._element(value)
            self._bind(entry.value, inner, env, None)

    # -- calls ----------------------------------------------------------------------------------

    def _call(self, node: Call, env: Env) -> Value:
        callee = self.value(node.callee, env)
        name = callee.name
        meanings = self.catalogue.calls(name) if name else ()
        values = self._arguments(node, meanings, callee, env)
        summary = None
        if isinstance(callee.node, Function) and name:
            summary = self.around.summary(name)
        self.reading.sites[id(node)] = Site(node, name, meanings, callee, summary)
        origins = self._result_origins(node, callee, meanings, values, summary)
        for meaning in meanings:
            if meaning.role == "input":
                label = meaning.entry.label or "request data"
                return Value(self._result_name(name), (Origin(INPUT, label, node.span),))
        parts, home, grows = self._result_text(node, callee, meanings, values, env)
        self._fill(node, values, env)
        result = self._result_name(name)
        if summary is not None and summary.returns.name and result.endswith("()"):
            result = summary.returns.name
        inner = summary.returns.node if summary is not None else None
        return Value(result, origins, parts, home, grows, inner)

    def _arguments(
        self, node: Call, meanings: tuple[Meaning, ...], callee: Value, env: Env
    ) -> list[Value]:
        gives = next((m.entry.gives for m in meanings if m.entry.gives), ())
        values: list[Value] = []
        for argument in node.arguments:
            inner = argument.value
            if isinstance(inner, Function):
                # The callback runs with what the callee gives it, or with elements of the receiver.
                for decorator in inner.decorators:
                    self.value(decorator, env)
                self._callback(inner, env, gives, callee)
                value = Value(inner.name, node=inner)
                self._values[id(inner)] = value
            else:
                value = self.value(inner, env)
            values.append(value)
        return values

    def _callback(self, node: Function, env: Env, gives: tuple[str, ...], callee: Value) -> None:
        first = Value("", callee.origins) if callee.origins and not gives else None
        self.function(node, env, gives, first)

    def _result_name(self, name: str) -> str:
        if not name:
            return ""
        found = self.catalogue.result(name)
        if found is not None:
            return found
        last = name.rpartition(".")[2].lstrip("@?")
        if last[:1].isupper() and not last.isupper():
            return name  # a construction: the instance goes by its class's name
        return name + "()"

    def _result_origins(
        self,
        node: Call,
        callee: Value,
        meanings: tuple[Meaning, ...],
        values: list[Value],
        summary: Summary | None,
    ) -> tuple[Origin, ...]:
        roles = {meaning.role for meaning in meanings}
        for role in roles:
            if role.startswith("sanitizer."):
                given: tuple[Origin, ...] = callee.origins
                for value in values:
                    given = merge(given, value.origins)
                return clean(given, role.partition(".")[2])
        if summary is not None:
            return summary.flowed(values)
        if "passes" in roles or "sql.text" in roles or self._constructs(callee):
            given = callee.origins
            for value in values:
                given = merge(given, value.origins)
            return given
        if roles & _DEAD_ENDS:
            return ()
        given = callee.origins
        if isinstance(node.callee, Member):
            # A method of an untrusted value gives an untrusted value, unless it only tells of it.
            if node.callee.name in _TELLS:
                return ()
            if given and node.callee.name in ("get", "pop", "replace", "join", "concat", "format"):
                for value in values:
                    given = merge(given, value.origins)
            elif node.callee.name in ("join", "format", "replace", "concat"):
                for value in values:
                    given = merge(given, value.origins)
        return given

    def _constructs(self, callee: Value) -> bool:
        return callee.name.startswith("@") and isinstance(callee.node, Class)

    def _result_text(
        self,
        node: Call,
        callee: Value,
        meanings: tuple[Meaning, ...],
        values: list[Value],
        env: Env,
    ) -> tuple[texts.Parts | None, str, bool]:
        if any(m.role in ("sql.text", "passes") for m in meanings) and len(values) >= 1:
            return values[0].parts, values[0].home, values[0].grows
        if isinstance(node.callee, Member):
            base = self._values.get(id(node.callee.object), UNKNOWN)
            if base.parts is not None:
                method = node.callee.name
                shown = texts.as_parts(node.callee.object, base, node.callee.object.span)
                if method == "format":
                    filled = texts.formatted(shown, node.arguments, lambda e: self._known(e, env))
                    return filled, "", base.grows
                if method in ("strip", "trim", "lower", "upper", "toLowerCase", "toUpperCase", "lstrip", "rstrip", "trimStart", "trimEnd", "toString"):
                    return base.parts, base.home, base.grows
                if method == "concat":
                    operands = (node.callee.object, *(a.value for a in node.arguments))
                    return texts.concatenated(operands, (base, *values)), "", base.grows
                if method == "join" and len(values) == 1:
                    return self._joined(shown, node.arguments[0], values[0]), "", True
            elif node.callee.name == "join" and isinstance(base.node, Collection):
                between = values[0].parts if values else None
                return self._joined(between or (), Argument(node.span, node.callee.object), base), "", True
        return None, "", False

    def _joined(self, between: texts.Parts, argument: Argument, value: Value) -> texts.Parts | None:
        """`between.join(items)` of a literal list."""
        if not isinstance(value.node, Collection) or value.node.spreads:
            return (Hole(argument.value.span, argument.value),)
        done: list[object] = []
        for index, entry in enumerate(value.node.entries):
            if index:
                done += between
            inner = self._values.get(id(entry.value), UNKNOWN)
            done += texts.as_parts(entry.value, inner, entry.value.span)
        return tuple(done)  # type: ignore[arg-type]

    def _fill(self, node: Call, values: list[Value], env: Env) -> None:
        """`items.append(x)`: what goes in makes the receiver carry it too."""
        if not (isinstance(node.callee, Member) and node.callee.name in _FILLS):
            return
        given: tuple[Origin, ...] = ()
        for value in values:
            given = merge(given, value.origins)
        target = node.callee.object
        if isinstance(target, Name) and target.id in env:
            base = env[target.id]
            if given or isinstance(base.node, Collection):
                env[target.id] = Value(base.name, merge(base.origins, given), None, grows=True)

# Roles whose calls give something that no longer is what went in.
_DEAD_ENDS = frozenset(
    ("sql.execute", "orm.read", "orm.write", "crypto.hash", "crypto.password-hash",
     "crypto.compare", "jwt.verify", "validate", "http.request", "cache.read", "document.read")
)  # fmt: skip
# Methods that only tell something about their receiver.
_TELLS = frozenset(
    ("startswith", "endswith", "startsWith", "endsWith", "isdigit", "isalnum", "isalpha",
     "isnumeric", "isdecimal", "isidentifier", "count", "index", "indexOf", "find", "includes",
     "has", "hasOwnProperty", "exists", "test", "match_count", "size", "__len__")
)  # fmt: skip

_STATEMENTS = {
    Return: Evaluator._return,
    Raise: Evaluator._raise,
    Jump: Evaluator._jump,
    Import: Evaluator._nothing,
    Global: Evaluator._nothing,
    Assertion: Evaluator._assertion,
    Branch: Evaluator._branch,
    Loop: Evaluator._loop,
    Try: Evaluator._try,
    Region: Evaluator._region,
    Function: Evaluator._function_statement,
    Class: Evaluator._class_statement,
}
_EXPRESSIONS = {
    Name: Evaluator._name,
    Member: Evaluator._member,
    Index: Evaluator._index,
    Text: Evaluator._text,
    Constant: Evaluator._constant,
    Call: Evaluator._call,
    Operation: Evaluator._operation,
    Choice: Evaluator._choice,
    Collection: Evaluator._collection,
    Comprehension: Evaluator._comprehension,
    Await: Evaluator._await,
    Yield: Evaluator._yield,
    Function: Evaluator._function_value,
    Class: Evaluator._class_value,
    Assign: Evaluator._assign,
    Opaque: Evaluator._opaque,
}


def join(into: Env, one: Env, other: Env) -> None:
    """Makes `into` the environment after a branch: what is one or the other on each side."""
    joined: Env = {}
    for name, value in one.items():
        second = other.get(name)
        if second is None:
            if "." not in name and "[" not in name:
                joined[name] = value
        else:
            joined[name] = value if value is second else either(value, second)
    for name, value in other.items():
        if name not in one and "." not in name and "[" not in name:
            joined[name] = value
    into.clear()
    into.update(joined)


def path_of(node: Expression) -> str:
    """`a.b`, `a['k']` as one key; empty when some part of it is computed."""
    if isinstance(node, Name):
        return node.id
    if isinstance(node, Member):
        base = path_of(node.object)
        return f"{base}.{node.name}" if base else ""
    if isinstance(node, Index) and isinstance(node.key, Text | Constant):
        base = path_of(node.object)
        return f"{base}[{node.key.value!r}]" if base else ""
    return ""
