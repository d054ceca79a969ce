"""Which JavaScript runs in a browser: what holds of a service does not hold of a page."""

from backend_expert.lint.context import CodeFile, Context
from backend_expert.text.pattern import pattern

_MODULES = (
    "react", "react-dom", "vue", "svelte", "@angular/core", "solid-js", "preact", "jquery",
    "next/navigation", "next/router", "next/link", "@tanstack/react-query", "swr", "zustand",
    "react-router-dom", "react-router", "htmx.org", "alpinejs", "prosemirror-view", "js-cookie",
)  # fmt: skip
_FOLDER = pattern(
    r"^((apps|packages|services)/)?(client|frontend|web|ui|widget)/"
    r"|(^|/)(components|hooks|public|assets|browser|ui|src-ui|webapps?|[^/]*(static|frontend))/"
)
# What draws pages, and what answers requests: a project with the former alone is a page.
_DRAWS = frozenset(
    ("react-dom", "vue", "svelte", "@angular/core", "solid-js", "preact", "react-native")
)
_SERVES = frozenset(
    ("express", "koa", "fastify", "@nestjs/core", "@hapi/hapi", "hono", "restify", "polka",
     "@feathersjs/feathers", "@adonisjs/core", "@apollo/server", "elysia", "h3")
)  # fmt: skip
# Frameworks whose code runs on both sides, and what marks the side that is a service.
_BOTH = frozenset(("next", "nuxt", "@remix-run/react", "@sveltejs/kit", "astro", "gatsby"))
_SERVER_PATH = pattern(r"(^|/)(pages/|app/)?(api|server|actions?|functions)(/|\.)|\.server\.")
_SERVER_MODULES = (
    "next/server", "next/headers", "next/cache", "server-only", "fs", "child_process", "net",
    "node:fs", "node:child_process", "node:net", "@prisma/client", "pg", "mysql2", "mongodb",
    "mongoose", "redis", "ioredis", "kafkajs", "amqplib", "nodemailer", "next-auth/next",
)  # fmt: skip
_GLOBALS = frozenset(("window", "document", "localStorage", "sessionStorage", "navigator"))
# Members of elements and of the events that a person causes.
_OF_ELEMENTS = pattern(
    r"\.(classList|preventDefault|stopPropagation|dataTransfer|scrollIntoView|offset(Height|Width))\b"
)


def is_browser(ctx: Context) -> bool:
    """Whether an item is, by its file or the names in it, part of a page."""
    if ctx.file.family != "javascript":
        return False
    return (
        _is_page(ctx.file)
        or not _GLOBALS.isdisjoint(ctx.item.names)
        or _OF_ELEMENTS.search(ctx.item.text) is not None
    )


def _is_page(file: CodeFile) -> bool:
    if file.family != "javascript":
        return False
    if file.language.endswith("react") or file.path.endswith((".tsx", ".jsx")):
        return True
    if _FOLDER.search(file.path.lower()) is not None or file.imports(*_MODULES):
        return True
    return _is_project_of_pages(file)


def _is_project_of_pages(file: CodeFile) -> bool:
    """Whether the project's manifests say that it is a page, and the file not that it serves."""
    dependencies = file.project.dependencies.keys()
    if not _SERVES.isdisjoint(dependencies):
        return False
    if _BOTH.isdisjoint(dependencies):
        return not _DRAWS.isdisjoint(dependencies)
    return not (_SERVER_PATH.search(file.path.lower()) or file.imports(*_SERVER_MODULES))
