"""Which argument of a call that starts a program is read by a shell, if one is."""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection, Constant, Expression
from backend_expert.flow.reading import Reading
from backend_expert.flow.slots import member, option
from backend_expert.technologies.catalogue import Meaning

# How each shell is told that the next word is a script.
_SHELLS = {
    **dict.fromkeys(("sh", "bash", "dash", "zsh", "ksh", "ash"), "-c"),
    **dict.fromkeys(("cmd", "powershell", "pwsh"), "/-"),
}
# Programs that run the program they are given.
_CARRIERS = frozenset(("env", "sudo", "nohup", "nice", "exec", "busybox", "setsid"))


def scripts(call: Call, meaning: Meaning, reading: Reading) -> tuple[Expression, ...]:
    """The arguments of a call with the role `sink.shell` that become words of a shell.

    None where the program is started as it is: then each argument stays one argument.
    """
    subject = option(call, meaning.subject, reading).value
    if subject is None:
        return ()
    if meaning.has("shell"):
        return (subject,)
    words = tuple(_words(call, meaning, subject, reading))
    if _asks_for_shell(call, meaning, reading):
        return (subject, *words) if meaning.entry.values is not None else (subject,)
    return tuple(_script(words, reading))


def _asks_for_shell(call: Call, meaning: Meaning, reading: Reading) -> bool:
    shell = option(call, meaning.entry.options.get("shell"), reading).value
    given = option(call, meaning.entry.values, reading).value
    if shell is None and given is not None and meaning.entry.options.get("shell") is not None:
        # The arguments may be left out; what follows the program are then its options.
        literal = given if isinstance(given, Collection) else reading.value(given).node
        if isinstance(literal, Collection) and literal.kind == "map":
            shell = member(literal, "shell", reading).value
    if shell is None:
        return False
    known = shell if isinstance(shell, Constant) else reading.value(shell).node
    if isinstance(known, Constant):
        return known.value is True
    return bool(reading.value(shell).text)  # the shell's own path


def _words(
    call: Call, meaning: Meaning, subject: Expression, reading: Reading
) -> Iterator[Expression]:
    """The program and its arguments, however they are given."""
    given = _listed(subject, reading)
    if given is not None:
        yield from given
        return
    yield subject
    after = False
    for argument in call.arguments:
        if after and argument.name is None and not argument.spread:
            listed = _listed(argument.value, reading)
            yield from (argument.value,) if listed is None else listed
        after = after or argument.value is subject


def _listed(node: Expression, reading: Reading) -> tuple[Expression, ...] | None:
    literal = node if isinstance(node, Collection) else reading.value(node).node
    if not isinstance(literal, Collection) or literal.kind not in ("list", "tuple"):
        return None
    return tuple(entry.value for entry in literal.entries if not entry.spread)


def _script(words: tuple[Expression, ...], reading: Reading) -> Iterator[Expression]:
    flag = ""
    for index, word in enumerate(words):
        text = reading.value(word).text
        if text is None:
            return
        if not flag:
            program = text.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
            flag = _SHELLS.get(program, "")
            if not flag and program not in _CARRIERS and not text.startswith("-"):
                return
        elif flag == "-c":
            if text.startswith("-") and not text.startswith("--") and "c" in text:
                yield from words[index + 1 : index + 2]
                return
        elif text.lower() in ("/c", "/k", "-c", "-command"):
            yield from words[index + 1 :]  # all the rest is joined
            return
