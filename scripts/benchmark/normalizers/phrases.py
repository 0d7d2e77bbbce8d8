"""The authored sentences, in the markup of the starter corpus (`assets/starter/README.md`), by the day they were
published; "" is an unknown day.

They use the notations of money, time and identifiers that financial news and filings use, and traps that look like
one. Every gold value is what a person in finance would read.
"""

PHRASES: dict[str, tuple[str, ...]] = {
    "": (
        # money
        "The buyer agreed to pay [$4.2bn](MONEY USD 4.2e9) in cash.",
        "Net profit rose to [EUR 13.1 mn](MONEY EUR 13.1e6) from [EUR 9.4 mn](MONEY EUR 9.4e6).",
        "The unit lost [EUR13.1m](MONEY EUR 13.1e6) before tax.",
        "It raised [US$250 million](MONEY USD 250e6) in a bond sale.",
        "The lender set aside [Rs 10.4 crore](MONEY INR 104e6) for bad loans.",
        "The fine was [1.234,56 euros](MONEY EUR 1234.56) in the end.",
        "Legal costs came to [CHF 2.3mm](MONEY CHF 2.3e6).",
        "The miner will spend [A$75m](MONEY AUD 75e6) on the shaft.",
        "The carmaker plans to invest [¥500bn](MONEY JPY 500e9) in batteries.",
        "The developer owes [HK$9.8b](MONEY HKD 9.8e9) to its banks.",
        "Orders worth [SEK 700 million](MONEY SEK 700e6) were cancelled.",
        "The final dividend is [12p](MONEY GBP 0.12 per=share) a share.",
        "The founder kept [half a million dollars](MONEY USD 0.5e6) of stock.",
        "The grant is [five hundred thousand euros](MONEY EUR 500e3).",
        "The segment reported [$(1.2) million](MONEY USD -1.2e6) for the quarter.",
        "Copper fetched [$9,420](MONEY USD 9420 per=tonne) per tonne.",
        "It expects a charge of [$3.1-3.3 billion](MONEY USD 3.1e9..3.3e9).",
        "The stake is worth between [$3.1bn and $3.3bn](MONEY USD 3.1e9..3.3e9).",
        "The plant will cost at least [CHF 40m](MONEY CHF >=40e6).",
        "The board will buy back up to [£40m](MONEY GBP <=40e6) of shares.",
        "More than [$2 trillion](MONEY USD >=2e12) of debt falls due.",
        "The deal is valued at about [¥90 billion](MONEY JPY ~90e9).",
        "A loss of [1.5 lakh rupees](MONEY INR 150e3) was booked.",
        # percent
        "Sales rose [12%](PERCENT 12 up) and costs fell [3.5 percent](PERCENT 3.5 down).",
        "The margin was [8.25 per cent](PERCENT 8.25) of sales.",
        "Volumes grew [7 pct](PERCENT 7 up) in Asia.",
        "The margin widened by [2 percentage points](PERCENT 2 pp up).",
        "The bank cut rates by [25 basis points](PERCENT 25 bp down).",
        "Output slipped [half a percent](PERCENT 0.5 down).",
        "It guides for growth of [3-5%](PERCENT 3..5 up).",
        "The yield moved [-0.4%](PERCENT -0.4 down) on the day.",
        "It owns at least [30%](PERCENT >=30) of the shares.",
        # quantity
        "The mill made [4,500 tonnes](QUANTITY 4500 tonne) of pulp.",
        "The field pumps [50,000 barrels per day](QUANTITY 50e3 barrel/day).",
        "The wind farm has a capacity of [300 MW](QUANTITY 300 megawatt).",
        "The lease covers [12,000 square metres](QUANTITY 12e3 square_meter) of offices.",
        "The group has [1,200 employees](QUANTITY 1200 employee).",
        "It issued [two million shares](QUANTITY 2e6 share).",
        # period, as it stands
        "Revenue for [the year ended December 31, 2022](PERIOD 2022-01-01..2022-12-31 year fiscal) was flat.",
        "The recovery came in the [first half of 2022](PERIOD 2022-H1).",
        "Bookings peaked in [3Q23](PERIOD 2023-Q3).",
        "Guidance for [Q3 FY24](PERIOD FY2024-Q3) is unchanged.",
        "It was audited for [FY2023/24](PERIOD FY2024).",
        "The target for [fiscal 2024](PERIOD FY2024) stands.",
        "Profit fell [year-on-year](PERIOD ? year).",
        "Earnings are shown on an [LTM](PERIOD ? range) basis.",
        "The bonds mature on [14 March 2031](PERIOD 2031-03-14).",
        "The offer closes on [March 14, 2031](PERIOD 2031-03-14).",
        "The record date is [2031-03-14](PERIOD 2031-03-14).",
        "Production starts in [March 2031](PERIOD 2031-03).",
        "It was founded in [1987](PERIOD 1987).",
        "The strike lasted from [March 3-7, 2031](PERIOD 2031-03-03..2031-03-07).",
        "The plan for [2031 to 2033](PERIOD 2031..2033) was dropped.",
        "The accounts for [the third quarter of 2031](PERIOD 2031-Q3) are late.",
        # traps: no date
        "It booked revenue of [1200 units](QUANTITY 1200 unit) sold.",
        "The shares closed at a price of 12.5 after the call.",
        "Growth may rise [5%](PERCENT 5 up) to 4.2 by [2025](PERIOD 2025).",
        # tickers and identifiers
        "Watch [$AAPL](TICKER AAPL) today.",
        "The maker of phones ([NASDAQ: AAPL](TICKER AAPL NASDAQ)) said so.",
        "Shares of [AAPL.O](TICKER AAPL O) were halted.",
        "The carrier [LSE:VOD](TICKER VOD LSE) raised its offer.",
        "The note, ISIN [US0378331005](TICKER US0378331005 kind=isin), was placed.",
        "The note, CUSIP [037833100](TICKER 037833100 kind=cusip), was placed.",
        "The share, SEDOL [B0YBKJ7](TICKER B0YBKJ7 kind=sedol), was moved.",
        "The issuer, LEI [HWUPKR0MPOU8FGXBT394](TICKER HWUPKR0MPOU8FGXBT394 kind=lei), filed.",
        # traps: no ticker
        "ALL of IT is ON A par with the rest.",
    ),
    "2024-02-14": (
        "Sales fell in [the third quarter](PERIOD 2023-Q3) but rose after that.",
        "Cash flow is positive [YTD](PERIOD 2024-01-01..2024-02-14 range).",
        "Margins improved on [the previous quarter](PERIOD 2023-Q4).",
        "Profit was [$3m](MONEY USD 3e6) in [Q4](PERIOD 2023-Q4), up from [$2m](MONEY USD 2e6) "
        "[a year earlier](PERIOD 2022-Q4).",
        "The chairman resigned [yesterday](PERIOD 2024-02-13).",
        "The board meets on [Friday](PERIOD 2024-02-16).",
        "Sales were weak [last year](PERIOD 2023).",
        "The merger closes [next month](PERIOD 2024-03).",
    ),
}
