"""The project as its manifests tell it: languages, technologies, database."""

from backend_expert.persona.around import surveys
from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place
from backend_expert.technologies.catalogue import technologies

_DIALECTS = {"postgres": "PostgreSQL", "mysql": "MySQL", "sqlite": "SQLite"}


def build(place: Place) -> Section | None:
    """One line each; the same for every place of the project."""
    project = place.checked.file.project
    languages = next((survey.languages for survey in surveys(place)), ())
    known = [one for id, one in technologies().items() if id in project.technologies]
    names = sorted({one.title for one in known if one.kind != "language"})
    dialect = place.checked.file.dialect
    lines = [
        f"{what}: {said}"
        for what, said in (
            ("Languages", ", ".join(languages)),
            ("Technologies", ", ".join(names)),
            ("Database", _DIALECTS.get(dialect, dialect)),
        )
        if said
    ]
    return Section("The project", "\n".join(lines), is_stable=True) if lines else None
