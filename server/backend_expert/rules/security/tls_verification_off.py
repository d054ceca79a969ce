"""Without a check of the certificate, encryption keeps a secret with whoever answers.

Anyone on the way (a hijacked name, a router, a proxy) can pose as the other side, read what is sent
and change what comes back. Leave the check on; a certificate of your own authority is trusted by
naming that authority (`verify="/etc/ssl/our-ca.pem"`, `ca: …`), not by trusting everyone.
(OWASP ASVS 5.0 V12.3.2, CWE-295.)

Leave it off where the connection never leaves the machine.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Assign, Call, Constant, Expression, Member
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.deployment import is_behind_switch, is_for_development
from backend_expert.text.pattern import pattern

_ROLES = ("http.request", "http.client", "client", "tls", "sql.connect")
_LOCAL = pattern(r"^(\w+://)?([^@/]*@)?(localhost|127\.|0\.0\.0\.0|\[?::1|unix:|/)")
_UNENCRYPTED = pattern(r"[?& ]sslmode=disable\b")
_OPEN = "anyone on the way can pose as the other side"


@rule(
    title="Certificate not checked",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    cwe=(295, 319),
    sources=("ruff S501", "bandit B501", "gosec G402", "Sonar S4830"),
    peers=("S501", "S323", "S507", "B501", "B507"),
    needs=_ROLES,
    target=(Member,),
    examples=[
        Example(
            bad="""
                import requests

                def charge(amount):
                    return requests.post(
                        "https://pay.example/charges",
                        json={"amount": amount},
                        timeout=5,
                        verify=False,
                               ^^^^^ anyone on the way can pose as the other side
                    )
            """,
            good="""
                import requests

                def charge(amount):
                    return requests.post(
                        "https://pay.example/charges",
                        json={"amount": amount},
                        timeout=5,
                        verify=True,
                    )
            """,
        ),
        Example(
            bad="""
                import ssl
                import requests

                context = ssl.create_default_context()
                context.verify_mode = ssl.CERT_NONE
                                      ^^^^^^^^^^^^^ anyone on the way can pose as the other side
                session = requests.Session()
                session.verify = False
                                 ^^^^^ anyone on the way can pose as the other side
            """,
            good="""
                import ssl
                import requests

                context = ssl.create_default_context()
                context.verify_mode = ssl.CERT_REQUIRED
                session = requests.Session()
                session.verify = True
            """,
        ),
        Example(
            bad="""
                import psycopg

                connection = psycopg.connect("postgresql://db.shop.example/shop?sslmode=disable")
                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ all that is asked and answered travels unencrypted
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import https from 'node:https';
                import axios from 'axios';

                const http = axios.create({
                  timeout: 5_000,
                  httpsAgent: new https.Agent({ keepAlive: true, rejectUnauthorized: false }),
                                                                                     ^^^^^ anyone on the way can pose as the other side
                });
            """,
            good="""
                import https from 'node:https';
                import axios from 'axios';

                const http = axios.create({
                  timeout: 5_000,
                  httpsAgent: new https.Agent({ keepAlive: true, rejectUnauthorized: true }),
                });
            """,
        ),
        Example(
            language="javascript",
            bad="""
                process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
                                                           ^^^ anyone on the way can pose as the other side
            """,
        ),
        Example(
            good="""
                import requests
                from shop.settings import settings

                requests.get("https://pay.example/rates", timeout=5, verify="/etc/ssl/our-ca.pem")
                requests.get("https://localhost:8443/health", timeout=5, verify=False)
                requests.get("https://pay.example/rates", timeout=5, verify=settings.verify)
                if settings.debug:
                    requests.get("https://pay.example/rates", timeout=5, verify=False)
            """
        ),
        Example(
            language="javascript",
            good="""
                const https = require('https');
                const { Pool } = require('pg');

                const server = https.createServer({ requestCert: true, rejectUnauthorized: false });
                const pool = new Pool({ ssl: { rejectUnauthorized: true, ca: process.env.CA } });
            """,
        ),
    ],
)  # fmt: skip
def check(fact: Call | Assign, ctx: Context) -> Iterator[Finding]:
    found = _assigned(fact, ctx) if isinstance(fact, Assign) else _passed(fact, ctx)
    if isinstance(fact, Assign) and ctx.file.is_script:
        return  # which speaks to what its caller has at hand
    for place, message, fix in found:
        if not is_for_development(ctx.file.path) and not is_behind_switch(fact, ctx):
            yield Finding(place.span, message, fix)
            return


Told = Iterator[tuple[Expression, str, Fix | None]]


def _passed(call: Call, ctx: Context) -> Told:
    site = ctx.site(call)
    for meaning in site.meanings if site else ():
        if meaning.role not in _ROLES:
            continue
        subject = ctx.subject(call, meaning)
        address = (ctx.text_of(subject) or "") if subject is not None else ""
        if _LOCAL.match(address):
            return
        if meaning.has("unverified"):
            yield call, _OPEN, None
        off = ctx.option(call, meaning, "verify").value
        if off is not None and _is_off(off, ctx):
            yield off, _OPEN, _turned(off, ctx)
        wrong = ctx.option(call, meaning, "unverified").value
        if wrong is not None and ctx.is_constant(wrong, True):
            yield wrong, _OPEN, _turned(wrong, ctx)
        oldest = ctx.option(call, meaning, "min_version").value
        if oldest is not None and ctx.is_constant(oldest, "TLSv1", "TLSv1.1", "SSLv3"):
            yield oldest, "a version of TLS that can be broken is let in", None
        if _is_plain(call, address, ctx):
            yield (subject or call), "all that is asked and answered travels unencrypted", None


def _is_plain(call: Call, address: str, ctx: Context) -> bool:
    """Whether a connection to another machine does without encryption."""
    if not _UNENCRYPTED.search(address):
        return False
    host = address.partition("://")[2].rpartition("@")[2]
    named = re.search(r"host=(\S+)", address)
    host = named[1] if named else re.split(r"[/:?]", host)[0]
    return "." in host and not host.startswith(("127.", "/"))


def _is_off(value: Expression, ctx: Context) -> bool:
    return ctx.is_constant(value, False, "none", "CERT_NONE") or _is_unverified(value, ctx)


def _is_unverified(value: Expression, ctx: Context) -> bool:
    known = ctx.file.flow.catalogue.value(ctx.name(value))
    return known is not None and "unverified" in known.traits


def _assigned(assign: Assign, ctx: Context) -> Told:
    value, target = assign.value, assign.targets[0]
    if value is None or not isinstance(target, Member):
        return
    if _is_unverified(value, ctx):
        yield value, _OPEN, _turned(value, ctx)
        return
    known = ctx.file.flow.catalogue.value(f"{ctx.name(target.object)}.{target.name}")
    if known is None or "switch" not in known.traits:
        return
    if "host-name" in known.traits and any("CERT_NONE" in i.names for i in ctx.file.items):
        return  # the other half of the same cause
    if ctx.is_constant(value, False, 0, "0"):
        yield value, _OPEN, _turned(value, ctx)


def _turned(value: Expression, ctx: Context) -> Fix | None:
    """The switch turned the other way, where it is written out."""
    if isinstance(value, Constant) and isinstance(value.value, bool):
        word = str(not value.value)
        edit = ctx.replace(value, word if ctx.is_python else word.lower())
        return Fix("Check the certificate", (edit,))
    if isinstance(value, Member) and value.name == "CERT_NONE":
        edit = ctx.replace(value.name_span, "CERT_REQUIRED")
        return Fix("Check the certificate", (edit,))
    return None
