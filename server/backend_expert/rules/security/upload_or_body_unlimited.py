"""An upload is taken in whole, however large it is.

Multer has no limit of its own, and reading a whole upload puts it into memory: a few large files at
once end the process, or fill the disk of everybody on the machine. Say how large a file may be, and
read it in pieces.

Leave it off where a proxy in front limits the size of bodies for these routes.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Function, Member, Name, Node, Text, walk
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.options import with_member
from backend_expert.technologies.model import Slot


@rule(
    title="Upload without a size limit",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    cwe=(770, 434),
    sources=("Sonar S5693", "gosec G120"),
    tags=("uploads",),
    needs=(
        "middleware",
        "input",
    ),
    examples=[
        Example(
            language="javascript",
            bad="""
                const multer = require('multer');

                const upload = multer({ dest: 'uploads/' });
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ uploads of any size are taken: set a limit
            """,
            good="""
                const multer = require('multer');

                const upload = multer({ dest: 'uploads/', limits: { fileSize: 5_000_000 } });
            """,
        ),
        Example(
            bad="""
                from fastapi import FastAPI, UploadFile

                app = FastAPI()

                @app.post("/pictures")
                async def add(picture: UploadFile):
                    return store(await picture.read())
                                       ^^^^^^^^^^^^^^ the whole upload is read, however large it is
            """,
        ),
        Example(
            language="javascript",
            good="""
                const multer = require('multer');

                const one = multer({ dest: 'uploads/', limits: { fileSize: 1_000_000 } });
                const other = multer(options);
                const fields = multer().none();
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI, UploadFile

                app = FastAPI()

                @app.post("/pictures")
                async def add(picture: UploadFile):
                    while piece := await picture.read(65536):
                        store(piece)

                @app.post("/letters")
                async def letter(letter: UploadFile):
                    if letter.size > 1_000_000:
                        raise ValueError("too large")
                    return store(await letter.read())
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "middleware", "input")
    if meaning is None:
        return
    if meaning.has("no-limit"):
        limit = ctx.option(call, meaning, "limit")
        if limit.value is None and not limit.hidden and not _takes_none(call, ctx):
            edit = with_member(call, Slot(position=0), "limits: { fileSize: 5_000_000 }", ctx)
            fix = Fix("Take at most 5 MB", (edit,), is_sure=False) if edit is not None else None
            yield Finding(call.span, "uploads of any size are taken: set a limit", fix)
        return
    is_whole = meaning.entry.label == "upload" and not call.arguments
    if is_whole and not _is_measured(call, ctx):
        yield Finding(call.span, "the whole upload is read, however large it is")


def _takes_none(call: Call, ctx: Context) -> bool:
    """`multer().none()` refuses files."""
    above = ctx.parent(call)
    return isinstance(above, Member) and above.name == "none"


def _is_measured(call: Call, ctx: Context) -> bool:
    """Whether the handler looks at the size anywhere."""
    function = ctx.function(call)
    if function is None:
        return True
    return any(_speaks_of_size(node) for statement in _all(function) for node in walk(statement))


def _all(function: Function) -> tuple[Node, ...]:
    return (*function.body, *function.decorators)


def _speaks_of_size(node: Node) -> bool:
    if isinstance(node, Member):
        return "size" in node.name.lower() or node.name == "tell"
    if isinstance(node, Name):
        words = node.id.lower()
        return "size" in words or "limit" in words or node.id == "len" or "max" in words
    return isinstance(node, Text) and (node.value or "").lower() == "content-length"
