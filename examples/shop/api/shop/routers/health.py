"""Is the process alive, and is it ready for work?"""

import logging

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shop.database import DbSession

logger = logging.getLogger(__name__)

router = APIRouter(tags=["health"])


@router.get("/livez")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(session: DbSession, response: Response) -> dict[str, str]:
    """The database answers too."""
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        logger.warning("not ready: the database does not answer", exc_info=True)
        response.status_code = 503
        return {"status": "database unreachable"}
    return {"status": "ok"}
