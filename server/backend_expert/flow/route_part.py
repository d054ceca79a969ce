"""What one item says of routing, while it is being read."""

from backend_expert.facts.code import Assign, Call, Expression
from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow.paths import path_of
from backend_expert.flow.reading import Reading
from backend_expert.flow.route_paths import neutral
from backend_expert.flow.routes import NO_ROUTES, Mount, Router, Routes, Wall, join_paths
from backend_expert.flow.slots import option
from backend_expert.technologies.catalogue import Catalogue
from backend_expert.technologies.model import Slot


class Part:
    """The routes of an item while they are being read."""

    def __init__(self, reading: Reading, catalogue: Catalogue) -> None:
        self.reading = reading
        self.catalogue = catalogue
        self.is_python = "python" in catalogue.technologies
        self.routers: list[Router] = []
        self.mounts: list[Mount] = []
        self.endpoints: list[Endpoint] = []
        self.walls: list[Wall] = []

    def routes(self) -> Routes:
        if not (self.routers or self.mounts or self.endpoints or self.walls):
            return NO_ROUTES
        return Routes(
            tuple(self.routers), tuple(self.mounts), tuple(self.endpoints), tuple(self.walls),
            is_strict=self.is_python,
        )  # fmt: skip

    def argument(self, call: Call, slot: Slot | None) -> Expression | None:
        return option(call, slot, self.reading).value

    def text(self, call: Call, slot: Slot | None) -> str:
        node = self.argument(call, slot)
        return (self.reading.value(node).text or "") if node is not None else ""

    def is_literal(self, call: Call, slot: Slot | None) -> bool:
        """Whether what stands at a slot is known to the last letter, or nothing does."""
        given = option(call, slot, self.reading)
        return given.value is None or self.reading.value(given.value).text is not None

    def has_role(self, call: Call, role: str) -> bool:
        site = self.reading.sites.get(id(call))
        return site is not None and any(meaning.role == role for meaning in site.meanings)

    def endpoint_around(self, call: Call) -> Call | None:
        argument = self.reading.parent(call)
        outer = self.reading.parent(argument) if argument is not None else None
        if isinstance(outer, Call) and self.has_role(outer, "endpoint"):
            return outer
        return None

    def holder(self, call: Call) -> str:
        """The list that a `path(…)` stands in: `urlpatterns`."""
        above = self.reading.parent(call)
        while above is not None:
            if isinstance(above, Assign) and above.targets:
                return path_of(above.targets[0])
            above = self.reading.parent(above)
        return ""

    def around(self, call: Call) -> str:
        """The prefix of `path("api/", include([path(…)]))` lists written in place."""
        prefix = ""
        above = self.reading.parent(call)
        while above is not None:
            if isinstance(above, Call) and self.has_role(above, "endpoint"):
                for meaning in self.reading.sites[id(above)].meanings:
                    if meaning.role == "endpoint":
                        prefix = join_paths(neutral(self.text(above, meaning.subject)), prefix)
                        break
            above = self.reading.parent(above)
        return prefix
