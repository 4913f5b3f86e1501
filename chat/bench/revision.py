"""A revision: another state of this repository, in a folder of its own for a while."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[2]


class Unknown(Exception):
    """There is no such revision, or no git to ask; in git's words."""


@contextmanager
def checked_out(revision: str, root: Path = ROOT) -> Iterator[Path]:
    """A folder with that *revision*, which is gone afterwards.

    Raises:
        Unknown: there is none.
    """
    with TemporaryDirectory(prefix="chat-revision-") as folder:
        place = Path(folder) / "source"
        _git(root, "worktree", "add", "--detach", str(place), revision)
        try:
            yield place
        finally:
            _git(root, "worktree", "remove", "--force", str(place))


def _git(root: Path, *arguments: str) -> None:
    try:
        subprocess.run(  # noqa: S603 - git, with words of who measures
            ["git", "-C", str(root), *arguments],  # noqa: S607 - whichever git it is
            capture_output=True,
            check=True,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        raise Unknown(error.stderr.strip()) from None
    except FileNotFoundError:
        raise Unknown("there is no git on this machine") from None
