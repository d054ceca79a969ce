"""Two ways to the same PostgreSQL: SQLAlchemy sessions, and a psycopg pool for reports."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import get_settings

SERVER_OPTIONS = "-c timezone=UTC -c statement_timeout=10s"


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """The engine of this process, with a bounded pool and bounded waiting."""
    url = make_url(get_settings().database_url).set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_size=5,
        max_overflow=5,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": SERVER_OPTIONS},
    )


@lru_cache(maxsize=1)
def get_pool() -> ConnectionPool:
    """A psycopg pool for hand-written SQL; its rows are dictionaries."""
    return ConnectionPool(
        get_settings().database_url,
        min_size=0,
        max_size=4,
        timeout=5,
        kwargs={
            "connect_timeout": 5,
            "options": SERVER_OPTIONS,
            "autocommit": True,
            "row_factory": dict_row,
        },
        open=True,
    )


@lru_cache(maxsize=1)
def session_factory() -> sessionmaker[Session]:
    """Makes sessions whose objects stay readable after the commit."""
    return sessionmaker(get_engine(), expire_on_commit=False)


def get_session() -> Iterator[Session]:
    """One session for each request; the handler says where a transaction begins and ends."""
    with session_factory()() as session:
        yield session


DbSession = Annotated[Session, Depends(get_session)]
