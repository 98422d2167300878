"""Whose a tracking number looks like, what is odd about a mistyped one, and what a text names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.number_shapes import s10_check
from monitor.core.numbers import carriers_of, is_untracked, looks_mistyped, numbers_in


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RECOGNISED = [
    # the posts
    ("RB123456785GB", "upu post-gb"),
    ("RB123456785CV", "upu post-cv"),
    ("UG251350054MV", "upu post-mv"),
    ("RR123456785EE", "upu post-ee"),
    ("RB123456785US", "upu post-us usps"),
    ("CD123456785ES", "upu post-es correos"),
    ("LA123456785FR", "upu post-fr laposte"),
    ("CY123456785DE", "upu post-de dhl"),
    ("ZZ473124829CN", "upu post-cn"),
    ("RB000000005XK", "upu post-xk"),  # eleven stands for five
    ("RB410000010CN", "upu post-cn"),  # ten stands for nought
    ("RB123456784GB", ""),
    ("RB123456785XX", ""),
    ("UG336196744YP", "yanwen"),
    # UPS
    ("1Z999AA10123456784", "ups"),
    ("1Z5R89390357567127", "ups"),
    ("1ZXX3150YW44070023", "ups"),
    ("1Z999AA10123456785", ""),
    ("1Z1111111111111111", ""),
    ("2Z999AA10123456784", ""),
    ("1Z999AA1012345678A", ""),
    ("K1506235620", "ups"),
    ("V0490119172", "ups"),
    ("K1506235622", ""),
    ("B1506235620", ""),
    # USPS
    ("9400111206206406260787", "usps"),
    ("9505 5110 6960 5048 6006 24", "usps"),
    ("92748931507708513018050063", "usps"),
    ("420 22153 9101026837331000039521", "usps"),
    ("4201002334249200190132607600833457", "usps"),
    ("4200000192748931507708513018050063", "usps"),
    ("0307 1790 0005 2348 3741", "usps"),
    ("7196 9010 7560 0307 7385", "usps"),  # its 91 is left out
    ("9400111206206406260788", ""),
    ("9000111206206406260787", ""),
    ("0307 1790 0005 2348 3742", ""),
    ("940011120620640626078700000000", "usps"),
    # FedEx
    ("986578788855", "fedex"),
    ("5682 8361 0012 734", "fedex"),
    ("00 0123 4500 0000 0027", "fedex"),
    ("9611020987654312345672", "fedex"),
    ("32971514560102447849175802862014", "fedex"),
    ("1001921334250001000300779017972697", "fedex"),
    ("9622001560001234567100794808390594", "fedex"),
    ("986578788857", ""),
    ("5682 8361 0012 732", ""),
    # DHL
    ("3318810025", "dhl"),
    ("3318810010", ""),
    ("00340434161094015902", "dhl"),
    ("00340434161094015903", ""),
    ("JJD0099999999", "dhl"),
    ("JVGL0999999990", "dhl"),
    ("XJD0099999998", ""),
    ("JD012345678901234567", "dhl"),
    ("JJD012345678901234567", "dhl"),
    ("JJD01234567890123456789", "dhl"),
    ("GM295117494011169042", "dhl"),
    ("GM9E44608A27984866BA2D", "dhl"),
    ("GS295117494011169041", ""),
    # those who number alike
    ("73891051146", "dhl gls"),
    ("73891051147", "gls"),
    # the others
    ("500000000004", "gls fedex"),
    ("500000000000", "dhl"),
    ("ZA1B2C3D", "gls"),
    ("ZABCDEFG", ""),
    ("600000000000000000000001", "inpost"),
    ("60000000000000000000001", ""),
    ("6A12345678901", "laposte"),
    ("8V 123 456 7890 1", "laposte"),
    ("66123456789012", ""),
    ("PK0A1B070000042012801AAK", ""),
    ("PK0A1B07000004201280130", ""),
    ("LP00123456789012", "cainiao"),
    ("AP00123456789012", "cainiao"),
    ("CNG00123456789012", "cainiao"),
    ("RLJ01234567", "cainiao"),
    ("LP001234567890123", ""),
    ("YT1234567890123456", "yunexpress"),
    ("4PX3000123456789CN", "fourpx"),
    ("4PX3000123456", "fourpx"),
    ("4PX30001", ""),
    # nobody's
    ("", ""),
    ("-", ""),
    ("MP12345678", ""),
    ("ALIEXPRESS", ""),
    ("60120172242323", ""),  # fourteen digits are of DPD as well as of DHL
    ("RB12345678\u0665GB", ""),
]


@pytest.mark.parametrize(("number", "carriers"), RECOGNISED)
def test_whose_a_number_looks_like(number: str, carriers: str) -> None:
    assert carriers_of(number) == words(carriers)


@pytest.mark.parametrize(
    "code", ["PK0A1B0700000420128013", "PQ9Z9Z0812345670135001", "PS1A2B09000000101AD500"]
)
def test_exactly_one_letter_closes_a_code_of_correos(code: str) -> None:
    closing = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if carriers_of(code + letter)]
    assert len(closing) == 1
    assert carriers_of(code + closing[0]) == {"correos"}


def test_a_client_of_correos_has_no_letter_that_looks_like_a_digit() -> None:
    assert not any(carriers_of(f"PK0O1B0700000420128013{letter}") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


KNOWN = st.sampled_from([number for number, carriers in RECOGNISED if carriers])


@given(KNOWN, st.lists(st.tuples(st.integers(0, 40), st.sampled_from(" -\t\u00a0\n")), max_size=6))
def test_blanks_hyphens_and_small_letters_make_no_difference(
    number: str, between: list[tuple[int, str]]
) -> None:
    written = number.lower()
    for at, blank in between:
        written = written[:at] + blank + written[at:]
    assert carriers_of(written) == carriers_of(number)
    assert looks_mistyped(written) is None


def s10(serial: int, service: str = "RB", country: str = "CN") -> str:
    check = next(digit for digit in "0123456789" if s10_check(f"{serial:08}{digit}"))
    return f"{service}{serial:08}{check}{country}"


SERIALS = st.integers(0, 99_999_999)


def remainder(number: str) -> int:
    return (
        sum(int(digit) * weight for digit, weight in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
        % 11
    )


@given(SERIALS)
def test_every_serial_has_one_check_digit(serial: int) -> None:
    assert sum(s10_check(f"{serial:08}{digit}") for digit in range(10)) == 1


@given(SERIALS, st.integers(2, 10), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(serial: int, at: int, by: int) -> None:
    right = s10(serial)
    wrong = right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :]
    # UPU gives two of the eleven remainders the same check digit: between those nothing is noticed.
    if at < 10 and {remainder(right), remainder(wrong)} == {0, 6}:
        assert "upu" in carriers_of(wrong)
        return
    assert carriers_of(wrong) == frozenset()
    assert looks_mistyped(wrong) == "has a check digit that does not fit"


@given(SERIALS, st.integers(2, 8))
def test_two_swapped_digits_are_noticed(serial: int, at: int) -> None:
    right = s10(serial)
    wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    if wrong != right and {remainder(right), remainder(wrong)} != {0, 6}:
        assert looks_mistyped(wrong) == "has a check digit that does not fit"


CHECK_DIGIT = "has a check digit that does not fit"


@pytest.mark.parametrize(
    ("number", "odd"),
    [
        # check digits
        ("RB123456784GB", CHECK_DIGIT),
        ("rb 1234 5678 4 gb", CHECK_DIGIT),
        ("UG251530054MV", CHECK_DIGIT),
        ("1Z999AA10123456785", CHECK_DIGIT),
        ("9400111206206406260788", CHECK_DIGIT),
        ("420 22153 9101026837331000039522", CHECK_DIGIT),
        ("PQ9Z9Z0812345670135001A", "has a check letter that does not fit"),
        # letters for digits
        ("LPO0123456789012", "has a letter O where a digit should be"),
        ("LP0012345678901I", "has a letter I where a digit should be"),
        ("lp001234567890l2", "has a letter L where a digit should be"),
        ("CNGO0123456789012", "has a letter O where a digit should be"),
        ("RLJO1234567", "has a letter O where a digit should be"),
        ("YT123456789O123456", "has a letter O where a digit should be"),
        ("RBI23456785GB", "has a letter I where a digit should be"),
        ("CO47312482OCO", None),  # its letters are right, and its check digit is not known to be
        ("1Z999AAIO123456784", "has a letter I where a digit should be"),
        # how many
        ("LP0042000000001", "is a digit short for a number that begins with LP"),
        ("LP004200000000012", "is a digit too long for a number that begins with LP"),
        ("AP0042000000001", "is a digit short for a number that begins with AP"),
        ("CNG004200000000012", "is a digit too long for a number that begins with CNG"),
        ("YT123456789012345", "is a digit short for a number that begins with YT"),
        ("1Z999AA1012345678", "is a character short for a number that begins with 1Z"),
        ("1Z9991110123456784", CHECK_DIGIT),
        ("1Z99911101234567844", "is a digit too long for a number that begins with 1Z"),
        ("RB12345678GB", "has 8 digits between its letters, where a number of the post has nine"),
        ("RB1234567855GB", "has 10 digits between its letters, where a number of the post has nine"),
        ("LP004200000000", None),
        ("LP00420000000X1", None),
        ("RB1234567GB", None),
        ("RB12345678XX", None),
        ("PQ0123456789ES", None),
        # countries
        ("RB123456785XY", None),  # left to anybody's use
        ("RB123456785YQ", None),
        ("UG336196745YP", None),  # Yanwen's own
        ("RB123456785FZ", "ends with FZ, which is no country's code"),
        ("RB123456785UK", "ends with UK, which is no country's code (Britain is GB)"),
        ("RB123456784FZ", None),
        # what may be a number of its own kind
        ("PX123456784GB", None),  # domestic numbers need no check digit
        ("SB123456784GB", None),
        ("123456789012", None),
        ("123456789012345", None),
        ("12345678901234567890", None),
        ("MP12345678", None),
        ("ALIEXPRESS", None),
        ("OIL", None),
        ("", None),
        ("LP0012345678901\u0662", None),
    ],
)
def test_what_is_odd_about_a_number(number: str, odd: str | None) -> None:
    assert looks_mistyped(number) == odd


@pytest.mark.parametrize("number", [number for number, carriers in RECOGNISED if carriers])
def test_a_number_that_is_recognised_is_never_doubted(number: str) -> None:
    assert looks_mistyped(number) is None


@given(st.text(max_size=40) | st.from_regex(re.compile(r"[A-Z0-9OIL-]{1,36}"), fullmatch=True))
def test_any_text_may_be_asked_about(text: str) -> None:
    carriers = carriers_of(text)
    odd = looks_mistyped(text)
    assert not (carriers and odd)
    assert is_untracked(text) <= ("upu" in carriers)
    for number in numbers_in(text):
        assert carriers_of(number)


@pytest.mark.parametrize(
    ("number", "untracked"),
    [
        ("UG251350054MV", True),
        ("ug 2513 5005 4 mv", True),
        ("UG251350055MV", False),  # mistyped: nothing is known about it
        ("UG336196744YP", False),  # looks like it, but is no post's
        ("RB123456785GB", False),
        ("LP00123456789012", False),
        ("U", False),
    ],
)
def test_letter_mail_is_not_scanned_at_the_door(number: str, untracked: bool) -> None:
    assert is_untracked(number) is untracked


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Handed over to local carrier with tracking UG251350054MV", ["UG251350054MV"]),
        ("new number:RB123456785GB.", ["RB123456785GB"]),
        ("Übergeben (rb123456785gb), danach 1z999aa10123456784", ["RB123456785GB", "1Z999AA10123456784"]),
        ("LP00123456789012 is now CNG00123456789012/AP00123456789012", ["LP00123456789012", "CNG00123456789012", "AP00123456789012"]),
        ("YT1234567890123456 and RLJ01234567", ["YT1234567890123456", "RLJ01234567"]),
        ("RB123456785GB, that is RB123456785GB", ["RB123456785GB"]),
        ("RB123456784GB", []),  # its check digit does not fit
        ("1Z999AA10123456785", []),
        ("XRB123456785GB", []),
        ("RB123456785GBX", []),
        ("call 0034912345678 about 986578788855 or 9400111206206406260787", []),
        ("Order 8190000000007731 of 2026-10-01", []),
        ("UG336196744YP", []),
        ("RB 123456785 GB", []),
        ("RB12345678\u0665GB", []),
        ("left the sorting centre", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_numbers_that_a_text_names(text: str, numbers: list[str]) -> None:
    assert list(numbers_in(text)) == numbers
