"""The three grammars, and by number of kind what is done with each of their nodes."""

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language

from backend_expert.languages.javascript.classes import CLASS_STATEMENTS, CLASSES
from backend_expert.languages.javascript.composites import COMPOSITES
from backend_expert.languages.javascript.declarations import DECLARATIONS, namespace
from backend_expert.languages.javascript.expressions import EXPRESSIONS
from backend_expert.languages.javascript.functions import FUNCTION_STATEMENTS, FUNCTIONS
from backend_expert.languages.javascript.literals import LITERALS
from backend_expert.languages.javascript.lowering import Fields, Grammar, Kinds
from backend_expert.languages.javascript.markup import MARKUP
from backend_expert.languages.javascript.modules import MODULES
from backend_expert.languages.javascript.statements import STATEMENTS
from backend_expert.languages.javascript.types import TYPES

_ALL_EXPRESSIONS = (EXPRESSIONS | LITERALS | COMPOSITES | FUNCTIONS | CLASSES | TYPES | MARKUP) | {
    "module": namespace,
    "internal_module": namespace,
}
_ALL_STATEMENTS = STATEMENTS | DECLARATIONS | FUNCTION_STATEMENTS | CLASS_STATEMENTS | MODULES


def _grammar(language: Language, is_typed: bool) -> Grammar:
    # Several numbers may share a name: those of aliases.
    kinds = {
        number: language.node_kind_for_id(number) or ""
        for number in range(language.node_kind_count)
        if language.node_kind_is_named(number)
    }
    return Grammar(
        language,
        Fields(language),
        Kinds(language),
        is_typed,
        {n: _ALL_EXPRESSIONS[kind] for n, kind in kinds.items() if kind in _ALL_EXPRESSIONS},
        {n: _ALL_STATEMENTS[kind] for n, kind in kinds.items() if kind in _ALL_STATEMENTS},
    )


JAVASCRIPT = _grammar(Language(tree_sitter_javascript.language()), False)
TYPESCRIPT = _grammar(Language(tree_sitter_typescript.language_typescript()), True)
TSX = _grammar(Language(tree_sitter_typescript.language_tsx()), True)
