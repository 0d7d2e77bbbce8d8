"""The words of `direction`: verbs, nouns, adjectives and idioms of rise and fall in news about markets and companies.
Data only.

A hyphen stands for a space: "claw-back" is "clawed back". A particle alone ("up 5%", "marked down by 5%") needs no
entry; what it does not mean is in `PHRASAL`.
"""

from ..values import Direction

_words = str.split
_VOWELS = frozenset("aeiou")

# Regular verbs, by their base.
_REGULAR_UP = """
accelerate accumulate add advance amplify appreciate ascend augment balloon blossom boost bounce bounce-back broaden
bump catapult claw-back climb compound deepen double edge elevate enhance enlarge escalate expand explode fatten firm
gain gallop haul-in heighten hike hoist improve inch increase inflate intensify jump lengthen lift lurch magnify moon
mount multiply mushroom notch-up pack-on perk pile-on pole-vault pop propel pump push quicken raise rally ratchet
rebound recapture reclaim recoup recover regain reinflate return revive rip roar rocket romp skyrocket snowball
snap-back soar spike spiral sprint spurt steepen stoke strengthen surge swell tack-on top-up treble triple upgrade
uplift uprate vault widen zoom
"""
_REGULAR_DOWN = """
abate axe back-off back-pedal bleed buckle cascade cave chop claw-off clip collapse compress contract cool correct
crack crash crater crimp crumble crumple crush curb curtail dampen decelerate decline decrease deflate dent deplete
depreciate descend devalue dilute dim diminish dip downgrade drain drop dwindle ease ebb erase erode evaporate fade
falter fizzle flop haemorrhage halve hemorrhage implode knock knock-off languish lessen lighten lop lower mark-down
melt moderate narrow nose-dive nosedive pare plummet plunge prune pull-back recede reduce retreat roll-back sag
scale-back sell-off shave shed shorten shrivel skid slacken slash slice slip slow slump soften sour stumble subside
swoon tank taper thin topple trim tumble underdeliver wane weaken whittle wilt wipe wipe-off wipe-out wither wobble
yield-up
"""
# Irregular verbs: base, third person, past, participles.
_IRREGULAR_UP = """
rise rises rose risen rising | grow grows grew grown growing | leap leaps leapt leaped leaping | put-on puts-on
put-on putting-on | go-up goes-up went-up gone-up | creep creeps crept creeping | build builds built building |
win-back wins-back won-back winning-back | make-back makes-back made-back making-back | upswing upswings upswung |
come-back comes-back
came-back | blow-out blows-out blew-out blown-out blowing-out | swell swells swelled swollen swelling |
run-up runs-up ran-up running-up | drive drives drove driven driving
"""
_IRREGULAR_DOWN = """
fall falls fell fallen falling | lose loses lost losing | slide slides slid sliding | sink sinks sank sunk sinking |
shed sheds shed shedding | cut cuts cut cutting | shrink shrinks shrank shrunk shrinking | dive dives dived dove
diving | give-up gives-up gave-up given-up giving-up | give-back gives-back gave-back given-back giving-back |
give-way gives-way gave-way given-way giving-way | go-down goes-down went-down gone-down | come-down comes-down
came-down | come-off comes-off came-off coming-off | bleed bleeds bled bleeding | fall-back falls-back fell-back
fallen-back | take-off takes-off took-off taken-off taking-off | hand-back hands-back handed-back handing-back |
forgo forgoes forwent forgone forgoing | nosedive nosedives nosedove | cut-back cuts-back cut-back cutting-back
"""
# Verbs of a move whose subject is what moves: no noun behind "rose 3%" is their object.
_INTRANSITIVE = """
advance appreciate climb collapse contract crash crater decline decrease depreciate dip dive dwindle edge gain increase
jump leap nosedive plummet plunge rally rebound retreat rocket sag shrink skid skyrocket slip slump soar spike stumble
surge tumble weaken strengthen
"""
_NOUNS_UP = """
rise rises increase increases gain gains growth jump jumps surge surges advance advances rally rallies improvement
improvements climb climbs uptick upticks upturn upsurge upswing rebound rebounds recovery recoveries expansion hike
hikes leap leaps boost raise raises spike spikes bounce bounces appreciation uplift uplifts acceleration pop
strengthening widening firming mark-up markup step-up steepening pick-up pickup bump run-up melt-up resurgence
revaluation increment increments escalation upmove hikes pay-rise vault lift comeback revival
"""
_NOUNS_DOWN = """
fall falls drop drops decline declines decrease decreases loss losses slump slumps slide slides dip dips plunge
plunges cut cuts reduction reductions contraction contractions tumble tumbles crash crashes downturn downtick retreat
retreats setback shrinkage depreciation devaluation erosion easing easings collapse collapses sell-off sell-offs
selloff selloffs pullback pullbacks pull-back correction corrections haircut haircuts slowdown deterioration
weakening narrowing markdown markdowns writedown writedowns write-down write-downs nosedive swoon rout drawdown
drawdowns slippage softening wobble sag skid stumble slip slips compression curtailment cooling moderation
deceleration wipeout meltdown downswing giveback rollback lowering hit diminution plummet shedding trimming cutback
cutbacks
"""
_AFTER_UP = """
higher more up dearer stronger larger bigger costlier richer faster greater upward upwards better wider firmer longer
heavier steeper fatter ahead extra taller hotter quicker busier
"""
_AFTER_DOWN = """
lower less fewer down cheaper weaker smaller off slower poorer downward downwards worse narrower tighter softer
shorter lighter thinner adrift lesser shallower quieter
"""

# "3% above where it closed" is a move, "3% above its average" is not: these need a word of time behind them.
POSITIONS: dict[str, Direction] = {
    "above": "up", "below": "down", "beneath": "down", "behind": "down", "ahead of": "up", "short of": "down",
    "shy of": "down",
}  # fmt: skip
EARLIER = frozenset(
    _words(
        "where previous prior earlier ago before yesterday last settlement settle close closed closing previously "
        "preceding opening open year-ago peak peaks issue listing ipo flotation debut high highs low lows record"
    )
)
NOT_EARLIER = frozenset(
    _words(
        "average averages mean trend target targets forecast forecasts offer bid par consensus estimate estimates "
        "expectations expected plan plans planned budget budgeted guidance schedule goal norm norms limit threshold "
        "peers rivals rival's requirement minimum benchmark"
    )
)

# "ended 2% to the good"
IDIOMS_AFTER: dict[str, Direction] = {
    "to the good": "up", "to the better": "up", "to the worse": "down",
    "in positive territory": "up", "in negative territory": "down",
    "in the green": "up", "in the black": "up", "into the green": "up", "to the upside": "up",
    "to the bad": "down", "in the red": "down", "into the red": "down", "in the hole": "down",
    "to the downside": "down",
}  # fmt: skip

# "up 12%", "down 4%", "off 3%": said of what has happened, as a past tense is.
PARTICLES: dict[str, Direction] = {
    "up": "up", "down": "down", "off": "down", "higher": "up", "lower": "down", "upward": "up", "upwards": "up",
    "downward": "down", "downwards": "down", "ahead": "up", "firmer": "up", "weaker": "down", "stronger": "up",
    "softer": "down",
}  # fmt: skip

# "improve", "worsen": which way the figure went depends on what it measures; "spreads tightened", "policy tightened".
GOOD_UP = frozenset(_words("improve improves improved improving improvement improvements better betters bettered"))
BAD_DOWN = frozenset(
    _words("deteriorate deteriorates deteriorated deteriorating deterioration worsen worsens worsened worsening")
)
ADVERSE = frozenset(
    _words(
        "loss losses deficit deficits debt debts arrears default defaults churn cost costs expense expenses "
        "unemployment jobless ratio leverage gearing delinquencies delinquency charge-offs impairments cancellations "
        "attrition waste emissions accidents complaints shortfall crime delays overdraft inflation vacancy vacancies"
    )
)
# Of these, more is better: "the solvency ratio improved".
FAVOURABLE = frozenset(
    _words("solvency capital cet1 tier coverage liquidity cover adequacy reserve recovery replacement payout retention")
)
# "50 basis points of easing"
POLICY_MOVES: dict[str, Direction] = {
    **dict.fromkeys(_words("easing loosening cuts reductions"), "down"),
    **dict.fromkeys(_words("tightening hikes increases"), "up"),
}  # fmt: skip
# Verbs whose particle says which way: "drove down costs 3%".
DRIVERS = frozenset(
    _words(
        "drive drives drove driven driving push pushes pushed pushing pull pulls pulled pulling drag drags dragged "
        "dragging bring brings brought bringing force forces forced forcing send sends sent sending"
    )
)
TIGHTEN = frozenset(_words("tighten tightens tightened tightening"))
SPREADS = frozenset(
    _words("spread spreads premium premiums gap discount discounts bond bonds notes swaps mid-swaps cds")
)

# "made 5%" of an investor, but "made 5% of its sales abroad".
WEAK_UP = frozenset(_words("make makes made making clock clocks clocked netted"))
# "recovered 5%", but "recovered 5% of what it is owed".
RECOVERING = frozenset(_words("recover recovers recovered recovering recoup recoups recouped recouping"))
# "contributed 1.5 points to growth", but "contributed 40% of sales".
CONTRIBUTING = frozenset(_words("contribute contributes contributed contributing"))
WEAK_DOWN = frozenset(_words("dump dumps dumped dumping cost costs costing"))

# "wrote off 3%", "made up 2% of", "put down 40%": here the particle belongs to the verb.
_PHRASAL = {
    "off": (
        "write writes wrote writing written sell sells sold selling lay lays laid laying pay pays paid paying "
        "spin spins spun spinning hive hives hived hiving split splits splitting carve carves carved carving farm "
        "farms farmed siphon siphons siphoned hold holds held"
    ),
    "up": (
        "set sets setting buy buys bought buying snap snaps snapped snapping soak soaks soaked mop mops mopped "
        "eat eats ate eaten eating take takes took taken taking use uses used using put puts putting stump stumps "
        "stumped cough coughs coughed hoover hoovers hoovered gobble gobbles gobbled swallow swallows swallowed "
        "pony ponies ponied sign signs signed scoop scoops scooped tie ties tied"
    ),
    "short": "fall falls fell fallen falling come comes came coming",
    "behind": "fall falls fell fallen falling slip slips slipped slipping",
    "down": "put puts putting pay pays paid paying turn turns turned turning draw draws drew drawn drawing set sets",
    "ahead": "go goes went",
}
PHRASAL = frozenset(f"{verb} {particle}" for particle, verbs in _PHRASAL.items() for verb in verbs.split())

# "sold off 6%" of a share, but "sold off 6% of its loans".
SOLD_OFF = frozenset({"sell off", "sells off", "sold off", "selling off"})
# Between a mover and its figure: "rose just another 5%". Adverbs in -ly are skipped as well.
SKIPPED = frozenset(
    _words(
        "just only another further some between barely still even as by-a again yet much then also additional exactly "
        "hardly all almost a-full well fully too altogether overall together like"
    )
)
AFTER_ARTICLE = frozenset(
    _words(
        "further additional whole full solid mere combined hefty modest total stunning cool massive whopping chunky "
        "measly paltry adjusted annualised annualized annual average record healthy meagre respectable staggering "
        "robust sharp steep punchy hearty brisk scant"
    )
)
ARTICLES = frozenset(_words("a an the its their his her our this that these those my your"))
# Between a move and its size: "by an average of 4%".
AVERAGES = frozenset(_words("average total combined median cumulative"))
# An amount in words: "lost half its value, or 52%".
FRACTIONS = frozenset(
    _words("half third quarter fifth tenth two-thirds thirds three-quarters quarters doubled halved digits")
)
# What bidders pay above or below a close is a premium or a discount: a level.
BIDS = frozenset(_words("bid bids offer offers offered proposal proposals bidder bidders"))
# "at an ultra low -0.1%"
LEVEL_ADJECTIVES = frozenset(_words("low ultra ultra-low record negative current high"))
# Not part of "raised the dividend 4%": whatever stands before one of these governs something else.
STOPS = frozenset(
    _words(
        "to at from with above below under against than in on for and or but as of is was are were be been has have "
        "had after before since while because when which who that if into through over via until without within "
        "beyond toward towards out per yet so not will would could can may might should must do does did"
    )
)
# Prepositions, conjunctions and participles as prepositions: a noun behind one is not what the figure before it counts,
# "rose 3% despite losses", "fell 3% amid growth fears".
BOUNDARIES = frozenset(
    _words(
        "amid amidst despite during following given near though although where whereas once unless excluding "
        "including alongside along across around throughout about beside besides between except like unlike off onto "
        "outside past regarding underneath upon versus vs vs. whether whose how what thanks owing due notwithstanding "
        "pending barring helped hurt led down up behind then when today yesterday overnight last next"
    )
)
# "5% in Europe and 3% in Asia", "2% more, not 14%", "rose 2.9% in May after 3.1% in April".
INHERITS = frozenset(_words("and or versus vs vs. against with after following"))
INHERITING_PAIRS = frozenset({"rather than", "instead of", ", not", "but not"})
# "rose 0.3%, against a consensus of 0.2%": what was expected of the same move.
# "grew 3%, quicker than the 2% of May", "half the 6% pace", "missed the 2% that was looked for"
COMPARATORS = frozenset(
    _words(
        "than versus vs vs. against half double twice triple beat beats beating missed misses missing topped tops "
        "topping exceeded exceeds exceeding outpaced outpaces outpacing trailed trails trailing lagged lags lagging "
        "outstripped outstripping matched matches matching undershot undershooting follows followed"
    )
)
COMPARATOR_PAIRS = frozenset({"short of", "shy of", "ahead of", "up from", "down from", "slower from", "compared to"})
# "losses ranged from 1% to 3%"
RANGING = frozenset(_words("range ranges ranged ranging vary varies varied varying"))
# What may follow "gold rose 3%, silver 5%".
AFTER_GAP = frozenset(_words("and to in on at over from since this last against but while as after year by for"))
COMPARING = frozenset(
    _words("against versus vs vs. than above below beating topping missing exceeding compared short with after")
)
EXPECTATIONS = frozenset(
    _words(
        "consensus forecast forecasts estimate estimates expectation expectations expected predicted projected poll "
        "polls pencilled penciled"
    )
)
BE = frozenset(_words("was were is are be been being totalled totaled averaged"))
# "the 5% that they had lost"
PERFECT = frozenset(_words("had has have"))
# "sold 5% more", but "fell 5% more"; "was 5% off", but "fell 5% off record levels"
OF_AMOUNT = frozenset(_words("more less fewer ahead off extra better worse"))
# Before the size of a part: "raised provisions worth 5% of loans".
LINKS = frozenset({"worth", "equal", "equivalent", "means", "mean", "get", "gets", "has", "owns", "pays"})
# Of gerunds, those that name what is measured: "raised spending 5%", not "raised provisions covering 5%".
ACTIVITIES = frozenset(
    _words(
        "spending lending funding pricing trading hiring housing shipping advertising marketing borrowing financing "
        "drilling mining banking manufacturing building training processing farming fishing staffing earning planting "
        "wording engineering gaming handling gearing rating"
    )
)
ALSO_TRANSITIVE = frozenset(_words("gaining losing increasing decreasing dropping edging advancing"))
# "31% off its low"
BOTTOMS = frozenset(_words("low lows bottom trough"))
# "The gain stands at 33%", "growth came in at 4%": as "is" and "was".
COPULAS = (
    "came in at",
    "comes in at",
    "came to",
    "comes to",
    "amounted to",
    "amounts to",
    "is put at",
    "was put at",
    "stood at",
    "stands at",
    "worked out at",
    "ran at",
)
PASSIVE = frozenset(_words("was were is are has have had been being got gets"))
# Verbs of taking away or adding a part: "5% was wiped off the index".
PARTED: dict[str, Direction] = {
    **dict.fromkeys(
        _words("wiped shaved lopped knocked cut slashed trimmed erased chopped sliced pared shed lost clipped"), "down"
    ),
    **dict.fromkeys(_words("added gained regained"), "up"),
}  # fmt: skip
PRONOUNS = frozenset(_words("that which it they he she we i you"))
PACES = frozenset(_words("pace rate clip rates paces annual annualised annualized yearly"))
# "grew at 5%" says how much it moved, unlike "closed up at 5%".
PACED = frozenset(
    _words(
        "grow grows grew grown growing expand expands expanded expanding increase increased increasing rise rose "
        "risen rising climb climbed climbing contract contracts contracted contracting shrink shrinks shrank shrunk "
        "shrinking decline declined declining fall fell fallen falling compound compounds compounded compounding "
        "accelerate"
    )
)
# What is a level whatever moves beside it: "rose 3%, margin 12%"; "a yield of -0.3%".
LEVEL_NOUNS = frozenset(
    _words(
        "margin margins yield yields rate rates ratio ratios stake stakes coupon coupons inflation unemployment share "
        "interest occupancy churn utilisation utilization payout weight weighting return returns roe roce tax fee "
        "fees duty discount premium penetration turnout levy tariff deposit probability chance odds"
    )
)
# "above the 2% target": no figure of the same move.
NORMS = LEVEL_NOUNS | frozenset(
    _words("target goal limit ceiling cap threshold norm maximum minimum requirement stake floor mark level")
)
# "pared a 3% stake": what follows says that the figure is a part.
PARTS = frozenset(_words("stake stakes share shares interest holding shareholding equity owned ownership"))
# Nouns and adjectives as often as verbs: only right before the figure ("the firm's margin by").
NOT_FAR = frozenset(
    _words(
        "firm firms cool slow narrow thin dim pop moon edge edges tank tanks pump pumps dip chip build builds drive "
        "drives return returns yield double treble top correct crack drain crash sour notch lower gap spike add clip "
        "chop axe contract contracts"
    )
)
BEFORE_VERB = frozenset(_words("to will would can could may might should shall must and did does do not"))
# What a rise or fall behind it is not the figure of: "a 40% chance of a rise".
CHANCES = frozenset(_words("chance chances probability odds likelihood possibility yield yields dividend stake margin"))
# "to hit 7.6%" is no fall, "a hit of 2%" and "a 2% hit" are.
REACHES = frozenset({"hit", "lift"})
# "a 60% loss ratio", "a 5% growth rate": the noun only modifies.
HEADS = frozenset(
    _words(
        "ratio ratios rate rates limit threshold target targets leader leaders provision provisions reserve reserves"
    )
)


def _forms(base: str) -> list[str]:
    """The base, and regular forms of a verb; some that nobody writes ("gainned") do no harm."""
    verb, _, particle = base.partition("-")
    if verb in ("nose", "pole", "back") and particle in ("dive", "vault", "pedal"):
        verb, particle = base, ""
    stem = verb[:-1] if verb.endswith("e") else verb
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        forms = [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    else:
        plural = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z")) else f"{verb}s"
        forms = [verb, plural, f"{stem}ed", f"{stem}ing"]
        if verb[-1] not in _VOWELS and verb[-2:-1] in _VOWELS:
            forms += [f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"]
    return [f"{form} {particle}" if particle else form for form in forms]


def _verb_table() -> tuple[dict[str, Direction], frozenset[str]]:
    directions: dict[str, Direction] = {}
    past: set[str] = set()
    tables: tuple[tuple[str, str, Direction], ...] = (
        (_REGULAR_UP, _IRREGULAR_UP, "up"),
        (_REGULAR_DOWN, _IRREGULAR_DOWN, "down"),
    )
    for regular, irregular, direction in tables:
        verbs = [_forms(base) for base in regular.split()]
        verbs += [[form.replace("-", " ") for form in forms.split()] for forms in irregular.split("|")]
        for forms in verbs:
            directions.update(dict.fromkeys(forms, direction))
            past.update(form for form in forms[2:] if not form.split()[0].endswith("ing") and form != forms[0])
    return directions, frozenset(past)


def _noun_table(up: str, down: str) -> dict[str, Direction]:
    up_words: dict[str, Direction] = dict.fromkeys(up.split(), "up")
    down_words: dict[str, Direction] = dict.fromkeys(down.split(), "down")
    return up_words | down_words


def _plural(noun: str) -> str:
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "sh", "x")) else f"{noun}s"


def _with_plurals(nouns: dict[str, Direction]) -> dict[str, Direction]:
    """Nouns, and what their plurals say; "hits" and "lifts" are verbs far more often."""
    singular = [noun for noun in nouns if noun not in REACHES and (not noun.endswith("s") or noun.endswith("ss"))]
    return {_plural(noun): nouns[noun] for noun in singular} | nouns


VERBS, PAST = _verb_table()
NOUNS = _with_plurals(_noun_table(_NOUNS_UP, _NOUNS_DOWN))
COMPARATIVES = _noun_table(_AFTER_UP, _AFTER_DOWN)
INTRANSITIVE = frozenset(form for base in _INTRANSITIVE.split() for form in _forms(base) if form in VERBS) | frozenset(
    _words(
        "rise rises rose risen rising fall falls fell fallen falling grow grows grew grown growing lose loses lost "
        "losing slide slides slid sliding sink sinks sank sunk sinking shrank shrunk drop drops dropped dropping leapt "
        "dove"
    )
)
