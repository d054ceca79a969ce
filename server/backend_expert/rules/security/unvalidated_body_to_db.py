"""A request body goes into the database as it came: any field, any type, any length.

What the code reads later was chosen by a stranger: a number where text was meant, an object where
an id was, ten megabytes of name. Check the body against a schema at the door, and store what the
schema gave back.

Leave it off where the caller is another service of yours that checked it, or the gateway in front
checks bodies against the API's description.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.bodies import stored_body


@rule(
    title="Request body stored without a check",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(20,),
    tags=("validation",),
    beside=("untrusted",),
    examples=[
        Example(
            bad="""
                from flask import Flask, request
                from shop.models import Review

                app = Flask(__name__)

                @app.post("/reviews")
                def add():
                    data = request.get_json()
                    review = Review(**data)
                                      ^^^^ the request body is stored in `Review` unchecked
                    return {"id": review.id}, 201
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const Review = require('../models/review');

                const router = express.Router();

                router.post('/reviews', async (req, res) => {
                  const review = await Review.create(req.body);
                                                     ^^^^^^^^ the request body is stored in `Review` unchecked
                  res.status(201).json(review);
                });
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const Review = require('../models/review');

                const router = express.Router();

                router.post('/reviews', validate(reviewSchema), async (req, res) => {
                  res.json(await Review.create(req.body));
                });
                router.put('/reviews/:id', async (req, res) => {
                  const body = reviewSchema.parse(req.body);
                  res.json(await Review.findByIdAndUpdate(req.params.id, body));
                });
                router.get('/reviews', async (req, res) => res.json(await Review.find(req.body)));

                exports.create = async (req, res) => res.json(await Review.create(req.body));
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI
                from flask import Flask, request
                from shop.models import Review
                from shop.forms import ReviewForm

                app = Flask(__name__)
                api = FastAPI()

                @app.post("/reviews")
                def add():
                    form = ReviewForm(request.form)
                    if form.validate():
                        review = Review(**form.data)
                    return {}, 201

                @api.post("/reviews")
                def add_typed(payload: NewReview):
                    return Review(**payload.model_dump())
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    stored = stored_body(call, ctx)
    if stored is not None and not stored.is_privileged:
        yield Finding(
            stored.argument.span,
            f"the request body is stored in `{stored.model}` unchecked",
            related=ctx.born(stored.origin) if stored.origin.span != stored.argument.span else (),
        )
