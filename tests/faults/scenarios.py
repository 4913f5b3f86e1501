"""The table of all scenarios, in the order of the groups."""

from typing import Final

from tests.faults.disks import DISKS
from tests.faults.exhaustion import EXHAUSTION
from tests.faults.load import LOAD
from tests.faults.malformed import MALFORMED
from tests.faults.outages import OUTAGES
from tests.faults.readers import READERS

SCENARIOS: Final = (*LOAD, *READERS, *EXHAUSTION, *MALFORMED, *DISKS, *OUTAGES)
