"""Passwords: checked against what nobody can read them from."""

import pytest

from chat.passwords import flaw, hashed, is_hashed, is_weak, verify

# RFC 7914, section 12: the vector for "pleaseletmein", whose hash has 64 bytes.
RFC = (
    "scrypt$16384$8$1$U29kaXVtQ2hsb3JpZGU=$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRd"
    "ofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw=="
)


def test_it_is_what_the_standard_says() -> None:
    assert verify("pleaseletmein", RFC)


def test_the_right_password_and_no_other_fits() -> None:
    line = hashed("open sesame")
    assert is_hashed(line)
    assert verify("open sesame", line)
    assert not verify("Open sesame", line)
    assert not verify("", line)


def test_no_two_lines_are_equal_and_none_holds_the_password() -> None:
    one, two = hashed("sesame"), hashed("sesame")
    assert one != two
    assert "sesame" not in one


def test_however_it_is_typed_it_is_the_same() -> None:
    line = hashed("Zo\u00eb\u00a0x")
    assert verify("Zoe\u0308 x", line)


@pytest.mark.parametrize("password", ["", "a\nb", "\x00"])
def test_what_cannot_be_a_password_is_explained(password: str) -> None:
    with pytest.raises(ValueError, match=r"^a password is text, and not empty$"):
        hashed(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        pytest.param("sesame", "", id="just long enough"),
        pytest.param("Zoe\u0308's Zoë", "", id="in other letters"),
        pytest.param("x" * 300, "", id="long"),
        pytest.param("", "it has fewer than 6 characters", id="nothing"),
        pytest.param("ahorn", "it has fewer than 6 characters", id="short"),
        pytest.param("ë" * 151, "it is longer than 300 bytes", id="too long"),
        pytest.param(
            "sb-sesame", "it begins with sb-, like an invitation", id="a token"
        ),
        pytest.param(
            "open\0sesame",
            "it holds characters that passwords cannot have",
            id="no text",
        ),
    ],
)
def test_what_somebody_may_choose(password: str, why: str) -> None:
    assert flaw(password) == why
    assert is_weak(password) == (len(password) < 6)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param("open sesame", id="a plain password"),
        pytest.param("scrypt$16384$8$1$c2FsdA==", id="no hash"),
        pytest.param("scrypt$16383$8$1$c2FsdA==$aGFzaA==", id="no power of 2"),
        pytest.param("scrypt$1$8$1$c2FsdA==$aGFzaA==", id="for nothing"),
        pytest.param("scrypt$16384$0$1$c2FsdA==$aGFzaA==", id="without blocks"),
        pytest.param("scrypt$16384$8$0$c2FsdA==$aGFzaA==", id="never"),
        pytest.param("scrypt$8388608$8$1$c2FsdA==$aGFzaA==", id="8 GiB"),
        pytest.param("scrypt$16384$8$1$c2FsdA==$aGFzaA==\n", id="two lines"),
        pytest.param("scrypt$16384$8$1$c2FsdA=$aGFzaA==", id="bad base64"),
        pytest.param("scrypt$١٦٣٨٤$8$1$c2FsdA==$aGFzaA==", id="other digits"),
    ],
)
def test_other_lines_fit_no_password(line: str) -> None:
    assert not is_hashed(line)
    assert not verify("open sesame", line)
