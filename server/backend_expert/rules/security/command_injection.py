"""Untrusted text in a shell command runs commands: `; rm -rf /` needs no password.

Hand the program and its arguments over as a list and start no shell: each argument then stays one
argument, whatever is in it. Where a shell cannot be avoided, quote every value with the shell's own
quoting function. (OWASP ASVS 5.0 V1.2.5, CWE-78.)

Leave it off in tools whose user sits at that shell anyway.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule


@rule(
    title="Untrusted value in a shell command",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    cwe=(78,),
    sources=("bandit B602", "ruff S602", "gosec G204"),
    tags=("injection",),
    peers=("S602", "S605", "B602", "B605"),
    in_scripts=False,
    needs=("sink.shell",),
    examples=[
        Example(
            bad="""
                import subprocess
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/thumbnails")
                def thumbnail():
                    name = request.form["name"]
                    subprocess.run(f"convert {name} -resize 100 out.png", shell=True, timeout=10)
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted request body runs as part of a shell command
                    return "done"
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { exec } = require('child_process');
                const express = require('express');
                const app = express();

                app.post('/thumbnails', (req, res) => {
                  exec(`convert ${req.body.name} -resize 100 out.png`, () => res.sendStatus(204));
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted request body runs as part of a shell command
                });
            """,
        ),
        Example(
            good="""
                import shlex
                import subprocess
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/thumbnails")
                def thumbnail():
                    name = request.form["name"]
                    subprocess.run(["convert", name, "-resize", "100", "out.png"], timeout=10)
                    subprocess.run(f"convert {shlex.quote(name)} out.png", shell=True, timeout=10)
                    return "done"
            """,
        ),
        Example(
            good="""
                import subprocess

                def release(version: str) -> None:
                    subprocess.run(f"git tag {version}", shell=True, check=True)
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    for hit in ctx.hits(call, "sink.shell", sink="shell"):
        if hit.origin.label == "command line":
            continue  # whoever types it has a shell already
        yield Finding(
            hit.argument.span,
            f"untrusted {hit.origin.label} runs as part of a shell command",
            related=hit.related,
        )
