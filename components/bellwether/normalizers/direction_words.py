"""The words around rise and fall, by what they do to a figure: what makes it a level, what is not part of its clause,
what links it to the figure before. Data only; the words of rise and fall themselves are in `direction_moves`.
"""

from ..values import Direction
from .direction_moves import COMPARATIVES, INTRANSITIVE, NOUNS, ONLY_NEAR, PAST, REACHES, VERBS

__all__ = ["COMPARATIVES", "INTRANSITIVE", "NOUNS", "ONLY_NEAR", "PAST", "REACHES", "VERBS"]

_words = str.split

# "3% above where it closed" is a move, "3% above its average" is not: these need a word of time behind them.
POSITIONS: dict[str, Direction] = {
    "above": "up", "below": "down", "beneath": "down", "behind": "down", "under": "down", "ahead of": "up",
    "short of": "down",
    "shy of": "down",
}  # fmt: skip
EARLIER = frozenset(
    _words(
        "where previous prior earlier ago before yesterday last settlement settle close closed closing previously "
        "was were been preceding opening open year-ago peak peaks issue listing ipo flotation debut high highs low "
        "lows "
        "record"
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
    "to the downside": "down", "in arrears": "down", "to the plus": "up", "in the plus": "up", "to the minus": "down",
    "in the minus": "down", "under water": "down", "underwater": "down", "out of pocket": "down",
    "light of": "down",
}  # fmt: skip

# "a 60% run"; behind a figure only, for "run" is a verb as often.
AFTER_ONLY: dict[str, Direction] = {
    "run": "up", "ride": "up", "sprint": "up", "winner": "up", "gainer": "up", "riser": "up", "climber": "up",
    "dump": "down", "bath": "down", "trim": "down", "loser": "down", "faller": "down", "decliner": "down",
}  # fmt: skip

# "a 5% move higher"
MOVES = frozenset(_words("move moves shift push drift leg swing step tick ratchet revision adjustment"))

# "up 12%", "down 4%", "off 3%": said of what has happened, as a past tense is.
PARTICLES: dict[str, Direction] = {
    "up": "up", "down": "down", "off": "down", "higher": "up", "lower": "down", "upward": "up", "upwards": "up",
    "downward": "down", "downwards": "down", "ahead": "up", "firmer": "up", "weaker": "down", "stronger": "up",
    "softer": "down", "backward": "down", "backwards": "down",
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

MAKE = frozenset(_words("make makes made making"))
# "made 5%" of an investor, but "made 5% of its sales abroad".
WEAK_UP = frozenset(
    _words(
        "makes made making clock clocks clocked netted bag bags bagged notch notches notched "
        "pocket pocketed return returns returned returning squeak squeaked scrape scraped"
    )
)
# "recovered 5%", but "recovered 5% of what it is owed"; "surrendered 3%", but "surrender 25% of the licence".
RECOVERING = frozenset(
    _words(
        "recover recovers recovered recovering recoup recoups recouped recouping relinquish relinquished relinquishing "
        "forfeit forfeits forfeited cede cedes ceded ceding surrender surrenders surrendered surrendering sacrificed "
        "pump pumps pumped forgo forgoes forwent squander squandered reclaim reclaimed"
    )
)
# "beat last year's by 5%", "fell short of 2031's by 3%"; what was expected is no move.
BEATING: dict[str, Direction] = {
    **dict.fromkeys(
        _words(
            "beat beats beating tops topped topping exceed exceeds exceeded exceeding surpass surpasses surpassed "
            "surpassing beaten outdo outdid outstripped outstrip eclipsed eclipse bettered outpaced"
        ),
        "up",
    ),
    **dict.fromkeys(
        _words("short trail trails trailed trailing lag lags lagged lagging undershot missed behind"), "down"
    ),
}
# "loan losses 14%" are a level, and so is what creditors recover.
LENT = frozenset(_words("loan loans credit fraud impairment creditors unsecured bondholders claims"))
# These govern the figure behind their "by" and do not say which way: "moved the stock by 4%".
NEUTRAL = frozenset(
    _words(
        "moved moves changed changes differed differs varied varies swung outperformed outperforms outperforming "
        "undercut undercuts undercutting underperformed underperforms underperforming deviated mispriced"
    )
)
# "hurt margins by 80 basis points", but "hit 5%".
WITH_BY: dict[str, Direction] = {
    **dict.fromkeys(_words("flatter flatters flattered benefit benefited"), "up"),
    **dict.fromkeys(
        _words(
            "hurt hurts hurting hit hits hitting harm harms harmed impair impaired depress "
            "depresses depressed minimise minimize minimised minimized"
        ),
        "down",
    ),
}
# "earned its owners 5%", "cost holders 12%"
INVESTORS = frozenset(_words("owners holders investors shareholders savers clients unitholders bondholders buyers"))
EARNING: dict[str, Direction] = {
    **dict.fromkeys(_words("earn earns earned earning make makes made making netted returned gained"), "up"),
    **dict.fromkeys(_words("cost costs costing lost"), "down"),
}
# Of these, "another 5%" is a part that changes hands.
DEALING = frozenset(
    _words(
        "buy buys bought buying own owns owned owning hold holds held holding sell sells sold selling acquire acquires "
        "acquired acquiring take takes took taking has have had control controls controlled place placed"
    )
)
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
        "robust sharp steep net gross cumulative compound punchy hearty brisk scant"
    )
)
# Of the articles, those that are never a relative pronoun: "a dividend that grows by 5%".
DETERMINERS = frozenset(_words("a an the its their his her our my your"))
POSSESSIVES = DETERMINERS - {"a", "an"}
ARTICLES = frozenset(_words("a an the its their his her our this that these those my your"))
# Between a move and its size: "by an average of 4%".
AVERAGES = frozenset(_words("average total combined median cumulative"))
# An amount in words: "lost half its value, or 52%".
FRACTIONS = frozenset(
    _words(
        "cent penny half third quarter fifth sixth seventh eighth ninth tenth twelfth twentieth two-thirds thirds "
        "three-quarters quarters doubled halved digits"
    )
)
# What bidders pay above or below a close is a premium or a discount: a level.
BIDS = frozenset(_words("bid bids offer offers offered offering priced placed proposal proposals bidder bidders"))
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
INHERITS = frozenset(_words("and or then versus vs vs. against with after following"))
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
COMPARATOR_PAIRS = frozenset(
    {"short of", "shy of", "instead of", "ahead of", "up from", "down from", "slower from", "compared to"}
)
RIVALLING = COMPARATORS | {"above", "below"}
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
# "Bills go up by 5%; the company had asked for 8%."
ASKING = frozenset(
    _words(
        "feared fears expected expects predicted predicts forecast sought wanted demanded proposed requested "
        "allow allows allowed granted grant permitted projected envisaged anticipated modelled managed achieved "
        "measured reckons reckoned says"
    )
) | {
    "asked for", "asks for", "looked for", "pencilled in", "braced for", "hoped for", "bargained for", "looking for",
    "called for", "settled for", "penciled in", "bet on", "counted on", "wished for", "hoping for", "get only",
}  # fmt: skip
BE = frozenset(_words("was were is are be been being totalled totaled averaged"))
# "the 5% that they had lost"
PERFECT = frozenset(_words("had has have"))
# "sold 5% more", but "fell 5% more"; "was 5% off", but "fell 5% off record levels"
OF_AMOUNT = frozenset(_words("more less fewer ahead off extra better worse"))
# What is changed for or at something: "boosts sales estimates for Norvane 6%".
CHANGED = frozenset(_words("estimate estimates forecast forecasts target targets price prices outlook view"))
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
ALSO_TRANSITIVE = frozenset(_words("gaining losing increasing decreasing dropping edging"))
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
NOT_FAR = ONLY_NEAR | frozenset(
    _words(
        "firm firms cool slow narrow thin dim pop moon edge edges tank tanks pump pumps dip chip build builds drive "
        "drives return returns yield double treble top correct crack drain crash sour notch lower gap spike add clip "
        "chop axe contract contracts ramp ramps fly flop fade spring springs upgrade downgrade"
    )
)
BEFORE_VERB = frozenset(_words("to will would can could may might should shall must and did does do not"))
# What a rise or fall behind it is not the figure of: "a 40% chance of a rise".
ODDS = frozenset(_words("chance chances probability odds likelihood possibility"))
CHANCES = ODDS | frozenset(_words("yield yields dividend stake margin"))
# "a 60% loss ratio", "a 5% growth rate": the noun only modifies.
HEADS = frozenset(
    _words(
        "ratio ratios rate rates limit threshold target targets leader leaders provision provisions reserve reserves"
    )
)
