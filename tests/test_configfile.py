"""The configuration file: read, complained of with a line, written, compared."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.config import Config, WrongConfig, configured
from chat.configfile import changed, line_of, read, written
from chat.sections import AdminConfig, LimitsConfig, Operator, ServerConfig
from tests.test_rules import HASH

BURST = "limits.burst: it has to be a whole number from 1 to 2147483647"


def a_file(folder: Path, text: str) -> Path:
    file = folder / "chat.toml"
    file.write_text(text, newline="")
    return file


def complaint(file: Path) -> str:
    """What is said of *file*, from the number of the line on."""
    with pytest.raises(WrongConfig) as wrong:
        read(file)
    assert str(wrong.value).startswith(f"{file}:")
    return str(wrong.value).removeprefix(f"{file}:")


def test_a_file_is_read_over_the_defaults(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        f"""
        listen = ["2428", "0.0.0.0:6667"]
        greet_after = 1
        server.motd = '''
Hello.
Be kind.'''
        [limits]
        burst = 40          # a comment
        [[operator]]
        name = "alice"
        password = "{HASH}"
        [admin]
        "email" = "root@here"
        """,
    )
    assert read(file) == Config(
        listen=("2428", "0.0.0.0:6667"),
        greet_after=1.0,
        server=ServerConfig(motd="Hello.\nBe kind."),
        limits=LimitsConfig(burst=40),
        operator=(Operator("alice", HASH),),
        admin=AdminConfig(email="root@here"),
    )


def test_what_the_file_does_not_set_stays_as_it_was(tmp_path: Path) -> None:
    over = Config(greet_after=2.0)
    assert read(a_file(tmp_path, "limits.burst = 3"), over) == Config(
        greet_after=2.0, limits=LimitsConfig(burst=3)
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("limits.burst = 0", 1, id="a dotted key"),
        pytest.param("[limits]\nburst = 0", 2, id="a table"),
        pytest.param("[limits]\r\nburst = 0\r\n", 2, id="lines of Windows"),
        pytest.param(
            "\n# burst = 0\n\n[limits]\nburst = 0\n", 5, id="behind a comment"
        ),
        pytest.param("limits = { enabled = true, burst = 0 }", 1, id="inline"),
        pytest.param('"limits"."burst" = 0', 1, id="quoted keys"),
        pytest.param("[ 'limits' ]\n 'burst' = 0", 2, id="a quoted table"),
        pytest.param('[limits]\n"bu\\u0072st" = 0', 2, id="an escape in a key"),
        pytest.param(
            '[server]\nmotd = """\n[limits]\nburst = 0\n"""\n[limits]\nburst = 0',
            7,
            id="not in a text of several lines",
        ),
        pytest.param(
            "[server]\nnetwork = 'burst = 0'\n[limits]\nburst = 0",
            4,
            id="not in a text of one line",
        ),
        pytest.param(
            "server.name = 'x' # ''' \nlimits.burst = 0", 2, id="quotes in a comment"
        ),
        pytest.param(
            "[limits]\nnick_length = 3\n\nper_address = 1\nburst = 0\n",
            5,
            id="the last",
        ),
    ],
)
def test_a_bad_value_is_told_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    assert complaint(a_file(tmp_path, text)) == f"{line}: {BURST}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "greet_after = 1\n[limts]\nburst = 3",
            "2: limts: there is no such setting; did you mean limits?",
            id="a table with a slip",
        ),
        pytest.param(
            "[limits]\n\nbrust = 3",
            "3: limits.brust: there is no such setting; did you mean limits.burst?",
            id="a key with a slip",
        ),
        pytest.param(
            "listen = [\n  '2428',\n  'here',\n]",
            "1: listen: here: a port is a number from 0 to 65535",
            id="a list over several lines",
        ),
        pytest.param(
            f"[[operator]]\nname='a'\npassword='{HASH}'\n\n[[operator]]\n"
            "name='b'\npassword='b'",
            "7: operator.password: it has to be a line that chatd hash-password"
            " has printed",
            id="the second of two tables",
        ),
        pytest.param(
            f"[[operator]]\nname='a'\npassword='{HASH}'\n[limits]\n[[operator]]\nname='b'",
            "5: operator: it needs a password",
            id="what the second does not have",
        ),
        pytest.param(
            "[[operator]]\n[operator.name]\n",
            '2: operator.name: it has to be a text in quotes, "like this"',
            id="a table in a table of a list",
        ),
        pytest.param(
            f"operator = [{{name='a', password='{HASH}'}},\n {{name='b b'}}]",
            "1: operator.name: it has to be one word",
            id="tables in a list",
        ),
        pytest.param(
            "[greet_after]\n",
            "1: greet_after: it has to be a number from 0 to 2147483647",
            id="a table for a value",
        ),
        pytest.param(
            "[server]\n[limits]\nburst = 3\n[server.name]\n",
            '4: server.name: it has to be a text in quotes, "like this"',
            id="a table below one that is set",
        ),
        pytest.param("\nburst = = 3", "2: Invalid value", id="no TOML"),
        pytest.param("\nlisten = ['2428',\n", "2: Invalid value", id="unfinished"),
        pytest.param(
            "greet_after = 1\ngreet_after = 2",
            "2: Cannot overwrite a value",
            id="twice",
        ),
        pytest.param("a = " + "[" * 9999, " it is nested too deeply", id="a hole"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    assert complaint(a_file(tmp_path, text)) == said


def test_a_number_without_end_is_no_fault_of_ours(tmp_path: Path) -> None:
    file = a_file(tmp_path, f"[limits]\nburst = {'9' * 6000}")
    assert complaint(file).startswith(" Exceeds the limit")


def test_a_file_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "chat.toml"
    file.write_bytes(b"greet_after = 1\n[server]\nmotd = '\xff'")
    assert complaint(file) == "3: this is not UTF-8"


def test_a_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    assert complaint(tmp_path / "none") == " No such file or directory"


KEYS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple)


@given(st.lists(KEYS, min_size=1, max_size=6, unique=True), st.data())
def test_the_line_is_that_of_the_key(
    keys: list[tuple[str, ...]], data: st.DataObject
) -> None:
    """Dotted keys among texts that look like them, none of which hides another."""
    keys = [key for key in keys if not any(key[: len(x)] == x != key for x in keys)]
    filler = st.sampled_from(["", "# a.b = 1\n", "\n"])
    text, lines = "", {}
    for key in keys:
        text += data.draw(filler)
        lines[key] = text.count("\n") + 1
        text += ".".join(key) + ' = """\na = 1\n"""\n'
    assert {key: line_of(key, text) for key in keys} == lines


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
CONFIGS = st.builds(
    Config,
    listen=st.sampled_from([("2428",), ("1", "[::1]:2")]),
    data=TEXTS.filter(str.isprintable),
    greet_after=st.floats(0, 1e9),
    server=st.builds(
        ServerConfig,
        network=TEXTS.filter(str.isprintable),
        motd=TEXTS,
        password=st.sampled_from(["", "open sesame", HASH]),
    ),
    limits=st.builds(
        LimitsConfig, enabled=st.booleans(), burst=st.integers(1, 2**31 - 1)
    ),
    operator=st.lists(st.just(Operator("alice", HASH)), max_size=3).map(tuple),
)


@given(CONFIGS)
def test_what_is_written_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, config: Config
) -> None:
    file = tmp_path_factory.getbasetemp() / "written.toml"
    file.write_text(written(config), newline="")
    assert read(file) == config


def test_what_is_written_is_harmless_to_look_at() -> None:
    config = Config(server=ServerConfig(motd="a\r\n\x1b[2J\x7f\x9b\u2028\u202e"))
    text = written(config)
    assert r'motd = "a\r\n\u001b[2J\U0000007f\U0000009b\U00002028\U0000202e"' in text
    assert [each for each in text if not each.isprintable() and each != "\n"] == []


def test_it_is_written_to_be_read() -> None:
    assert written(Config()).startswith(
        """\
# Every setting, what it means and what it is now.

# where to listen, as in `--listen`
listen = ["2428"]
"""
    )
    assert "\n\n[limits]\n\n# `false` lifts the limits" in written(Config())
    assert written(Config()).endswith(
        '# [[operator]]\n# name = "alice"\n# password = "scrypt$..."\n'
    )


def test_a_running_server_follows_as_far_as_it_can() -> None:
    old = configured(["limits.burst=20"])
    new = configured(
        [
            "limits.burst=40",
            "server.name=elsewhere",
            "server.motd=a\nb",
            "server.password=sesame",
            "limits.enabled=false",
            "listen=1,2",
        ]
    )
    assert changed(old, new) == (
        configured(
            [
                "limits.burst=40",
                "server.motd=a\nb",
                "server.password=sesame",
                "limits.enabled=false",
            ]
        ),
        [
            "listen cannot change while running",
            "server.name cannot change while running",
            r'server.motd: "" -> "a\nb"',
            "server.password: changed",
            "limits.enabled: true -> false",
            "limits.burst: 20 -> 40",
        ],
    )


def test_the_same_is_no_change() -> None:
    assert changed(Config(), Config()) == (Config(), [])
