"""The whole request body becomes the fields of a record, those that only staff may set included.

A caller adds `"role": "admin"` or `"balance": 1000000` to the JSON and it is stored. Name the
fields that a caller may set, or take them from a schema that knows no others.

Leave it off where the record has no field that matters, and none will be added.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.bodies import stored_body


@rule(
    title="Caller may set every field of a record",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(915,),
    sources=("Sonar S4684", "Brakeman MassAssignment", "semgrep mass-assignment", "ruff DJ006"),
    tags=("authorisation",),
    beside=("untrusted",),
    examples=[
        Example(
            bad="""
                from flask import Flask, request
                from flask_sqlalchemy import SQLAlchemy

                app = Flask(__name__)
                db = SQLAlchemy(app)

                class Seat(db.Model):
                    id = db.Column(db.Integer, primary_key=True)
                    tenant_id = db.Column(db.Integer)

                @app.post("/seats")
                def add():
                    seat = Seat(**request.get_json())
                                  ^^^^^^^^^^^^^^^^^^ the caller may set every field of `Seat`
                    db.session.add(seat)
                    db.session.commit()
                    return {}, 201
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const User = require('./models/user');

                const router = express.Router();

                router.patch('/me', requireUser, async (req, res) => {
                  const user = await User.findByIdAndUpdate(req.user.id, req.body, { new: true });
                                                                         ^^^^^^^^ the caller may set every field of `User`
                  res.json(user);
                });
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import express from 'express';
                import { PrismaClient } from '@prisma/client';

                const prisma = new PrismaClient();
                const app = express();

                app.post('/accounts', async (req, res) => {
                  res.json(await prisma.account.create({ data: { ...req.body, createdBy: req.user.id } }));
                                                                    ^^^^^^^^ the caller may set every field of `account`
                });
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const User = require('./models/user');

                const router = express.Router();

                router.patch('/me', async (req, res) => {
                  const { name, locale } = req.body;
                  await User.findByIdAndUpdate(req.user.id, { name, locale });
                  await User.create(pick(req.body, ['name']));
                });

                router.post('/', validate(newUser), async (req, res) => {
                  res.json(await User.create(req.body));
                });
            """,
        ),
        Example(
            good="""
                from flask import Flask, request
                from shop.models import User

                app = Flask(__name__)

                @app.post("/users")
                def add():
                    data = UserSchema().load(request.get_json())
                    user = User(**data)
                    return {}, 201
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    stored = stored_body(call, ctx)
    if stored is not None and stored.is_privileged:
        yield Finding(
            stored.argument.span,
            f"the caller may set every field of `{stored.model}`",
            related=ctx.born(stored.origin) if stored.origin.span != stored.argument.span else (),
        )
