"""A revision: in a folder of its own, which is gone afterwards."""

import subprocess
from pathlib import Path

import pytest

from chat.bench import revision
from chat.bench.revision import Unknown, checked_out


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=ann", "-c", "user.email=ann@example.org"]
    return subprocess.run(  # noqa: S603 - git, in a folder of the test
        ["git", "-C", str(root), *who, *arguments],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A file whose second state is 'new'."""
    git(tmp_path, "init", "--quiet")
    for state in ("old", "new"):
        (tmp_path / "file").write_text(state)
        git(tmp_path, "add", "file")
        git(tmp_path, "commit", "--quiet", "--message", state)
    return tmp_path


@pytest.mark.slow
def test_it_is_there_for_a_while(repository: Path) -> None:
    with checked_out("HEAD~1", repository) as folder:
        assert (folder / "file").read_text() == "old"
        assert (repository / "file").read_text() == "new"
    assert not folder.exists()
    assert len(git(repository, "worktree", "list").splitlines()) == 1


def test_one_that_is_not_there_is_told_of(repository: Path) -> None:
    with pytest.raises(Unknown, match="nowhere"), checked_out("nowhere", repository):
        pytest.fail("there is none")


def test_without_git_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unknown, match="no git"), checked_out("HEAD", revision.ROOT):
        pytest.fail("there is none")
