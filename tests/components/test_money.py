"""The component `money`: what issue 5 and the annotation guideline quote, phrase by phrase."""

from decimal import Decimal

import pytest
import spacy

from bellwether.normalizers.money import MoneyNormalizer
from bellwether.tokenizer import make_tokenizer
from tests.components.moneys import MONEY, NLP, money, read, read_doc

# text, span, value. The span is the whole text where it is None.
ONE = [
    # issue 5
    ("$4.2bn", None, money("USD", "4.2e9")),
    ("EUR 13.1 mn", None, money("EUR", "13.1e6")),
    ("EUR13.1m", None, money("EUR", "13.1e6")),
    ("US$250 million", None, money("USD", "250e6")),
    ("Rs 10.4 crore", None, money("INR", "104e6")),
    ("1.234,56 euros", None, money("EUR", "1234.56")),
    ("CHF 2.3mm", None, money("CHF", "2.3e6")),
    ("A$75m", None, money("AUD", "75e6")),
    ("¥500bn", None, money("JPY", "500e9")),
    ("HK$9.8b", None, money("HKD", "9.8e9")),
    ("SEK 700 million", None, money("SEK", "700e6")),
    ("12p", None, money("GBP", "0.12")),
    ("half a million dollars", None, money("USD", "500e3")),
    ("five hundred thousand euros", None, money("EUR", "500e3")),
    ("$(1.2) million", None, money("USD", "-1.2e6")),
    # the guideline
    ("at least CHF 2.3mm", "CHF 2.3mm", money("CHF", "2.3e6", bound="at_least")),
    ("up to £40m", "£40m", money("GBP", "40e6", bound="at_most")),
    ("about Rs 10.4 crore", "Rs 10.4 crore", money("INR", "104e6", bound="about")),
    ("$3.1-3.3 billion", None, money("USD", low="3.1e9", high="3.3e9")),
    ("between $3.1bn and $3.3bn", "$3.1bn and $3.3bn", money("USD", low="3.1e9", high="3.3e9")),
    ("$3.1 billion to $3.3 billion", None, money("USD", low="3.1e9", high="3.3e9")),
    ("12p a share", "12p", money("GBP", "0.12", per="share")),
    ("a business of $3bn a year", "$3bn", money("USD", "3e9", per="year")),
    # signs, codes and names
    ("R$900 million", None, money("BRL", "900e6")),
    ("R1.42 billion", None, money("ZAR", "1.42e9")),
    ("R(210) million", None, money("ZAR", "-210e6")),
    ("RM9.6 billion", None, money("MYR", "9.6e9")),
    ("₦18 billion", None, money("NGN", "18e9")),
    ("Rp 500,000", None, money("IDR", "500000")),
    ("NIS 1.5 billion", None, money("ILS", "1.5e9")),
    ("100元", None, money("CNY", "100")),
    ("10 €", None, money("EUR", "10")),
    ("115.5USD", None, money("USD", "115.5")),
    ("C$61.75", None, money("CAD", "61.75")),
    ("S$3.5 million", None, money("SGD", "3.5e6")),
    ("usd$ 15", None, money("USD", "15")),
    ("75 USD million", None, money("USD", "75e6")),
    ("120 MEUR", None, money("EUR", "120e6")),
    ("MAUD 60", None, money("AUD", "60e6")),
    ("SEKm 700", None, money("SEK", "700e6")),
    ("10 us dollar", None, money("USD", "10")),
    ("$5 million USD", None, money("USD", "5e6")),
    ("420 million Finnish markka", None, money("FIM", "420e6")),
    ("FIM 13.1 mn", None, money("FIM", "13.1e6")),
    ("10,000 Swiss francs", None, money("CHF", "10000")),
    ("125 million Australian dollars", None, money("AUD", "125e6")),
    ("300 million Swedish crowns", None, money("SEK", "300e6")),
    ("six million South Korean won", None, money("KRW", "6e6")),
    ("ten pounds sterling", None, money("GBP", "10")),
    # minor units and parts of them
    ("40 cents per share", "40 cents", money("USD", "0.4", per="share")),
    ("197 pence", None, money("GBP", "1.97")),
    ("640p a share", "640p", money("GBP", "6.4", per="share")),
    ("12-15p", None, money("GBP", low="0.12", high="0.15")),
    ("3 dollars 50 cents", None, money("USD", "3.5")),
    ("thirteen dollars and forty-five cents", None, money("USD", "13.45")),
    ("15 dollars 50.", "15 dollars 50", money("USD", "15.5")),
    # hyphens
    ("a 12-cent payout", "12-cent", money("USD", "0.12")),
    ("a $10-million fine", "$10-million", money("USD", "10e6")),
    ("a five-million-dollar fine", "five-million-dollar", money("USD", "5e6")),
    ("a $5-a-share bid", "$5", money("USD", "5", per="share")),
    # per unit
    ("$1.20 a share", "$1.20", money("USD", "1.2", per="share")),
    ("$0.61 per diluted share", "$0.61", money("USD", "0.61", per="share")),
    ("€300 per tonne", "€300", money("EUR", "300", per="tonne")),
    ("$2,950 an oz", "$2,950", money("USD", "2950", per="ounce")),
    ("$88/lb", "$88", money("USD", "88", per="pound")),
    ("$0.02 per ADS", "$0.02", money("USD", "0.02", per="ads")),
    ("DKK 0.61 per kWh", "DKK 0.61", money("DKK", "0.61", per="kilowatt_hour")),
    ("2,140 naira to the dollar", "2,140 naira", money("NGN", "2140", per="dollar")),
    ("$8 million a year earlier", "$8 million", money("USD", "8e6")),
    ("$45 in cash per share", "$45", money("USD", "45", per="share")),
    # bounds
    ("$1.00 per share or more", "$1.00", money("USD", "1", bound="at_least", per="share")),
    ("£40m or less", "£40m", money("GBP", "40e6", bound="at_most")),
    ("a minimum of $5m", "$5m", money("USD", "5e6", bound="at_least")),
    ("no more than $5m", "$5m", money("USD", "5e6", bound="at_most")),
    ("more than a $5m fine", "$5m", money("USD", "5e6", bound="at_least")),
    ("just under $5m", "$5m", money("USD", "5e6", bound="at_most")),
    ("a shade above the $5m of last month", "$5m", money("USD", "5e6")),
    # ranges
    ("$11-12 a share", "$11-12", money("USD", low="11", high="12", per="share")),
    ("€3m–€4m", None, money("EUR", low="3e6", high="4e6")),
    ("CHF 70-75 million", None, money("CHF", low="70e6", high="75e6")),
    ("three to four million dollars", None, money("USD", low="3e6", high="4e6")),
    ("between 3 and 4 million euros", "3 and 4 million euros", money("EUR", low="3e6", high="4e6")),
    ("$500 to $1 million", None, money("USD", low="500", high="1e6")),
    ("R1.42 billion and R1.51 billion", "R1.42 billion", money("ZAR", "1.42e9")),
    # negatives
    ("-$5m", None, money("USD", "-5e6")),
    ("−$5m", None, money("USD", "-5e6")),
    ("$-5m", None, money("USD", "-5e6")),
    ("minus €5m", None, money("EUR", "-5e6")),
    ("(1.2) million euros", None, money("EUR", "-1.2e6")),
    ("a gain ($1.2m)", "$1.2m", money("USD", "1.2e6")),
    ("USD(5.0) million", None, money("USD", "-5e6")),
    # more signs, codes and names
    ("S/ 2.2 billion", None, money("PEN", "2.2e9")),
    ("zł5m", None, money("PLN", "5e6")),
    ("W500bn", None, money("KRW", "500e9")),
    ("Y100 billion", None, money("JPY", "100e9")),
    ("N5 million", None, money("NGN", "5e6")),
    ("Rs 2,00,000", None, money("INR", "200000")),
    ("₹3 lakh crore", None, money("INR", "3e12")),
    ("100,000 ரூ", None, money("LKR", "100000")),
    ("sen 100,000", None, money("MYR", "1000")),
    ("a Rs 350-cr issue", "Rs 350-cr", money("INR", "3.5e9")),
    ("$5m USD", None, money("USD", "5e6")),
    ("two and a half billion dollars", None, money("USD", "2.5e9")),
    ("$2½ million", None, money("USD", "2.5e6")),
    # what markets pay in, without an ISO code
    ("₿21,000,000", None, money("BTC", "21000000")),
    ("10000 bitcoins", None, money("BTC", "10000")),
    ("6.25 BTC", None, money("BTC", "6.25")),
    ("XBT 3", None, money("BTC", "3")),
    ("2 satoshis", None, money("BTC", "2e-8")),
    ("3 ETH", None, money("ETH", "3")),
    # more of what an amount is for
    ("71 cents on the euro", "71 cents", money("EUR", "0.71", per="euro")),
    ("4 cents on each dollar", "4 cents", money("USD", "0.04", per="dollar")),
    ("depositors get Rs 1.1 million each", "Rs 1.1 million", money("INR", "1.1e6", per="depositor")),
    ("those who went paid $5 each", "$5", money("USD", "5", per="person")),
    ("it sold shares at $5 apiece", "$5", money("USD", "5", per="share")),
    ("promoters subscribed at $5 apiece", "$5", money("USD", "5")),
    ("lunch at 14.20 euros a meal.", "14.20 euros", money("EUR", "14.2", per="meal")),
    ("¥11.8 a litre", "¥11.8", money("JPY", "11.8", per="liter")),
    ("a bill of $3m annually", "$3m", money("USD", "3e6", per="year")),
    ("$3m every year", "$3m", money("USD", "3e6", per="year")),
    ("$1.2m p.a.", "$1.2m", money("USD", "1.2e6", per="year")),
    ("$12.50 for each FGL share", "$12.50", money("USD", "12.5", per="share")),
    ("$2.289/mln Btus", "$2.289", money("USD", "2.289", per="mmbtu")),
    ("from $4.90 to $1.75 per barrel", "$4.90", money("USD", "4.9", per="barrel")),
    ("$5 a t-shirt", "$5", money("USD", "5")),
    # more bounds and ranges
    ("backlog tops €2bn", "€2bn", money("EUR", "2e9", bound="at_least")),
    ("its book past Rs 1,940 crore", "Rs 1,940 crore", money("INR", "19.4e9", bound="at_least")),
    ("an earn-out not to exceed $8.0 million", "$8.0 million", money("USD", "8e6", bound="at_most")),
    ("no fund may hold more than $5m", "$5m", money("USD", "5e6", bound="at_most")),
    ("Lamma Rolls Over HK$2.2bn", "HK$2.2bn", money("HKD", "2.2e9")),
    ("estimates range from $0.90 to $2.60", "$0.90 to $2.60", money("USD", low="0.9", high="2.6")),
    ("between $3 and $4 million", "$3 and $4 million", money("USD", low="3e6", high="4e6")),
    # bad characters
    ("＄５００，０００", None, money("USD", "500000")),
    ("$\u200b5 mill\u00adion", None, money("USD", "5e6")),
    ("\u200f€5\u00a0million\u200f", None, money("EUR", "5e6")),
    ("$" + "9" * 100, None, money("USD", "9" * 100)),
]


@pytest.mark.parametrize(("text", "span", "value"), ONE)
def test_one_amount(text, span, value):
    assert read(text)[0] == (span or text, value)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("from $3m to $4m", [("$3m", "3e6"), ("$4m", "4e6")]),
        ("raised its target by $1.20 to $5.60", [("$1.20", "1.2"), ("$5.60", "5.6")]),
        ("10 $ 30 $", [("10 $", "10"), ("30 $", "30")]),
        ("10 $ 30 cents", [("10 $ 30 cents", "10.3")]),
        ("c $ 100 and fifty.", [("c $ 100 and fifty", "100.5")]),
        ("15 USD 50 more", [("15 USD 50", "15.5")]),
        ("USD5m/EUR4m", [("USD5m", "5e6"), ("EUR4m", "4e6")]),
        ("$3m and $4m, respectively", [("$3m", "3e6"), ("$4m", "4e6")]),
        ("$11.4, $10.9 and $9.8 million", [("$11.4", "11.4e6"), ("$10.9", "10.9e6"), ("$9.8 million", "9.8e6")]),
        ("€3, €2, €1, or €4bn", [("€3", "3e9"), ("€2", "2e9"), ("€1", "1e9"), ("€4bn", "4e9")]),
        ("$11.4 and $9.8 million in 2031 and 2030, respectively", [("$11.4", "11.4e6"), ("$9.8 million", "9.8e6")]),
        ("a fee of $12 and $9.8 million in costs", [("$12", "12"), ("$9.8 million", "9.8e6")]),
        ("a fee of $12 and $9 million. They were paid, respectively, in", [("$12", "12"), ("$9 million", "9e6")]),
        ("$500, $600 and $1 million", [("$500", "500"), ("$600", "600"), ("$1 million", "1e6")]),
        ("$5, €6 and $7 million", [("$5", "5"), ("€6", "6"), ("$7 million", "7e6")]),
        ("it rose $3m to $4m", [("$3m", "3e6"), ("$4m", "4e6")]),
        ("it fell from an earlier $5m to $4m", [("$5m", "5e6"), ("$4m", "4e6")]),
        ("50 dollar 50 dollar", [("50 dollar", "50"), ("50 dollar", "50")]),
        ("rmb 10 usd 20", [("rmb 10", "10"), ("usd 20", "20")]),
        ("$75 a barrel, $3.2 million", [("$75", "75"), ("$3.2 million", "3.2e6")]),
        ("A) $0.70 B) $0.74", [("$0.70", "0.70"), ("$0.74", "0.74")]),
    ],
)
def test_several_amounts(text, amounts):
    assert [(span, value.amount) for span, value in read(text)] == [(span, Decimal(n)) for span, n in amounts]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$",
        "dollars",
        "$NRVN rose",
        "ALL 5 solutions are wrong.",
        "All 70 of us.",
        "TOP 10 stocks",
        "Bob 3 times, pen 7 times",
        "millions of dollars",
        "1,200 employees in 2031",
        "500 pounds of copper",
        "a 1080p screen",
        "Q3, FY24, 3Q23, H1 2031",
        "$1.2.3 million",
        "XYZ 5 million",
        "XQZ 5m",
        "a high of 1.0760 EUR/USD",
        "not one cent of it",
        "$1" + "0" * 100,
        "$" + "9" * 120 + "bn",
        "EUR/USD 1.08",
        "they won 5, lost 3",
        "https://example.com/?price=$5m",
        "page 12, section 3",
    ],
)
def test_no_amount(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "currencies"),
    [
        ("$5m", ["USD"]),
        ("C$5m in all, up from $3m", ["CAD", "CAD"]),
        ("A$75m ($50m)", ["AUD", "USD"]),
        ("US$5m, then $3m", ["USD", "USD"]),
        ("US$5m, A$7m, then $3m", ["USD", "AUD", "AUD"]),
        ("CAD 5m and $3m", ["CAD", "CAD"]),
        ("5 million Canadian dollars; $3m", ["CAD", "CAD"]),
        ("EUR 5m, a dividend of 12 cents", ["EUR", "EUR"]),
        ("31 cents on the euro, now 50 cents", ["EUR", "EUR"]),
        ("The rand fell 40 cents", ["ZAR"]),
        ("The Bank of Mauritius withdraws coins of 50 cents", ["MUR"]),
        ("The US and Australia; 62 cents", ["USD"]),
        ("$5m, said the Australian miner, or 12 cents a share", ["USD", "USD"]),
        ("The Egyptian pound fell to 93 pounds", ["EGP"]),
        ("Egypt paid £5m", ["GBP"]),
        ("Fiskemel AS: a dollar cost 8.10 kroner", ["NOK"]),
        ("Kornet A/S paid 8.10 kroner", ["DKK"]),
        ("kr 5 million", [None]),
        ("kr 5 million, said the Swedish group", ["SEK"]),
        ("DKK 7 million, kr 5 million", ["DKK", "DKK"]),
        ("The Bank of Botswana has P68.2 billion", ["BWP"]),
        ("40 shillings in Kenya", ["KES"]),
        ("The Philippines sold 25 billion pesos", ["PHP"]),
        ("25 billion pesos", ["MXN"]),
    ],
)
def test_shared_notations(text, currencies):
    values = [value for _, value in read(text)]
    assert [value.currency for value in values] == currencies
    for value in values:
        if len(value.candidates) > 1 and value.currency:
            assert value.candidates[0] == value.currency


def test_a_stop_behind_a_letter_is_no_part_with_our_tokenizer():
    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer()(nlp)
    assert read_doc(MONEY(nlp.make_doc("It is worth $3m."))) == [("$3m", money("USD", "3e6"))]


def test_currencies_setting():
    component = MoneyNormalizer(currencies={"$": "AUD", "kr": "NOK", "£": None})
    assert [value.currency for _, value in read("$5m; kr 5m; £5m; 50 cents", component)] == ["AUD", "NOK", None, "AUD"]
    assert read("£5m", component)[0][1].candidates[0] == "GBP"
    with pytest.raises(ValueError, match="no notation '#'"):
        MoneyNormalizer(currencies={"#": "USD"})
    with pytest.raises(ValueError, match="ISO 4217"):
        MoneyNormalizer(currencies={"$": "dollar"})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("US$5m", "money.symbol_before"),
        ("5 €", "money.symbol_after"),
        ("EUR 5m", "money.word_before"),
        ("5m euros", "money.word_after"),
    ],
)
def test_rule(text, rule):
    (ent,) = MONEY(NLP.make_doc(text)).ents
    assert ent._.source == rule
    assert ent.label_ == "MONEY"


@pytest.mark.parametrize(("text", "expected"), [
    ("The band moved to $6.20 to $6.60 from $5.80 to $6.10.", ["6.20..6.60", "5.80..6.10"]),
    ("Fares run from $35 to $60 per trip.", ["35..60 trip"]),
    ("Fares rose from $35 to $60 per trip.", ["35 trip", "60 trip"]),
    ("BRENT FUTURES FALL $3 TO $81.40 A BARREL", ["3", "81.40 barrel"]),
    ("Propane slid 4 cents to $0.71 per gallon.", ["0.04", "0.71 gallon"]),
    ("Oats closed at $3.61-1/2 a bushel.", ["3.615 bushel"]),
    ("Orlan to Pay $48 Per Share", ["48 share"]),
    ("a dividend of Rs 3 on every share of Rs 10 each", ["3", "10 share"]),
    ("a face value of Re 1 per share", ["1 share"]),
    ("Re 5 as discussed", []),
    ("It wants Rs 1.5 lakh cr.", ["1500000000000"]),
    ("$SEVEN and $3XYZ trade flat", []),
    ("$3USD", ["3"]),
    ("Rents are £70 per sq ft.", ["70 square_foot"]),
    ("Staff get €600 each.", ["600 person"]),
    ("Net income was $3.1 million or $0.42 per share.", ["3100000", "0.42 share"]),
])  # fmt: skip
def test_the_amounts_of_a_sentence_and_what_they_are_for(text, expected):
    def short(value):
        number = f"{value.low:f}..{value.high:f}" if value.bound == "range" else f"{value.amount:f}"
        return f"{number} {value.per or ''}".strip().removesuffix(".0")

    assert [short(entity.value) for entity in MONEY.find(text)] == expected


def test_and_up_is_a_lower_bound_at_the_end_only():
    bounds = [entity.value.bound for entity in MONEY.find("Parcels of $50 and up. Sales were $50 and up 4%.")]
    assert bounds == ["at_least", "exact"]


def test_a_statement_says_which_dollar():
    assert [v.currency for _, v in read("All amounts are in Canadian dollars. Revenue was $41 million.")] == ["CAD"]
    assert [v.currency for _, v in read("The Canadian dollar fell. Revenue was $41 million.")] == ["USD"]


@pytest.mark.parametrize(("text", "expected"), [
    ("The loss was $(0.31) per basic and diluted share.", [("USD", "exact", "share")]),
    ("It will buy back up to HK$640 million of stock.", [("HKD", "at_most", None)]),
    ("The price came back up to $8.", [("USD", "exact", None)]),
    ("It paid GBP 3.1m (roughly EUR 3.6m).", [("GBP", "exact", None), ("EUR", "about", None)]),
    ('Profit will be "well above" EUR 12m.', [("EUR", "at_least", None)]),
    ("The line may grow by up to an additional $90 million.", [("USD", "at_most", None)]),
    ("Tin trades near $30,100 a tonne, nowhere near $40,000.", [("USD", "about", "tonne"), ("USD", "exact", None)]),
    ("Steel closed at 3,310 yuan ($455.20) a tonne.", [("CNY", "exact", "tonne"), ("USD", "exact", None)]),
    ("The deficit was TL 88.4 billion; QR 60 million was lent.", [("TRY", "exact", None), ("QAR", "exact", None)]),
    ("It pays 7.1 cents, the Perth-based miner said.", [("AUD", "exact", None)]),
    ("Loans of Sh2.1 billion soured, the Nairobi bank said.", [("KES", "exact", None)]),
])  # fmt: skip
def test_words_around_an_amount_say_how_it_is_meant(text, expected):
    assert [(v.currency, v.bound, v.per) for _, v in read(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("It cost US $4 bn.", [("US $4 bn", "4000000000")]),
    ("Sales fell to EUR31 .4 m from EUR871 ,000.", [("EUR31 .4 m", "31400000"), ("EUR871 ,000", "871000")]),
])  # fmt: skip
def test_currencies_and_digits_apart(text, expected):
    assert [(span, f"{value.amount:f}".removesuffix(".0")) for span, value in read(text)] == expected
