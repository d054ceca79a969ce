"""Some ciphers, modes and key lengths are broken: they hide the text from no one who tries.

DES, 3DES, RC4 and Blowfish are too small or leak; ECB shows which blocks are alike; an IV that is
always the same does that for whole messages; RSA below 2,048 bits can be factored. Use AES-GCM or
ChaCha20-Poly1305 with a fresh random nonce for each message. (OWASP ASVS 5.0 V11.3, CWE-327.)

Leave it off where an old peer speaks nothing else and the data is worth nothing.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Constant, Expression, Text
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.protocols import asks_for_old_crypto
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_BROKEN = pattern(r"^(des|rc2|rc4|bf|cast|idea|seed)(-|\d|$)|-ecb$|^id-des", re.IGNORECASE)
_LEAST_BITS = 2048


@rule(
    title="Broken cipher, mode or key",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(327, 326, 329),
    sources=("bandit B304", "bandit B305", "ruff S304", "ruff S305", "gosec G405", "Sonar S5542"),
    peers=("S304", "S305", "S505", "B304", "B305", "B505"),
    needs=("crypto.cipher", "crypto.key",),
    examples=[
        Example(
            bad="""
                from Crypto.Cipher import AES, DES
                from Crypto.PublicKey import RSA

                def lock(key, text):
                    old = DES.new(key, DES.MODE_CBC)
                          ^^^^^^^ this cipher is broken
                    new = AES.new(key, AES.MODE_ECB)
                                       ^^^^^^^^^^^^ this mode shows which blocks are alike
                    return old, new, RSA.generate(1024)
                                                  ^^^^ a key this short can be broken
            """,
        ),
        Example(
            bad="""
                from cryptography.hazmat.primitives.asymmetric import rsa

                KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
                                                                               ^^^^ a key this short can be broken
            """,
            good="""
                from cryptography.hazmat.primitives.asymmetric import rsa

                KEY = rsa.generate_private_key(public_exponent=65537, key_size=3072)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const crypto = require('crypto');

                function lock(key, text) {
                  const old = crypto.createCipheriv('des-ede3-cbc', key, crypto.randomBytes(8));
                                                    ^^^^^^^^^^^^^^ this cipher is broken
                  return crypto.createCipheriv('aes-256-cbc', key, '0123456789abcdef');
                                                                   ^^^^^^^^^^^^^^^^^^ the same IV for every message shows which are alike
                }
            """,
        ),
        Example(
            good="""
                import os
                from Crypto.Cipher import AES
                from Crypto.PublicKey import RSA
                from cryptography.hazmat.primitives.ciphers.aead import AESGCM

                def lock(key, text):
                    nonce = os.urandom(12)
                    return AESGCM(key).encrypt(nonce, text, None), AES.new(key, AES.MODE_GCM), RSA.generate(3072)
            """
        ),
        Example(
            language="javascript",
            good="""
                const crypto = require('crypto');

                function unlock(key, box) {
                  const iv = box.subarray(0, 12);
                  return crypto.createDecipheriv('aes-256-gcm', key, iv);
                }
            """,
        ),
        Example(
            language="javascript",
            path="src/mail/ntlm.js",
            good="""
                const crypto = require('crypto');

                function lmBlock(key, text) {
                  return crypto.createCipheriv('des-ecb', key, '').update(text);
                }
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if asks_for_old_crypto(call, ctx):
        return
    meaning = ctx.meaning(call, "crypto.cipher", "crypto.key")
    if meaning is None:
        return
    if meaning.role == "crypto.key":
        yield from _short_key(call, meaning, ctx)
        return
    if meaning.has("weak"):
        what = "mode shows which blocks are alike" if call.method == "ECB" else "cipher is broken"
        yield Finding(call.callee.span, f"this {what}")
        return
    algorithm = ctx.option(call, meaning, "algorithm").value
    name = ctx.text_of(algorithm) if algorithm is not None else None
    if algorithm is not None and name and _BROKEN.search(name):
        is_mode = name.lower().startswith("aes")
        what = "mode shows which blocks are alike" if is_mode else "cipher is broken"
        yield Finding(algorithm.span, f"this {what}")
        return
    mode = ctx.option(call, meaning, "mode").value
    if mode is not None and _is_weak(mode, ctx):
        yield Finding(mode.span, "this mode shows which blocks are alike")
    iv = ctx.option(call, meaning, "iv").value
    if iv is not None and "Decipher" not in call.method and _is_fixed(iv, ctx):
        yield Finding(iv.span, "the same IV for every message shows which are alike")


def _short_key(call: Call, meaning: Meaning, ctx: Context) -> Iterator[Finding]:
    bits = ctx.option(call, meaning, "bits").value
    known = ctx.value(bits).node if bits is not None else None
    if bits is None or not isinstance(known, Constant) or not isinstance(known.value, int):
        return
    if 256 < known.value < _LEAST_BITS:
        fix = None
        if isinstance(bits, Constant):
            fix = Fix("Make it 3,072 bits long", (ctx.replace(bits, "3072"),))
        yield Finding(bits.span, "a key this short can be broken", fix)


def _is_weak(mode: Expression, ctx: Context) -> bool:
    known = ctx.file.flow.catalogue.value(ctx.name(mode))
    return known is not None and "weak" in known.traits


def _is_fixed(iv: Expression, ctx: Context) -> bool:
    """Whether an IV is written out; an empty text stands for none."""
    if isinstance(iv, Call) and iv.method in ("from", "alloc"):
        return isinstance(iv.argument(0), Constant | Text)
    return bool(ctx.text_of(iv))
