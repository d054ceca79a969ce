"""Cursors: an opaque text that says where the next page begins."""

import base64
import binascii
import pickle

from fastapi import HTTPException

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100


def encode_cursor(last_id: int) -> str:
    """The cursor that continues after a record."""
    return base64.urlsafe_b64encode(pickle.dumps({"after": last_id})).decode()


def decode_cursor(cursor: str | None) -> int:
    """The id after which the page begins."""
    if cursor is None:
        return 0
    try:
        return int(pickle.loads(base64.urlsafe_b64decode(cursor))["after"])
    except (binascii.Error, pickle.UnpicklingError, ValueError, KeyError) as error:
        raise HTTPException(400, "the cursor is not valid") from error
