"""The reader of Python: `cuts` finds the items, the other modules lower each into facts."""

import re

import tree_sitter_python
from tree_sitter import Language, Query

from backend_expert.facts.item import Item, Place
from backend_expert.languages import syntax
from backend_expert.languages.python import cuts
from backend_expert.languages.python.comprehensions import COMPREHENSIONS
from backend_expert.languages.python.definitions import ASSIGNMENTS, DEFINITIONS
from backend_expert.languages.python.expressions import EXPRESSIONS
from backend_expert.languages.python.imports import IMPORTS
from backend_expert.languages.python.literals import LITERALS
from backend_expert.languages.python.lowering import Lowering
from backend_expert.languages.python.matching import MATCH, PATTERNS
from backend_expert.languages.python.statements import STATEMENTS
from backend_expert.languages.reader import Cut, Reader

_LANGUAGE = Language(tree_sitter_python.language())
_COMMENTS = Query(_LANGUAGE, "(comment) @comment")
# The grammar takes `type(self).count = 1` for an alias. It is given another word to read there;
# the facts take their words from the text.
_CALLS_TYPE = re.compile(r"^([ \t]*)type(?=[ \t]*[(\[])", re.MULTILINE)
_ALL_EXPRESSIONS = EXPRESSIONS | COMPREHENSIONS | LITERALS | ASSIGNMENTS | PATTERNS
_ALL_STATEMENTS = STATEMENTS | DEFINITIONS | IMPORTS | MATCH


class PythonReader:
    """Reads Python 3.8 to 3.14, and of Python 2 what the grammar still knows."""

    language = "python"

    def next_cut(self, text: str, start: int, place: Place) -> Cut:
        """The item that starts at `start`; see `Reader`."""
        return cuts.next_cut(text, start, place)

    def lower(self, text: str, place: Place) -> Item:
        """The facts of one item; see `Reader`."""
        text = syntax.without_surrogates(text)
        readable = _CALLS_TYPE.sub(r"\1kind", text) if "type" in text else text
        root = syntax.parse(_LANGUAGE, readable).root_node
        low = Lowering(text, root, _ALL_EXPRESSIONS, _ALL_STATEMENTS)
        body = low.block(root)
        faults = syntax.faults(root)
        for fault in faults:
            low.names.update(syntax.words(text[fault.start : fault.end]))
        comments = syntax.comments(root, _COMMENTS, text) if "#" in text else ()
        return Item(place, body, comments, faults, frozenset(low.names))


READERS: dict[str, Reader] = {"python": PythonReader()}
