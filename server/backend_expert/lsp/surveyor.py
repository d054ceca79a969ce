"""The surveyor: an errand that sketches every file of the service, and writes all at its end."""

import logging
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from backend_expert.ide import diagnostics
from backend_expert.ide.desk import checked
from backend_expert.ide.service.shapes import Range, Sketch
from backend_expert.ide.service.sketch import sketch
from backend_expert.lsp import errand
from backend_expert.lsp.convert import absolute_range, uri_of
from backend_expert.lsp.survey import Job
from backend_expert.lsp.wire import encode
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot, read

log = logging.getLogger(__name__)


def surveyed(job: Job) -> Iterator[Sketch]:
    """Does a job."""
    empty = Snapshot(MappingProxyType({}), job.roots, job.settings, {})

    def ranged(document: Document, span: Span) -> Range:
        found = absolute_range(document, span, job.encoding)
        start, end = found["start"], found["end"]
        return start["line"], start["character"], end["line"], end["character"]

    for path in diagnostics.workspace_files(empty)[: job.most]:
        try:
            text = job.texts.get(path)
            uri = uri_of(path)
            document = (
                Document.open(uri, text, path=path) if text is not None else read(Path(path), uri)
            )
            found = sketch(checked(empty.including(document), document), ranged)
        except OSError:  # it vanished, or may not be read
            continue
        except Exception as error:  # one file never takes the others down
            log.error("sketching %s failed: %r", path, error, exc_info=error)
            continue
        if found is not None:
            yield found


if __name__ == "__main__":
    errand.run(Job, lambda job: (encode(tuple(surveyed(job))),))
