"""Amounts are exact: held against fractions, under hostile decimal contexts, over long sums."""

import decimal
import functools
import operator
import re
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort
from peer_ledger.errors import InvalidValue
from peer_ledger.values.hours import PLAIN, exact, exact_hashable, plain, total

# A busy machine is no fault of a test.

SIGNALS = [
    decimal.Clamped,
    decimal.DivisionByZero,
    decimal.FloatOperation,
    decimal.Inexact,
    decimal.InvalidOperation,
    decimal.Overflow,
    decimal.Rounded,
    decimal.Subnormal,
    decimal.Underflow,
]
CONTEXTS = {
    "usual": decimal.Context(),
    "precision 3, every trap set": decimal.Context(prec=3, Emin=-3, Emax=3, traps=SIGNALS),
    "precision 1, rounding up, no trap": decimal.Context(prec=1, rounding=decimal.ROUND_UP, traps=[]),
}
in_any_context = pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS.keys())


@contextmanager
def nothing_remembered():
    """Forget which amounts were taken before, so that the value itself is judged."""
    exact_hashable.cache_clear()
    yield
    exact_hashable.cache_clear()


def millionths(amount: Fraction) -> str:
    """Write an amount by whole numbers alone: the oracle for the canonical form."""
    whole, part = divmod(int(amount * 10**6), 10**6)
    return f"{whole}.{part:06}".rstrip("0").rstrip(".")


wholes = st.sampled_from([0, 1, 9, 10, 99, 100, 1000, 999_999, 1_000_000, 9_999_999]) | st.integers(0, 9_999_999)
parts = st.sampled_from(["", "0", "5", "50", "25", "375", "000001", "999999", "100000"]) | st.text(
    "0123456789", max_size=6
)
written = st.builds(lambda whole, part: f"{whole}.{part}" if part else str(whole), wholes, parts)


@in_any_context
def test_an_amount_is_exactly_the_fraction_it_was_written_as(context):
    """Whatever the caller's decimal context is, text, Decimal and whole number give the fraction that was written."""

    @effort(150)
    @given(written)
    @example("9999999.999999")
    @example("1234.567")
    @example("0.000001")
    def check(text):
        with decimal.localcontext(context), nothing_remembered():
            assert Fraction(text) == Fraction(exact(text))
            assert Fraction(text) == Fraction(exact(Decimal(text)))
            assert Fraction(text) == Fraction(exact(exact(text)))
            if "." not in text:
                assert Fraction(text) == Fraction(exact(int(text)))

    check()


@in_any_context
def test_equal_amounts_are_written_alike(context):
    """An amount has one form: the shortest digits, without exponent, sign or trailing zeros."""

    @effort(150)
    @given(written, st.integers(0, 9))
    @example("20", 0)
    @example("0.000000", 0)
    @example("100.50", 3)
    def check(text, zeros):
        expected = millionths(Fraction(text))
        point = "" if "." in text else "."
        with decimal.localcontext(context), nothing_remembered():
            for value in (text, Decimal(text), Decimal(text + point + "0" * zeros) if Fraction(text) else Decimal(0)):
                assert expected == plain(exact(value)) == str(exact(value))
                assert f"Decimal('{expected}')" == repr(exact(value))

    check()


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        (
            "1.5",
            ["1.5", "1.50", "1.500000", Decimal("1.5"), Decimal("15E-1"), Decimal("0.15E+1"), Decimal("1.5000000000")],
        ),
        ("20", [20, "20", "20.0", "20.00", Decimal("2E+1"), Decimal(20), Decimal("20.000")]),
        ("9000000", [9_000_000, "9000000", Decimal("9E+6")]),
        ("0.000001", ["0.000001", Decimal("1E-6"), Decimal("0.0000010")]),
        ("0.1", ["0.1", "0.10", Decimal("0.1"), Decimal("100E-3")]),
    ],
)
def test_known_amounts_have_these_forms(expected, values):
    """The forms of amounts that occur were written down by hand."""
    with nothing_remembered():
        assert [expected] * len(values) == [str(exact(value)) for value in values]


@pytest.mark.parametrize(
    "zero", ["0", "-0", "0.000000", "-0.00", "0E+3", "0E+999999", "0E-6", "0E-7", "0E-8", "0E-999999"]
)
def test_nothing_is_zero_however_it_is_held(zero):
    """A Decimal equal to 0 is the amount 0, whatever its sign and exponent."""
    with nothing_remembered():
        assert str(exact(Decimal(zero))) == "0"


@effort(200)
@given(
    st.builds(
        lambda digits, exponent: Decimal((0, digits, exponent)),
        st.sampled_from([(0,), (0, 0), (1, 0), (1, 5), (1, 5, 0, 0)]),
        st.integers(-12, 7),
    )
)
@example(Decimal("0E-8"))
@example(Decimal("1.50000000"))
def test_an_amount_does_not_depend_on_what_was_asked_before(value):
    """The same value is taken or refused alike, whether or not an equal one was taken before it."""

    def answer():
        try:
            return str(exact(value))
        except InvalidValue:
            return "refused"

    with nothing_remembered():
        first = answer()
    with nothing_remembered():
        exact(int(value) if value == int(value) and value < 10**7 else 0)
        for equal in (value.normalize(), value + Decimal(0), Decimal(0)):
            try:
                exact(equal)
            except InvalidValue:
                continue
        assert first == answer()


@effort(100)
@given(written)
def test_what_is_written_reads_back(text):
    """An amount written with `plain` has the form that the schema asks for, and reads back as the same."""
    amount = exact(text)
    assert re.fullmatch(PLAIN, plain(amount))
    assert amount == exact(plain(amount))


def test_plain_never_writes_an_exponent():
    """Amounts are written in digits even where `str` of a Decimal uses an exponent."""
    assert [plain(Decimal(text)) for text in ("2E+1", "1E-7", "1E+6", "0")] == ["20", "0.0000001", "1000000", "0"]


def test_a_hundred_thousand_tenths_are_ten_thousand():
    """No sum drifts: 100,000 times 0.1 is 10,000, added at once or one by one, where binary floats are off."""
    tenth = exact("0.1")
    assert functools.reduce(operator.add, [0.1] * 100_000) != 10_000  # a plain sum is compensated since Python 3.12
    with decimal.localcontext(CONTEXTS["precision 3, every trap set"]):
        assert str(total([tenth] * 100_000)) == "10000"
        running = exact(0)
        for _ in range(100_000):
            running = total((running, tenth))
        assert str(running) == "10000"


@in_any_context
def test_a_sum_is_the_sum_of_fractions(context):
    """Sums are exact in any order and in any context, also beyond the largest single amount."""

    @effort(100)
    @given(st.lists(written, max_size=30))
    @example(["9999999.999999"] * 30)
    @example(["0.000001", "9999999", "1234.5"])
    def check(texts):
        expected = sum(map(Fraction, texts), Fraction(0))
        with decimal.localcontext(context):
            amounts = [exact(text) for text in texts]
            assert expected == Fraction(total(amounts))
            assert millionths(expected) == str(total(reversed(amounts)))

    check()


def test_the_sum_of_no_amounts_is_zero():
    """An empty sum is 0, not an error, and an iterator is as good as a list."""
    assert str(total([])) == "0"
    assert str(total(iter([Decimal("1.5"), Decimal(2)]))) == "3.5"


def test_a_sum_refuses_more_than_six_decimals():
    """What `exact` would refuse is not rounded into a sum."""
    with pytest.raises(InvalidValue, match="at most 6 digits after the point"):
        total([Decimal("0.0000001")])


@pytest.mark.parametrize(
    "value", [1.5, True, Decimal("-1.5"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")], ids=repr
)
def test_a_sum_refuses_what_is_no_amount(value):
    """A float, a flag, a negative or a number that is not finite does not slip into a sum."""
    with pytest.raises(InvalidValue):
        total([Decimal(1), value])


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5, "1.5"), (0.1, "0.1"), (20.0, "20.0"), (0.0, "0.0"), (22.5, "22.5"), (0.30000000000000004, None)],
)
def test_a_float_is_refused_with_the_way_to_write_it(value, text):
    """A binary float is never taken, and the message shows the text that would be, which indeed is."""
    with pytest.raises(InvalidValue) as caught:
        exact(value)
    if text is None:
        expected = "0.30000000000000004 is a binary float, not an exact amount; use a text such as '1.5' or a Decimal"
    else:
        expected = f"{text} is a binary float and cannot hold every decimal; use '{text}' or Decimal('{text}')"
        assert Fraction(text) == Fraction(exact(text)) == Fraction(exact(Decimal(text)))
    assert expected == str(caught.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -1.5, -0.0, 1e22, 1e-7, 5e-324], ids=repr)
def test_a_float_that_is_no_amount_gets_no_such_advice(value):
    """The message does not advise to write what would be refused as well."""
    with pytest.raises(
        InvalidValue, match=r"is a binary float, not an exact amount; use a text such as '1\.5' or a Decimal$"
    ):
        exact(value)


@in_any_context
@pytest.mark.parametrize(
    "value",
    [
        *(Decimal(text) for text in ("NaN", "-NaN", "NaN123", "sNaN", "-sNaN", "Infinity", "-Infinity")),
        *(Decimal(text) for text in ("-1", "-0.000001", "-1E+999999", "-1E-999999")),
        *(
            Decimal(text)
            for text in ("1E+7", "1E+999999", "1E-7", "1E-999999", "1.0000001", "9999999.9999999", "0.00000050")
        ),
        *(-1, 10**7, -(10**40), 10**40, 10**5000),
        *(True, False, None, b"1.5", [1], {"amount": 1}, (1,), Fraction(3, 2), 1.5j, object),
    ],
    ids=lambda value: repr(value) if not isinstance(value, int) or abs(value) < 10**9 else "huge",
)
def test_what_is_no_amount_is_refused(value, context):
    """Not finite, negative, too large, too fine or no number: refused with a short sentence, in any context."""
    with decimal.localcontext(context), nothing_remembered(), pytest.raises(InvalidValue) as caught:
        exact(value)
    assert 10 < len(str(caught.value)) < 200
    assert "an amount" in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "0",
        "0.000001",
        "9999999",
        "9999999.999999",
        0,
        9_999_999,
        Decimal("9999999.999999"),
        Decimal("9999999.99999900"),
    ],
    ids=repr,
)
def test_the_least_and_the_largest_amount_are_taken(value):
    """Up to 7 digits before the point and 6 after it is within the limits, to the last digit."""
    with nothing_remembered():
        assert Fraction(str(value)) == Fraction(exact(value))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        " 1.5",
        "1.5 ",
        "1.5\n",
        "\n1",
        "1 000",
        "1_000",
        ".5",
        "5.",
        "01",
        "00",
        "1.5.5",
        "+1",
        "-1",
        "--1",
        "1e3",
        "1E3",
        "1.0000000",
        "10000000",
        "0x10",
        "NaN",
        "inf",
        "Infinity",
        "∞",
        "½",
        "٣",
        "１.５",
        "1٫5",
        "1.٥",
        "²",
        "1h",
        "Jane Doe",
        "1.5\x00",
        "1\ud800",
    ],
    ids=ascii,
)
def test_a_text_that_is_not_plain_digits_is_refused(text):
    """Exponents, signs, separators, blanks, other scripts and words are refused, and words are not repeated."""
    with pytest.raises(InvalidValue, match=r"an amount is written in digits such as '1\.5' or '20', not ") as caught:
        exact(text)
    assert "Jane" not in str(caught.value)
    assert "write the decimal point" not in str(caught.value)


@pytest.mark.parametrize("text", ["1,5", "22,50", "1,000"])
def test_a_decimal_comma_is_refused_with_advice(text):
    """A comma is never guessed to be a decimal point or a separator of thousands; the message says what to write."""
    expected = f"an amount is written in digits such as '1.5' or '20', not '{text}'; write the decimal point as '.'"
    with pytest.raises(InvalidValue) as caught:
        exact(text)
    assert expected == str(caught.value)


decimals = st.builds(
    lambda sign, digits, exponent: Decimal((sign, tuple(digits), exponent)),
    st.integers(0, 1),
    st.lists(st.integers(0, 9), min_size=1, max_size=12),
    st.integers(-15, 15) | st.sampled_from([-(10**6), 10**6, 10**9, -(10**9)]),
)


@effort(300)
@given(
    decimals
    | st.decimals()
    | st.floats()
    | st.integers()
    | st.text()
    | st.text("0123456789.,eE+- ")
    | st.booleans()
    | st.none()
    | st.binary()
    | st.lists(st.integers())
)
def test_anything_is_an_amount_in_its_form_or_refused(value):
    """Whatever is given, what comes out is its exact canonical amount or `InvalidValue`, never another error."""
    with nothing_remembered():
        try:
            amount = exact(value)
        except InvalidValue:
            return
    assert Decimal is type(amount)
    assert Fraction(value) == Fraction(amount)
    assert 0 <= amount < 10**7
    assert millionths(Fraction(value)) == str(amount)
    assert not isinstance(value, bool | float)
