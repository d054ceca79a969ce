"""The technology files for JavaScript say well-formed things, and the chains of calls that
matter most lead where they should."""

import re
from collections import Counter

import pytest
from backend_expert.technologies.catalogue import FOLDER, catalogue, read
from backend_expert.technologies.model import CallEntry, Slot, Technology
from backend_expert.technologies.roles import ROLES

ALL = {file.stem: read(file) for file in sorted(FOLDER.glob("*.toml"))}
NODE = {id: it for id, it in ALL.items() if "javascript" in it.languages}

# A module (`pg`, `fs/promises`, `@aws-sdk/client-s3`, `.prisma/client`) or a global, and members.
NAME = re.compile(r"\.?(@[a-z0-9-]+/)?[A-Za-z_][\w-]*(/[\w-]+)*(\.js)?(\.[A-Za-z_$][\w$]*)*")
TYPE = re.compile(NAME.pattern + r"(\.\*)?(\(\))?(\[\])?")
LOOSE = re.compile(r"(\*|[a-z][a-z0-9_]*)\.[A-Za-z_$][\w$]*")
MEMBER = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
WORD = re.compile(r"[a-z][a-z_]*")
TRAIT = re.compile(
    r"[a-z][a-z-]*|[A-Z]+|\d{3}|safe [a-z]+|instead [\w.]+|binds (\?|%s|\$1( each)?|:name)"
)

# The standard library and the sets of packages that need none of their own.
WITHOUT_IMPORTS = {"node-sql-drivers", "node-loggers"}

files = pytest.mark.parametrize(("id", "it"), NODE.items(), ids=list(NODE))


def slots_of(entry: CallEntry) -> list[Slot]:
    """Every argument that an entry speaks of."""
    return [slot for slot in (entry.subject, entry.values, *entry.options.values()) if slot]


def test_the_technologies_that_the_expert_promises_are_here() -> None:
    promised = {
        "node", "express", "nestjs", "fastify", "koa", "fetch", "axios", "node-postgres", "mysql2",
        "node-sqlite", "knex", "prisma", "typeorm", "sequelize", "drizzle", "mongodb-node",
        "mongoose", "ioredis", "node-redis", "amqplib", "kafkajs", "bullmq", "aws-sdk-js",
        "jsonwebtoken", "winston", "pino", "prom-client", "stripe-node", "node-testing",
    }  # fmt: skip
    assert promised <= set(NODE)


@files
def test_a_file_has_a_title_a_kind_notes_and_a_way_to_be_seen(id: str, it: Technology) -> None:
    assert it.title and it.kind
    assert it.detect.dependencies or it.detect.files
    assert it.detect.imports or id in WITHOUT_IMPORTS
    notes = it.notes.strip().splitlines()
    assert 3 <= len(notes) <= 8, f"{len(notes)} notes"
    assert all(note.startswith("- ") and note.endswith(".") for note in notes)
    assert all(len(note) < 400 for note in notes)
    assert len(set(notes)) == len(notes)


@files
def test_roles_are_known_and_every_entry_names_something(id: str, it: Technology) -> None:
    for entry in (*it.call, *it.value):
        assert entry.role in ROLES
        assert entry.names or getattr(entry, "loose", ())


@files
def test_names_are_well_formed(id: str, it: Technology) -> None:
    for entry in (*it.call, *it.value):
        assert [name for name in entry.names if not NAME.fullmatch(name)] == []
    for entry in it.call:
        assert [name for name in entry.loose if not LOOSE.fullmatch(name)] == []
        assert [name for name in entry.gives if not NAME.fullmatch(name)] == []
        assert [trait for trait in entry.traits if not TRAIT.fullmatch(trait)] == []
        assert [word for word in entry.options if not WORD.fullmatch(word)] == []
    for key, value in it.types.items():
        assert TYPE.fullmatch(key), key
        assert TYPE.fullmatch(value), value
    for other, name in it.alias.items():
        assert NAME.fullmatch(other) and NAME.fullmatch(name)
        assert other != name
    for entry in it.parameters:
        assert len(entry.names) >= len(entry.types)


@files
def test_arguments_are_given_by_position(id: str, it: Technology) -> None:
    """JavaScript has no named arguments: a slot is a position, with or without a member."""
    for entry in it.call:
        for slot in slots_of(entry):
            assert slot.position is not None and slot.position >= 0
            assert slot.name is None
            assert slot.member is None or MEMBER.fullmatch(slot.member)


@files
def test_no_name_is_listed_twice_for_one_role(id: str, it: Technology) -> None:
    """Twice is right only where the subject stands elsewhere, or a trait sets the second apart."""
    told: Counter[tuple[object, ...]] = Counter()
    for entry in it.call:
        named = [("", name) for name in entry.names] + [("loose", name) for name in entry.loose]
        for name in named:
            told[entry.role, name, entry.subject, entry.traits] += 1
    for entry in it.value:
        for name in entry.names:
            told[entry.role, name] += 1
    assert [key for key, count in told.items() if count > 1] == []


@files
def test_no_alias_leads_to_another(id: str, it: Technology) -> None:
    """An alias is followed once, so a chain of them would end half way."""
    aliases = catalogue("javascript").alias
    assert [other for other, name in it.alias.items() if name in aliases] == []


def test_no_two_files_disagree() -> None:
    types: dict[str, tuple[str, str]] = {}
    for id, it in NODE.items():
        for key, value in it.types.items():
            first, known = types.setdefault(key, (id, value))
            assert known == value, f"{key}: {first} says {known}, {id} says {value}"


def walked(*steps: str) -> str:
    """The name under which a chain of members and calls (`connect()`) is looked up."""
    known = catalogue("javascript")
    at = ""
    for step in steps:
        word = step.removesuffix("()")
        at = known.member(f"{at}.{word}" if at else word)
        if step.endswith("()"):
            at = known.result(at) or at
    return at


@pytest.mark.parametrize(
    ("steps", "role", "trait"),
    [
        (("express()", "post"), "endpoint", "POST"),
        (("express.Router()", "route()", "get"), "endpoint", "path-in-receiver"),
        (("express()", "listen()", "close"), "", ""),
        (("express.Request.get",), "input", ""),
        (("fastify()", "route"), "endpoint", "method-option"),
        (("@koa/router()", "get"), "endpoint", "GET"),
        (("@nestjs/common.Get",), "endpoint", "decorator"),
        (("fetch",), "http.request", "no-timeout"),
        (("fetch()", "json"), "http.body", "async"),
        (("axios.get",), "http.request", "no-timeout"),
        (("axios.create()", "get"), "http.request", "client-timeout"),
        (("pg.Pool", "connect()", "query"), "sql.execute", "async"),
        (("mysql2/promise.createPool()", "getConnection()", "beginTransaction"), "transaction.begin", "async"),
        (("mysql.createConnection()", "promise()", "execute"), "sql.execute", "async"),
        (("better-sqlite3()", "prepare"), "sql.execute", ""),
        (("better-sqlite3()", "prepare()", "all"), "sql.fetch", ""),
        (("knex()", "transaction"), "transaction", "async"),
        (("knex.Knex()", "where()", "first"), "orm.read", ""),
        (("knex.Transaction()", "where()", "update"), "orm.write", "async"),
        (("@prisma/client.PrismaClient", "$queryRawUnsafe"), "sql.execute", "async"),
        (("typeorm.DataSource", "getRepository()", "createQueryBuilder()", "where()", "getMany"), "orm.read", "many"),
        (("typeorm.DataSource", "createQueryRunner()", "manager", "save"), "orm.write", "async"),
        (("sequelize()", "define()", "findAll"), "orm.read", "many"),
        (("mongodb.MongoClient", "db()", "collection()", "find()", "sort()", "toArray"), "sql.fetch", "async"),
        (("mongoose.model()", "findOne()", "lean()", "exec"), "sql.fetch", "async"),
        (("mongoose.Model()", "save"), "document.write", "async"),
        (("ioredis.Redis()", "keys"), "cache.scan-all", "async"),
        (("redis.createClient()", "setEx"), "cache.write", "async"),
        (("amqplib.connect()", "createChannel()", "consume"), "queue.consume", "needs-prefetch"),
        (("kafkajs.Kafka", "producer()", "send"), "queue.publish", "partitioned"),
        (("bullmq.Queue", "add"), "queue.publish", "queue-in-receiver"),
        (("@aws-sdk/client-sqs.SQSClient", "send"), "http.request", "async"),
        (("@aws-sdk/client-sqs.DeleteMessageCommand",), "queue.ack", ""),
        (("jsonwebtoken.decode",), "jwt.decode", ""),
        (("crypto.createHash()", "update"), "crypto.hash", "update"),
        (("fs.promises", "readFile"), "sink.path", "async"),
        (("pino()", "child()", "error"), "log", "fields-first"),
        (("winston.createLogger()", "warn"), "log", "warning"),
        (("prom-client.Counter", "labels"), "metric.label", ""),
        (("zod.object()", "strict()", "parse"), "validate", "returns-clean"),
        (("@jest/globals.it", "only"), "test.focus", ""),
        (("it.each()",), "test.case", ""),
        (("vitest.expect()", "resolves", "not", "toBe"), "test.assert", "async"),
        (("supertest()", "get()", "set()", "expect"), "test.assert", "async"),
    ],
)  # fmt: skip
def test_a_chain_of_calls_leads_to_its_role(steps: tuple[str, ...], role: str, trait: str) -> None:
    meanings = catalogue("javascript").calls(walked(*steps))
    if not role:
        assert meanings == ()
        return
    assert any(m.role == role and (not trait or m.has(trait)) for m in meanings), walked(*steps)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("?pool.query", "sql.execute"),
        ("?self.connection.execute", "sql.execute"),
        ("?prisma.user.findMany", "orm.read"),
        ("?logger.error", "log"),
        ("?channel.ack", "queue.ack"),
        ("?app.get", "endpoint"),
    ],
)
def test_receivers_of_no_known_type_are_believed(name: str, role: str) -> None:
    assert role in {meaning.role for meaning in catalogue("javascript").calls(name)}


@pytest.mark.parametrize(
    "name", ["?list.find", "?items.get", "?map.set", "?array.push", "?x.update"]
)
def test_everyday_methods_mean_nothing(name: str) -> None:
    assert catalogue("javascript").calls(name) == ()


@pytest.mark.parametrize(
    "name",
    ["express.Request.body", "process.argv", "fastify.Request.query", "koa.Context.params",
     "amqplib.ConsumeMessage.content", "http.IncomingMessage.headers"],
)  # fmt: skip
def test_what_comes_from_outside_is_input(name: str) -> None:
    value = catalogue("javascript").value(name)
    assert value is not None and value.role == "input" and value.label
