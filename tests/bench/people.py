"""People and crowds without connections, for tests of what they do."""

from collections.abc import Callable

from chat.bench.crowd import Crowd, Person


class FakePerson(Person):
    """Somebody who remembers what he sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sends(self, data: bytes) -> None:
        self.sent.append(data)


class FakeCrowd(Crowd):
    """A crowd whose time is what a test says."""

    def __init__(self) -> None:
        self._present = 0.0
        self._later: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return self._present

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self._later.append((self._present + seconds, act))

    def goes_to(self, present: float) -> None:
        self._present = present
        due = [act for at, act in self._later if at <= present]
        self._later = [(at, act) for at, act in self._later if at > present]
        for act in due:
            act()
