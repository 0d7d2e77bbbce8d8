"""ISIN, CUSIP, SEDOL and LEI in texts: by their check digits, and not in other codes."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import cusip, isin
from stdnum.gb import sedol
from stdnum.iso7064 import mod_97_10

from bellwether.normalizers.identifiers import find_identifiers, is_valid


def found(text):
    return [(text[item.start : item.end], item.number, item.kind) for item in find_identifiers(text)]


@pytest.mark.parametrize(
    ("text", "span", "number", "kind"),
    [
        ("(ISIN DE000GQK7718)", "DE000GQK7718", "DE000GQK7718", "isin"),
        ("of Mirador Estates (LU0099412370).", "LU0099412370", "LU0099412370", "isin"),
        ("ISIN: US 037833100 5", "US 037833100 5", "US0378331005", "isin"),
        ("ISIN code US-037833100-5", "US-037833100-5", "US0378331005", "isin"),
        ("CUSIP No. 41377RAC3", "41377RAC3", "41377RAC3", "cusip"),
        ("the notes (41377RAC3)", "41377RAC3", "41377RAC3", "cusip"),
        ("CUSIP 037833100", "037833100", "037833100", "cusip"),
        ("CUSIP Number: 037833 10 0", "037833 10 0", "037833100", "cusip"),
        ("037833100 (CUSIP Number)", "037833100", "037833100", "cusip"),
        ("CUSIP (144A): 037833100", "037833100", "037833100", "cusip"),
        ("SEDOL B15KXQ8", "B15KXQ8", "B15KXQ8", "sedol"),
        ("shares (B15KXQ8)", "B15KXQ8", "B15KXQ8", "sedol"),
        ("SEDOL: 0263494", "0263494", "0263494", "sedol"),
        ("LEI 213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15", "lei"),
        ("LEI: 2138-00KU-D8LA-JWSQ-9D15", "2138-00KU-D8LA-JWSQ-9D15", "213800KUD8LAJWSQ9D15", "lei"),
        ("213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15", "lei"),
    ],
)
def test_identifier(text, span, number, kind):
    assert found(text) == [(span, number, kind)]


def test_lists():
    assert [item[1] for item in found("CUSIP Nos. 037833 10 0, 594918104 and 41377RAC3")] == [
        "037833100",
        "594918104",
        "41377RAC3",
    ]
    assert [item[1] for item in found("ISINs: US0378331005 / DE000GQK7718")] == ["US0378331005", "DE000GQK7718"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ISIN",
        "ISIN DE000GQK7719",
        "ISIN: ZZ0378331005",
        "the 037833100 units",
        "0263494 tonnes",
        "00000000000000000001",
        "213800KUD8LAJWSQ9D16",
        "us0378331005",
        "xUS0378331005",
        "US0378331005A",
        "the drug B15KXQ8-2, order no. X-B15KXQ8",
        "SEDOL 037833100",
        "BAN2401, TCMCB07 and PLG0206",
        "COVID19, EUR1149 and DOWJONES30",
        "the leu fell to 213800 lei",
    ],
)
def test_no_identifier(text):
    assert found(text) == []


@pytest.mark.parametrize("number", ["", "NRVN", "US0378331005", "ＵＳ0378331005"])
def test_a_ticker_has_no_check_digit(number):
    assert not is_valid(number, "ticker")


ALNUM = string.ascii_uppercase + string.digits
COUNTRIES = ["US", "DE", "FI", "XS", "NO", "JP", "GB"]
CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"


def with_cusip_digit(body):
    return body + cusip.calc_check_digit(body)


def with_sedol_digit(body):
    return body + sedol.calc_check_digit(body)


def with_isin_digit(body):
    return body + isin.calc_check_digit(body)


def with_lei_digits(body):
    return body + mod_97_10.calc_check_digits(body)


VALID = st.one_of(
    st.tuples(
        st.just("ISIN"),
        st.tuples(st.sampled_from(COUNTRIES), st.text(ALNUM, min_size=9, max_size=9)).map("".join).map(with_isin_digit),
    ),
    st.tuples(st.just("CUSIP"), st.text(ALNUM, min_size=8, max_size=8).map(with_cusip_digit)),
    st.tuples(
        st.just("SEDOL"),
        st.one_of(
            st.from_regex(rf"[{CONSONANTS}][{CONSONANTS}0-9]{{5}}", fullmatch=True),
            st.text(string.digits, min_size=6, max_size=6),
        ).map(with_sedol_digit),
    ),
    st.tuples(st.just("LEI"), st.from_regex(r"[0-9]{4}00[A-Z][A-Z0-9]{11}", fullmatch=True).map(with_lei_digits)),
)


@given(VALID, st.sampled_from([" ", ": ", " No. ", " code "]), st.sampled_from(["", ".", ", and more", ")"]))
def test_computed_identifiers_read_back(case, gap, after):
    name, number = case
    assert found(f"It has ({name}{gap}{number}{after}") == [(number, number, name.lower())]


@given(VALID, st.data())
def test_one_wrong_digit_is_no_identifier(case, data):
    name, number = case
    place = data.draw(st.sampled_from([index for index, char in enumerate(number) if char.isdigit()]))
    digit = data.draw(st.sampled_from([char for char in string.digits if char != number[place]]))
    assert found(f"{name} {number[:place]}{digit}{number[place + 1 :]}") == []


@given(st.text(st.sampled_from("ISNCUPEDOLB0123456789 -:(),*@#.\n"), max_size=60) | st.text(max_size=40))
def test_any_text(text):
    end = 0
    for item in find_identifiers(text):
        assert item.start >= end
        assert is_valid(item.number, item.kind)
        end = item.end
