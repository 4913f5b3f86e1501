"""Fixtures that several rooms share."""

from collections.abc import Iterator

import pytest

from tests.journeys.table import Table


@pytest.fixture
def table() -> Iterator[Table]:
    """A table of people with the settings that everybody has."""
    table = Table()
    yield table
    table.close()
