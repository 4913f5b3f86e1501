"""Fixtures that several rooms share."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from hypothesis import settings

from chat.config import Config
from chat.domain.ports import Store
from chat.net.log import Log
from tests.journeys.table import Table

# How long an example takes says more about the machine's other work than about
# the code.  (Where time is the claim, a test counts steps.)
settings.register_profile("steady", deadline=None)
# What lines are reached a few examples tell as well.
settings.register_profile("few", deadline=None, max_examples=15)
settings.load_profile(os.environ.get("EXAMPLES", "steady"))

SetTable = Callable[..., Table]


@pytest.fixture
def poller() -> str:
    """What the servers of the tables wait with; some rooms try the other one, too."""
    return "select"


@pytest.fixture
def set_table(poller: str) -> Iterator[SetTable]:
    """Set a table with settings of one's own; it is cleared at the end."""
    with ExitStack() as end:

        def set_it(
            *settings: str,
            log: Log | None = None,
            base: Config | None = None,
            store: Store | None = None,
        ) -> Table:
            waits_with = f"server.poller={poller}"
            table = Table(waits_with, *settings, log=log, base=base, store=store)
            return end.enter_context(closing(table))

        yield set_it


@pytest.fixture
def table(set_table: SetTable) -> Table:
    """A table of people with the settings that everybody has."""
    return set_table()
