"""The latest migrations of the tables that the code touches; of a migration, what precedes it.

Those in SQL are left to the schema's sections, which have all of their statements.
"""

import os
import re

from backend_expert.persona.around import root_of, tables, with_migrations
from backend_expert.persona.brief import Section
from backend_expert.persona.entries import sections
from backend_expert.persona.extract import Extract
from backend_expert.persona.place import Place
from backend_expert.persona.steps_on_disk import naming
from backend_expert.workspace.survey import Survey

_SHARE = 8_000  # characters
_MOST = 3
_LONGEST = 3_000
_DOWN_REVISION = re.compile(r"^down_revision\b[^=\n]*=\s*[\"']([\w.-]+)[\"']", re.M)
_FIRST_REVISION = re.compile(r"^down_revision\b[^=\n]*=\s*None\b", re.M)
_DEPENDS = re.compile(r"dependencies\s*=\s*\[\s*\(\s*[\"']\w+[\"']\s*,\s*[\"'](\w+)[\"']")


def build(place: Place) -> list[Section]:
    """Steps of the latest migrations that name the tables, file by file, oldest first."""
    survey = with_migrations(place)
    if survey is None:
        return []
    own = place.checked.document.path or ""
    known = survey.migrations
    if own in known:
        known = known[: known.index(own)]
    before = preceding(survey, own)
    root = root_of(place)
    known = tuple(path for path in known if not path.endswith(".sql"))
    steps = naming(survey, known, place.checked.scope, tables(place).keys(), _MOST)
    entries = [step.told for step in steps if step.told.path != before]
    found = sections("Earlier migration", dict.fromkeys(entries), root, _SHARE)
    if before:
        text = survey.text(before).rstrip()
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… the rest is left out"
        whole = [Extract(before, 1, "", shown)]
        found = [*sections("The migration before this one", whole, root, _SHARE), *found]
    return found


def preceding(survey: Survey, path: str) -> str:
    """The migration that comes before the one at `path`; empty when that is none or the first."""
    if path not in survey.migrations:
        return ""
    text = survey.text(path)
    folder = os.path.dirname(path)
    beside = [one for one in survey.migrations if os.path.dirname(one) == folder]
    if _FIRST_REVISION.search(text):
        return ""
    revision = _DOWN_REVISION.search(text)
    if revision is not None:
        says = re.compile(rf"^revision\b[^=\n]*=\s*[\"']{re.escape(revision[1])}[\"']", re.M)
        return next((one for one in beside if says.search(survey.text(one))), "")
    depends = _DEPENDS.search(text)
    if depends is not None:
        named = os.path.join(folder, depends[1] + ".py")
        return named if named in beside else ""
    at = beside.index(path)
    return beside[at - 1] if at else ""
