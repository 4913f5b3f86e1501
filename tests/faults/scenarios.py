"""The table of all scenarios, in the order of the groups."""

from typing import Final

from tests.faults.load import LOAD
from tests.faults.readers import READERS

SCENARIOS: Final = (*LOAD, *READERS)
