"""JavaScript's lexer, as far as cutting needs it: what is code, and what only looks like it."""

import re

from backend_expert.languages.patterns import compiled

# A string that is closed on its line. An apostrophe in JSX text, or one just typed, is skipped
# alone: its line's brackets still count. A backslash takes the next character along everywhere,
# or else a row of escaped quotes would be tried again from each of them.
_STRINGS = (
    r'"[^"\\\r\n]*+(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*+)*+"',
    r"'[^'\\\r\n]*+(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*+)*+'",
)
_COMMENTS = (r"//[^\r\n]*+", r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?")
# The body is bounded: a class that is never closed must not be tried to the end of a minified
# line again and again.
_REGEX = (
    r"/(?![*/])(?:[^\\/\[\r\n]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n]){0,200}+\]){1,2000}+/[a-z]*+"
)
# After these a slash begins a regular expression for certain.
_CLEAR_REGEX = rf"(?:(?<=[(,=:\[!&|?{{}};])|(?<=[(,=:\[!&|?{{}};] )|(?<=return )){_REGEX}"
# A template whose holes hold neither braces nor quotes; `end_of_template` reads the others.
_TEMPLATE = r"`(?:[^`\\$]++|\\[\s\S]|\$(?!\{)|\$\{[^{}`'\"/\\]*+\})*+`"
_NOISE = "|".join((*_STRINGS, *_COMMENTS, _CLEAR_REGEX, _TEMPLATE))
# What is left of the characters that may begin noise. A slash with a blank behind it divides.
_ODD_ENDS = r"|\\[^\r\n]?|[\"']|/(?=[ \t=])"

STRIP = compiled(rf"{_NOISE}|\\[^\r\n]")
_REGEX_HERE = compiled(_REGEX)
_TEMPLATE_TEXT = compiled(r"(?:[^`\\$]++|\\[\s\S]?|\$(?!\{))*+")
_HOLE_CODE = compiled(rf"(?:[^\"'`/\\{{}}]++|{_NOISE}{_ODD_ENDS})*+")
_WORD_BEFORE_REGEX = compiled(
    r"(?<![\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|instanceof|await|yield)\Z"
)


def run_to(line: str) -> re.Pattern[str]:
    """Reads over code and stops before a line end whose next line matches `line`.

    It stops as well at a slash or backtick that takes more than a pattern to understand.
    """
    return compiled(rf"(?:[^\"'`/\\\r\n]++|[\r\n](?!{line})[^\"'`/\\\r\n]*+|{_NOISE}{_ODD_ENDS})*+")


def end_of_run(run: re.Pattern[str], text: str, at: int) -> int:
    """Where a pattern that matches everywhere, if only nothing, stops."""
    found = run.match(text, at)
    return found.end() if found else at


def end_of_template(text: str, at: int) -> int:
    """Where the template string ends that begins at `at`; the text's end when it is unclosed."""
    at += 1
    holes: list[int] = []  # for each hole that we are inside of, the braces open in it
    in_text = True
    while at < len(text):
        if in_text:
            at = end_of_run(_TEMPLATE_TEXT, text, at)
            in_text = False
            if not text.startswith("`", at):
                holes.append(0)
                at += 2
            elif holes:
                at += 1
            else:
                return at + 1
            continue
        at = end_of_run(_HOLE_CODE, text, at)
        character = text[at : at + 1]
        if character == "/":
            at = end_of_slash(text, at, 0)
            continue
        at += 1
        if character == "`":
            in_text = True
        elif character == "{":
            holes[-1] += 1
        elif character == "}" and holes[-1]:
            holes[-1] -= 1
        elif character == "}":
            holes.pop()
            in_text = True
    return len(text)


def end_of_slash(text: str, at: int, floor: int) -> int:
    """Past the slash at `at`, or past the regular expression that it begins.

    What stands before it tells, as far back as `floor`.
    """
    before = text[max(floor, at - 80) : at].rstrip()
    last = before[-1:]
    if last.isalnum() or last in ("_", "$"):
        divides = not _WORD_BEFORE_REGEX.search(before)
    elif last == ">":
        divides = not before.endswith("=>")  # or else it closes a JSX tag
    else:
        divides = last in ")]}\"'`</" or before.endswith(("++", "--"))
    found = None if divides else _REGEX_HERE.match(text, at)
    return found.end() if found else at + 1
