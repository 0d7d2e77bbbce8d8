"""Words of the quantities, apart from the engine: units of measure and their notations, and what helps to tell a
counted noun from other words behind a number.

A unit of measure is named as Pint names it, with four differences that the annotation guideline makes: `tonne`
(metric_ton), `square_X`, `cubic_X`, and the units that Pint lacks, which `DEFINITIONS` gives it.
"""

_words = str.split

# --- units of measure ---

METRIC_PREFIXES = {
    "watt": "kilo mega giga tera",
    "watt hour": "kilo mega giga tera",
    "volt": "kilo",
    "joule": "kilo mega giga tera peta",
    "meter": "centi milli kilo",
    "gram": "milli kilo",
    "liter": "milli centi hecto mega",
    "byte": "kilo mega giga tera peta",
    "bit": "kilo mega giga tera",
    "hertz": "kilo mega giga tera",
    "tonne": "kilo mega giga",
}
"""Units that are written out with a prefix, and which."""

SPELLINGS = {"meter": "metre", "liter": "litre", "gram": "gramme"}

NAMES = {
    "acre": "acre acres", "hectare": "hectare hectares", "barrel": "barrel barrels", "bushel": "bushel bushels",
    "gallon": "gallon gallons", "ton": "ton tons short_ton short_tons", "long_ton": "long_ton long_tons",
    "tonne": "metric_ton metric_tons metric_tonne metric_tonnes", "ounce": "ounce ounces fine_ounce fine_ounces",
    "troy_ounce": "troy_ounce troy_ounces", "carat": "carat carats", "foot": "foot feet", "inch": "inches",
    "yard": "yard yards", "mile": "mile miles", "nautical_mile": "nautical_mile nautical_miles",
    "therm": "therm therms", "horsepower": "horsepower", "kilogram": "kilo kilos", "degree": "degree degrees",
    "degree_Celsius": "degrees_celsius degree_celsius degrees_centigrade",
    "degree_Fahrenheit": "degrees_fahrenheit degree_fahrenheit",
    "acre_foot": "acre_foot acre_feet", "board_foot": "board_foot board_feet",
    "megavolt_ampere": "megavolt_ampere megavolt_amperes",
    "boe": "boe barrel_of_oil_equivalent barrels_of_oil_equivalent",
    "tonne_of_oil_equivalent": "toe tonne_of_oil_equivalent tonnes_of_oil_equivalent tons_of_oil_equivalent",
    "mmbtu": "mmbtu mmbtus million_british_thermal_units",
    "deadweight_tonne": "dwt deadweight_ton deadweight_tons deadweight_tonne deadweight_tonnes",
}  # fmt: skip
"""Unit: its names in words, `_` for a space or a hyphen."""

LENGTHS = frozenset({"foot", "meter", "kilometer", "mile", "yard", "inch", "centimeter"})
LENGTH_SYMBOLS = {"m": "meter", "ft": "foot", "km": "kilometer", "mi": "mile", "yd": "yard", "in": "inch"}
"""What may be square or cubic."""

SYMBOLS = {
    "W": "watt", "kW": "kilowatt", "KW": "kilowatt", "MW": "megawatt", "GW": "gigawatt", "TW": "terawatt",
    "kw": "kilowatt", "mw": "megawatt", "gw": "gigawatt", "MWp": "megawatt", "GWp": "gigawatt", "MWe": "megawatt",
    "Wh": "watt_hour", "kWh": "kilowatt_hour", "MWh": "megawatt_hour", "GWh": "gigawatt_hour", "TWh": "terawatt_hour",
    "KWh": "kilowatt_hour", "KWH": "kilowatt_hour", "MWH": "megawatt_hour", "GWH": "gigawatt_hour",
    "TWH": "terawatt_hour", "kwh": "kilowatt_hour", "mwh": "megawatt_hour", "gwh": "gigawatt_hour",
    "twh": "terawatt_hour", "MVA": "megavolt_ampere", "kV": "kilovolt", "hp": "horsepower",
    "kJ": "kilojoule", "MJ": "megajoule", "GJ": "gigajoule", "TJ": "terajoule", "PJ": "petajoule",
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "THz": "terahertz",
    "kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "PB": "petabyte",
    "kbps": "kilobit/second", "Mbps": "megabit/second", "Gbps": "gigabit/second",
    "km": "kilometer", "KM": "kilometer", "cm": "centimeter", "ft": "foot", "nmi": "nautical_mile",
    "kg": "kilogram", "KG": "kilogram", "kgs": "kilogram", "mg": "milligram", "lb": "pound", "lbs": "pound",
    "LB": "pound", "LBS": "pound", "oz": "ounce", "OZ": "ounce", "ozt": "troy_ounce", "ct": "carat",
    "ha": "hectare", "gal": "gallon", "hl": "hectoliter", "ml": "milliliter", "cl": "centiliter", "bu": "bushel",
    "mt": "tonne", "MT": "tonne", "mts": "tonne",
    "km/h": "kilometer/hour", "kph": "kilometer/hour", "kmh": "kilometer/hour", "mph": "mile/hour",
    "°C": "degree_Celsius", "°F": "degree_Fahrenheit", "°": "degree",
    "sqm": "square_meter", "sqft": "square_foot", "sqkm": "square_kilometer", "cbm": "cubic_meter",
    "km²": "square_kilometer", "km2": "square_kilometer", "m²": "square_meter", "m2": "square_meter",
    "ft²": "square_foot", "ft2": "square_foot", "m³": "cubic_meter", "m3": "cubic_meter", "ft³": "cubic_foot",
    "ft3": "cubic_foot",
    "bbl": "barrel", "bbls": "barrel", "bpd": "barrel/day", "bopd": "barrel/day", "b/d": "barrel/day",
    "boepd": "boe/day", "boed": "boe/day", "tpa": "tonne/year", "tpd": "tonne/day", "tph": "tonne/hour",
    "scf": "cubic_foot",
}  # fmt: skip
"""Notation: its unit. Case counts, since `Mt` is not `mt`. Left out is what is a scale or a word as well: m, mm, k, b,
V, in."""

SCALED_SYMBOLS = {
    "kt": "3 tonne", "Mt": "6 tonne", "Gt": "9 tonne", "ktpa": "3 tonne/year", "mtpa": "6 tonne/year",
    "koz": "3 ounce", "moz": "6 ounce",
    "kboe": "3 boe", "kboepd": "3 boe/day", "kboed": "3 boe/day", "mboe": "3 boe", "mboepd": "3 boe/day",
    "mboed": "3 boe/day", "mmboe": "6 boe", "mmboepd": "6 boe/day", "mmboed": "6 boe/day",
    "kbbl": "3 barrel", "mbbl": "3 barrel", "mbbls": "3 barrel", "mmbbl": "6 barrel", "mmbbls": "6 barrel",
    "kbpd": "3 barrel/day", "kbd": "3 barrel/day", "kb/d": "3 barrel/day", "mb/d": "6 barrel/day",
    "mmb/d": "6 barrel/day", "mmbpd": "6 barrel/day",
    "mcf": "3 cubic_foot", "mmcf": "6 cubic_foot", "mmscf": "6 cubic_foot", "bcf": "9 cubic_foot",
    "tcf": "12 cubic_foot", "mcfd": "3 cubic_foot/day", "mmcfd": "6 cubic_foot/day", "mmscfd": "6 cubic_foot/day",
    "bcfd": "9 cubic_foot/day", "mcm": "6 cubic_meter", "bcm": "9 cubic_meter", "tcm": "12 cubic_meter",
    "mtoe": "6 tonne_of_oil_equivalent",
}  # fmt: skip
"""Notation with a scale inside: its power of ten and its unit. Case does not matter, except for `Mt`. In American oil
and gas `m` is a thousand and `mm` a million; the IEA's `mb/d` is a million barrels a day."""

CAREFUL_SYMBOLS = {"t": "tonne", "g": "gram", "l": "liter", "L": "liter"}
"""Units only where a substance follows: "500 t of copper"."""

DEFINITIONS = (
    "boe = 5.8e6 * Btu",  # barrel of oil equivalent: 26 U.S.C. § 45K (d)(5)
    "mmbtu = 1e6 * Btu",
    "deadweight_tonne = metric_ton",
    "quarter_year = year / 4",  # Pint's quarter is a weight
)
"""What Pint does not know, in its own notation."""

TIMES = {
    "second": "second", "sec": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week",
    "month": "month", "quarter": "quarter", "year": "year", "annum": "year", "night": "night",
}  # fmt: skip
DURATIONS = frozenset(TIMES.values()) - {"night"}
TIME_SYMBOLS = {"s": "second", "h": "hour", "hr": "hour", "d": "day", "y": "year", "yr": "year", "a": "year"}
"""What a rate is for: in words behind any unit ("a day"), as a symbol behind a unit of measure ("/d")."""

NOT_AFTER_ONE = frozenset({"foot", "inch", "yard", "degree", "kilogram", "ton", "mile"})
"""Of which "one" is an idiom ("one foot in the door")."""

COUNTED_ONE = frozenset({"notch", "point", "tick", "pip"})
"""Counted nouns of which "one" is a figure; elsewhere "one" means "a"."""

DIVISIBLE = COUNTED_ONE | {"star", "turn", "lot", "share", "unit", "job", "position", "ticket", "contract"}
"""Counted nouns that may have a decimal without a scale ("2.5 points")."""

# --- counted nouns ---

INVARIANT = {
    **{word: word for word in _words("aircraft spacecraft watercraft hovercraft staff personnel cattle sheep police")},
    **{word: word for word in _words("series species headquarters crossroads salmon livestock")},
    "head": "head", "teu": "teu", "cos": "company", "ppl": "person", "people": "person", "folk": "person",
    "folks": "person",
}  # fmt: skip
"""Counted without an s."""

IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "geese": "goose",
    "mice": "mouse", "oxen": "ox", "grandchildren": "grandchild", "criteria": "criterion", "phenomena": "phenomenon",
    "analyses": "analysis", "crises": "crisis", "theses": "thesis", "hypotheses": "hypothesis",
    "diagnoses": "diagnosis", "prognoses": "prognosis", "oases": "oasis", "parentheses": "parenthesis",
    "axes": "axis", "indices": "index", "matrices": "matrix", "vertices": "vertex", "appendices": "appendix",
    "alumni": "alumnus", "nuclei": "nucleus", "stimuli": "stimulus", "cacti": "cactus", "fungi": "fungus",
    "bacteria": "bacterium", "referenda": "referendum", "memoranda": "memorandum", "strata": "stratum",
    "loaves": "loaf", "wolves": "wolf", "halves": "half", "knives": "knife", "wives": "wife", "lives": "life",
    "shelves": "shelf", "leaves": "leaf", "thieves": "thief", "calves": "calf", "scarves": "scarf",
    "hooves": "hoof", "midwives": "midwife", "housewives": "housewife",
    "gases": "gas", "biases": "bias", "canvases": "canvas", "atlases": "atlas", "aliases": "alias", "lenses": "lens",
    "irises": "iris", "quizzes": "quiz", "heroes": "hero", "echoes": "echo", "potatoes": "potato",
    "tomatoes": "tomato", "vetoes": "veto", "cargoes": "cargo", "torpedoes": "torpedo", "embargoes": "embargo",
    "mosquitoes": "mosquito", "tornadoes": "tornado", "volcanoes": "volcano", "mangoes": "mango",
    "movies": "movie", "cookies": "cookie", "ties": "tie", "pies": "pie", "lies": "lie", "zombies": "zombie",
    "calories": "calorie", "rookies": "rookie", "selfies": "selfie", "genies": "genie", "prairies": "prairie",
    "newbies": "newbie", "junkies": "junkie", "sorties": "sortie", "smoothies": "smoothie", "hoodies": "hoodie",
    "brownies": "brownie", "eyries": "eyrie", "neckties": "necktie", "townies": "townie", "walkie-talkies":
    "walkie-talkie", "caches": "cache", "headaches": "headache", "niches": "niche", "avalanches": "avalanche",
    "creches": "creche", "aches": "ache", "toothaches": "toothache",
    "buses": "bus", "minibuses": "minibus", "viruses": "virus", "bonuses": "bonus", "campuses": "campus",
    "censuses": "census", "statuses": "status", "surpluses": "surplus", "prospectuses": "prospectus",
    "focuses": "focus", "apparatuses": "apparatus", "choruses": "chorus", "circuses": "circus", "geniuses": "genius",
    "omnibuses": "omnibus", "octopuses": "octopus", "walruses": "walrus", "trolleybuses": "trolleybus",
    "passers-by": "passer-by", "staffers": "staffer", "pairs": "pair", "heads": "head", "blitzes": "blitz",
    "waltzes": "waltz", "quartzes": "quartz",
}  # fmt: skip
"""Plurals that the rules of `singularize` would not undo."""

PERSONS = {"people": "person", "women": "woman", "men": "man", "children": "child"}
"""Ends of compounds: "salespeople"."""
NO_PERSONS = frozenset({"specimen", "regimen", "abdomen", "acumen", "ramen", "semen", "stamen", "omen"})

NOT_COUNTED = frozenset(
    _words(
        # time
        "seconds secs milliseconds microseconds nanoseconds minutes mins hours hrs days weekdays weeks weekends "
        "fortnights months mos quarters semesters trimesters years yrs decades centuries nights "
        "evenings mornings afternoons sessions seasons generations "
        "moments ages mondays tuesdays wednesdays thursdays fridays saturdays sundays times "
        # parts and multiples
        "halves thirds fourths fifths sixths sevenths eighths ninths tenths hundredths percents percentages "
        "tens dozens hundreds thousands millions billions trillions lakhs crores ones twos threes fives nines bps pts "
        # money
        "afghanis balboas birrs bolivars bolivianos bucks cedis centavos centimes cents colones cordobas crowns "
        "dalasis deutschmarks dinars dirhams dollars drachmas escudos eurocents euros forints francs grand guaranis "
        "guilders hryvnias kopecks korunas kronor kroons kunas kwachas kwanzas laris lats lempiras liras manats marks "
        "meticais nairas pennies pesetas pesos pounds pulas quetzals quid rands reais reals rials riels ringgits "
        "riyals roubles rubles rupees rupiahs schillings shekels shillings soles takas tenges yuan zlotys "
        # no plural, or no count
        "earnings proceeds others levels ores "
        "is was has does as this its his hers ours theirs yours us vs plus minus across versus towards upwards "
        "downwards afterwards forwards backwards besides perhaps always sometimes nowadays less unless thus yes "
        "business overseas news ways otherwise apiece whereas alas indoors outdoors else's gas "
        # verbs
        "says goes comes gets gives takes makes keeps sees seeks becomes begins brings follows includes exceeds "
        "remains seems appears allows requires provides means represents marks reads runs tells shows implies "
        "equals lies adds applies "
        # what numbers a series, or a sport
        "am pm et al x"
    )
)
"""Behind a number, no counted noun: durations, fractions, money, and words that only look like a plural."""

PLURAL_MODIFIERS = frozenset(
    _words("sales savings sports goods arms customs operations communications systems telecoms women")
)
"""Plurals that may stand before the noun: "120 sales jobs"."""

ADJECTIVES = frozenset(
    _words(
        "new newer old older young younger big bigger large larger small smaller high higher low lower long longer "
        "short shorter good better best bad worse worst great greater full fuller early earlier late later near nearer "
        "further more other extra additional different separate individual distinct main major minor "
        "key top leading senior "
        "junior former current present recent future past last next first second third final latest prime "
        "own rare common ordinary voting "
        "non-voting diluted registered bearer outstanding remaining existing surviving pending ongoing upcoming "
        "operating missing following preceding competing rising falling growing working living so-called such "
        "same similar equal fresh free open closed public private local regional national international global "
        "federal foreign domestic overseas urban rural coastal offshore onshore northern southern eastern western "
        "central european american asian african german french british english italian spanish chinese japanese "
        "indian russian swiss dutch swedish norwegian danish finnish polish brazilian mexican canadian australian "
        "turkish greek irish scottish welsh portuguese korean "
        "commercial industrial residential digital electrical mechanical medical natural social cultural "
        "financial annual special general normal typical total whole actual real physical formal informal legal "
        "illegal official original initial essential substantial potential critical vital royal loyal "
        "daily weekly monthly quarterly yearly "
        "heavy light hard soft hot cold warm cool dry wet fast slow quick rich poor cheap expensive strong weak "
        "safe clean dirty green red blue white black brown grey gray dark bright straight consecutive successive "
        "direct indirect modern mature busy idle empty vacant ready willing skilled unskilled "
        "independent permanent temporary voluntary primary secondary tertiary military civilian "
        "ultra-low joint giant tiny huge vast wide narrow deep thin thick tall flat round square brand-new "
        "different important relevant significant frequent urgent innocent adjacent redundant dormant "
        "elderly friendly likely unlikely deadly costly "
        "single double triple "
        "male female known unknown"
    )
)
"""May stand between a number in digits and its noun, and is no part of the unit. Adjectives in -ous, -ful, -less, -est,
-ed and so on are told by their ending."""

ADJECTIVE_ENDINGS = ("ous", "ful", "less", "est", "ed", "ive", "ic", "ical", "ible", "able", "ish", "ional", "orial")
NO_ADJECTIVES = frozenset(
    _words(
        "executive initiative locomotive automotive derivative objective directive archive hive olive drive traffic "
        "music clinic plastic ceramic mechanic logistic fabric picnic topic metric statistic cable "
        "table vegetable forest "
        "interest guest test request harvest feed seed bed shed breed speed weed business airless process access "
        "finish rubbish fish dish constable timetable relative representative"
    )
)
"""Nouns that end like an adjective."""

NO_ADVERBS = frozenset(_words("family supply assembly monopoly anomaly ally fly jelly reply butterfly"))
"""Nouns in -ly; every other such word is an adverb: "the chain that Five Star currently manages"."""

NO_MODIFIER = frozenset(
    _words(
        # function words
        "a an the and or nor but of in on at to from for by with without within into onto over under above below "
        "between among amongst through throughout during before after since until till against about around across "
        "behind beyond despite except like near off out per plus than that which who whom whose what when where why "
        "how if because while although though as so yet not no only just also even still already again ever "
        "never now then there here too very more most much many few each every either neither both all any some "
        "this these those it he she they we you i me him her us them my your his their our is are was were be been "
        "being am do does did have has had will would shall should can could may might must ago apart away back "
        "down up via amid versus vs x exp expected yr yrs "
        # past tenses and verbs that follow a number which is a name or a subject
        "said rose fell sent cut hit put set beat made took gave lost won led left met kept held sold bought brought "
        "paid grew drew ran saw told went came got became began broke chose drove felt found fought flew forgot knew "
        "laid lent let meant read rode rang sank sought shot shrank shut slid spoke spent spread stood swept swung "
        "taught thought threw wore wrote say go see get take make keep agree want expect predict think believe come "
        # time, money and parts
        "second minute hour day week month quarter year decade century night morning evening "
        "time percent percentage per pct pp ppt bp bps basis half "
        "third fifth tenth hundred thousand million billion trillion dozen dollar euro cent pence yen won yuan "
        "renminbi rand baht krona krone kroner ringgit rupiah peso franc pound january february march april may june "
        "july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
        "monday tuesday wednesday thursday friday saturday sunday us u.s american hong swiss canadian australian "
        "singapore"
    )
)
"""Not between a number and its noun."""

COUNTERS = frozenset(
    _words(
        "item items note section sections exhibit chapter rule rules phase stage tier level form class type basel "
        "scope grade page pages no nos number unit article articles act series gen generation step version part "
        "schedule annex table figure line question fiscal zone lot block room "
        "floor flight route highway size division formula resolution decree directive regulation title "
        "juror pillar model terminal gate paragraph category round match episode volume season track clause "
        "bay pier berth platform ward reactor "
        "nikkei stoxx topix ftse dax cac ibex s&p sp fortune russell nasdaq omx asx kospi tsx smi msci g"
    )
)
"""Words that number things: the 2 of "Item 2" and the 500 of "Fortune 500" count nothing."""

MONTHS = frozenset(
    _words(
        "january february march april may june july august september october november december jan feb mar apr jun "
        "jul aug sep sept oct nov dec"
    )
)

MOVES = frozenset(
    _words("fall rise gain drop slip climb jump sink end close edge dip soar tumble slide surge rally outrun lose win")
)
"""Nouns of which the plural is a verb behind a name with a number: "the Mariner 600 gains 2%"."""

PASSED = frozenset(
    _words("topped topping passed passing surpassed surpassing exceeded exceed exceeds surpass surpasses pass tops")
)
"""Verbs that make a figure a lower bound: "output topped 300,000 barrels a day"."""

OF_SUBSTANCE = (" of oil", " of crude oil", " of crude", " of gas", " of natural gas", " of water")
"""May stand between a unit and its rate: "5,000 barrels of oil a day"."""
