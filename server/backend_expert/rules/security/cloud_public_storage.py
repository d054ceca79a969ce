"""What lies in a public bucket is read by everyone, and found by those who look for such buckets.

Keep buckets and objects private and hand out links that are signed and end soon. What is meant to
be public belongs in a bucket of its own behind a CDN, so that no invoice ever lands beside it.
(OWASP ASVS 5.0 V14.2.4, CWE-284.)

Leave it off for the bucket of a public website.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection, Expression, Text
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.deployment import is_for_development
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_PUBLIC = (
    "public-read", "public-read-write", "authenticated-read", "publicRead", "publicReadWrite",
    "authenticatedRead", "container", "blob",
)  # fmt: skip
_EVERYONE = pattern(r'"Principal"\s*:\s*(?:"\*"|\{\s*"AWS"\s*:\s*\[?\s*"\*")')
# The words of access itself, which say nothing of what is stored.
_ACCESS = pattern(r"public[-_ ]?(?:[Rr]ead|access)[\w-]*|\bpublic:|Public\w*")
_SITE = pattern(r"website|static|public|assets|cdn|media|avatar|logo", re.IGNORECASE)


@rule(
    title="Storage open to everyone",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(284, 732),
    sources=("Sonar S6265", "Sonar S6281", "checkov CKV_AWS_20"),
    tags=("cloud",),
    needs=("storage.access",),
    examples=[
        Example(
            bad="""
                import boto3

                s3 = boto3.client("s3")

                def keep(invoice):
                    s3.put_object(Bucket="invoices", Key=invoice.name, Body=invoice.pdf, ACL="public-read")
                                                                                             ^^^^^^^^^^^^^ everyone on the internet can read this
            """,
            good="""
                import boto3

                s3 = boto3.client("s3")

                def keep(invoice):
                    s3.put_object(Bucket="invoices", Key=invoice.name, Body=invoice.pdf, ACL="private")
            """,
        ),
        Example(
            bad="""
                import json
                import boto3

                s3 = boto3.client("s3")
                s3.put_bucket_policy(
                    Bucket="invoices",
                    Policy='{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]}',
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ everyone on the internet can read this
                )
                s3.put_public_access_block(
                    Bucket="invoices", PublicAccessBlockConfiguration={"BlockPublicAcls": False}
                                                                                          ^^^^^ this takes away what keeps the bucket private
                )
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import { PutObjectCommand } from '@aws-sdk/client-s3';

                export const keep = (client, invoice) =>
                  client.send(new PutObjectCommand({ Bucket: 'invoices', Key: invoice.name, ACL: 'public-read' }));
                                                                                                 ^^^^^^^^^^^^^ everyone on the internet can read this
            """,
            good="""
                import { PutObjectCommand } from '@aws-sdk/client-s3';

                export const keep = (client, invoice) =>
                  client.send(new PutObjectCommand({ Bucket: 'invoices', Key: invoice.name, ACL: 'private' }));
            """,
        ),
        Example(
            good="""
                import boto3

                s3 = boto3.client("s3")
                DENY = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*"}]}'

                def keep(page, acl):
                    s3.put_object(Bucket="shop-website", Key=page.name, Body=page.html, ACL="public-read")
                    s3.put_object(Bucket="invoices", Key=page.name, Body=page.html, ACL=acl)
                    s3.put_object(Bucket="invoices", Key=page.name, Body=page.html)
                    s3.put_bucket_policy(Bucket="invoices", Policy=DENY)
            """
        ),
        Example(
            language="javascript",
            good="""
                import { PutObjectCommand } from '@aws-sdk/client-s3';

                export const keep = (client, invoice) =>
                  client.send(new PutObjectCommand({ Bucket: 'invoices', Key: invoice.name, ACL: 'private' }));
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "storage.access")
    if meaning is None or is_for_development(ctx.file.path):
        return
    if meaning.has("public-access-block"):
        yield from _unblocked(ctx.subject(call, meaning), ctx)
    elif _is_of_site(call, ctx):
        return
    elif meaning.has("public"):
        yield Finding(call.span, "everyone on the internet can read this")
    elif meaning.has("opens"):
        yield Finding(call.span, "this takes away what keeps the bucket private")
    elif meaning.has("policy"):
        yield from _by_policy(ctx.subject(call, meaning), ctx)
    else:
        yield from _by_acl(call, meaning, ctx)


def _by_acl(call: Call, meaning: Meaning, ctx: Context) -> Iterator[Finding]:
    acl = ctx.option(call, meaning, "acl").value or ctx.subject(call, meaning)
    if acl is None or not ctx.is_constant(acl, *_PUBLIC):
        return
    fix = None
    if isinstance(acl, Text) and (acl.value or "").startswith(("public-", "authenticated-")):
        quote = ctx.source(acl)[0]
        fix = Fix("Keep it private", (ctx.replace(acl, f"{quote}private{quote}"),), is_sure=False)
    yield Finding(acl.span, "everyone on the internet can read this", fix)


def _by_policy(policy: Expression | None, ctx: Context) -> Iterator[Finding]:
    text = ctx.text_of(policy) if policy is not None else None
    if policy is None or not text or "Condition" in text or '"Deny"' in text:
        return
    if _EVERYONE.search(text):
        yield Finding(policy.span, "everyone on the internet can read this")


def _unblocked(blocks: Expression | None, ctx: Context) -> Iterator[Finding]:
    if isinstance(blocks, Collection):
        for entry in blocks.entries:
            if ctx.is_constant(entry.value, False):
                yield Finding(entry.value.span, "this takes away what keeps the bucket private")
                return


def _is_of_site(call: Call, ctx: Context) -> bool:
    """Whether the names around it say that it is meant for everyone."""
    function = ctx.function(call)
    named = ctx.source(call).replace(call.method, "", 1) + (function.name if function else "")
    return bool(_SITE.search(_ACCESS.sub("", named)))
