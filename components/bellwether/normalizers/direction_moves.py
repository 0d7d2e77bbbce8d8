"""The words of rise and fall in news about markets and companies: verbs, nouns and comparatives. Data only, and the
forms that are made of it.

A hyphen stands for a space: "claw-back" is "clawed back". A particle alone ("up 5%", "marked down by 5%") needs no
entry; what it does not mean is in `direction_words.PHRASAL`.
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
rebound recapture reclaim recoup recover regain reinflate revive rip roar rocket romp skyrocket snowball snap-back
soar spike spiral sprint spurt steepen stoke strengthen sweeten surge swell tack-on top-up treble triple upgrade
uplift uprate vault widen zoom amass bloat bolster bulge burgeon buoy chalk-up fortify heap-on levitate rack-up ramp
rebuild resurge scrape scramble slap-on stack-on thicken turbocharge upscale upsize eke-out squeeze-out scrape-out
outgrow blast-off reel-in accrue bid-up clamber claw-up drift-up leapfrog ratchet-up redouble replenish revitalise
scamper slingshot overdeliver recharge reawaken liven heat-up whip-up
"""
_REGULAR_DOWN = """
abate axe back-off back-pedal bleed buckle cascade cave chop claw-off clip collapse compress contract cool correct
crack crash crater crimp crumble crumple crush curb curtail sap stunt suppress hobble dampen decelerate decline
decrease deflate dent deplete depreciate descend devalue dilute dim diminish dip downgrade drain drop dwindle ease ebb
erase erode evaporate fade falter fizzle flop haemorrhage halve hemorrhage implode knock knock-off languish lessen
lighten lop lower mark-down melt moderate narrow nose-dive nosedive pare plummet plunge prune pull-back recede reduce
retreat roll-back sag scale-back sell-off shave shed shorten shrivel skid slacken slash slice slip slow slump soften
sour stumble subside swoon tank taper thin topple trim tumble underdeliver wane weaken whittle wilt wipe wipe-off
wipe-out wither wobble yield-up backslide cede cheapen concede decimate deduct demolish degrade detract dive-bomb
downsize droop ebb-away ease-back faceplant flounder forfeit fritter-away hack-off inch-back leak-away limp-back
lop-off melt-away nibble-off obliterate pulverise pulverize recoil regress relinquish shave-off shear-off slice-off
snip-off squander strip-off subtract surrender tail-off take-away trim-off unravel vanish vaporise vaporize whack-off
whip-off whittle-away whittle-off downscale strip-out chip-off chip-away nick-off knock-back dial-back rein-in
nibble-away head-south slither relapse disintegrate dissipate downshift economise economize clip-off roll-over
"""
# Irregular verbs: base, third person, past, participles.
_IRREGULAR_UP = """
rise rises rose risen rising | grow grows grew grown growing | leap leaps leapt leaped leaping | put-on puts-on put-on
putting-on | go-up goes-up went-up gone-up | creep creeps crept creeping | build builds built building | win-back
wins-back won-back winning-back | make-back makes-back made-back making-back | upswing upswings upswung | come-back
comes-back came-back | blow-out blows-out blew-out blown-out blowing-out | swell swells swelled swollen swelling |
run-up runs-up ran-up running-up | drive drives drove driven driving | ups ups upped upping | fly flies flew flown
flying | get-back gets-back got-back getting-back | speed-up speeds-up sped-up speeding-up | spring springs sprang
sprung springing | stick-on sticks-on stuck-on sticking-on
"""
_IRREGULAR_DOWN = """
fall falls fell fallen falling | lose loses lost losing | slide slides slid sliding | sink sinks sank sunk sinking |
shed sheds shed shedding | cut cuts cut cutting | shrink shrinks shrank shrunk shrinking | dive dives dived dove
diving | give-up gives-up gave-up given-up giving-up | give-back gives-back gave-back given-back giving-back |
give-way gives-way gave-way given-way giving-way | go-down goes-down went-down gone-down | come-down comes-down
came-down | come-off comes-off came-off coming-off | bleed bleeds bled bleeding | fall-back falls-back fell-back
fallen-back | take-off takes-off took-off taken-off taking-off | hand-back hands-back handed-back handing-back | forgo
forgoes forwent forgone forgoing | nosedive nosedives nosedove | cut-back cuts-back cut-back cutting-back | take-away
takes-away took-away taken-away taking-away | take-out takes-out took-out taken-out taking-out | fling-off flings-off
flung-off | give-away gives-away gave-away given-away | eat-away eats-away ate-away eaten-away | let-slip lets-slip
let-slip | drop-back drops-back dropped-back dropping-back | slide-back slides-back slid-back sliding-back |
throw-away throws-away threw-away thrown-away | strike-off strikes-off struck-off | tear-off tears-off tore-off
"""
# The base of these is a noun more often, or means something else: "pounded 5%", not "the pound 5%"; and only right
# before the figure or its "by".
_PAST_UP = """
zipped hopped blasted dashed sailed raced powered stormed motored bolted rode barrelled hurtled padded thrust darted
streaked whizzed scampered clambered vaulted catapulted surfed cruised breezed skipped strode romped
"""
_PAST_DOWN = """
bashed belted bombed crunched decayed docked drifted dumped hacked hammered leaked mauled pounded punished roasted
rotted sheared shorn slammed slimmed smashed smoked squeezed staggered stripped swatted thumped torched torpedoed
trashed trounced whacked spluttered battered clobbered drubbed pummelled pummeled nuked walloped dinged savaged
scythed sacrificed limped lumbered recoiled tripped sputtered unwound clattered cooked rekt foundered sawn sawed
trampled flattened jettisoned nibbled erased ravaged hollowed wrecked eviscerated guttered tanked whipped zapped
"""
# Verbs of a move whose subject is what moves: no noun behind "rose 3%" is their object.
_INTRANSITIVE = """
advance appreciate climb collapse contract crash crater decline decrease depreciate dip dive dwindle edge gain
increase jump leap nosedive plummet plunge rally rebound retreat rocket sag shrink skid skyrocket slip slump soar
spike stumble surge tumble weaken strengthen
"""
_NOUNS_UP = """
rise rises increase increases gain gains growth jump jumps surge surges advance advances rally rallies improvement
improvements climb climbs uptick upticks upturn upsurge upswing rebound rebounds recovery expansion hike hikes leap
leaps boost raise raises spike spikes bounce bounces appreciation uplift uplifts acceleration pop strengthening
widening firming mark-up markup step-up steepening pick-up pickup bump run-up melt-up resurgence revaluation increment
increments escalation upmove pay-rise vault lift comeback revival upgrade upgrades runup ramp-up ramp reacceleration
reflation jolt bump-up spurt augmentation enlargement top-up upshift rerating re-rating bulge moonshot lift-off
liftoff inflow
"""
_NOUNS_DOWN = """
fall falls drop drops decline declines decrease decreases loss losses slump slumps slide slides dip dips plunge
plunges cut cuts reduction reductions contraction contractions tumble tumbles crash crashes downturn downtick retreat
retreats setback shrinkage depreciation devaluation erosion easing easings collapse collapses sell-off sell-offs
selloff selloffs pullback pullbacks pull-back correction corrections haircut haircuts slowdown deterioration weakening
narrowing markdown markdowns writedown writedowns write-down write-downs nosedive swoon rout drawdown drawdowns
slippage softening wobble sag skid stumble slip slips compression curtailment cooling moderation deceleration wipeout
meltdown downswing giveback rollback lowering hit diminution plummet shedding trimming cutback cutbacks downgrade
downgrades slowing dent downdraft downdraught drubbing fade fallback freefall free-fall hammering plummeting shakeout
shellacking slimming tail-off wilting drop-off dropoff fall-off falloff derating de-rating sell-down selldown
downsizing cheapening decrement downmove outflow dwindling
"""
_AFTER_UP = """
higher more up dearer stronger larger bigger costlier richer faster greater upward upwards better wider firmer longer
heavier steeper fatter ahead extra taller hotter quicker busier pricier fuller deeper broader brighter thicker denser
stiffer weightier
"""
_AFTER_DOWN = """
lower less fewer down cheaper weaker smaller off slower poorer downward downwards worse narrower tighter softer
shorter lighter thinner adrift lesser shallower quieter easier slimmer leaner scarcer emptier feebler sparser
"""

# "to hit 7.6%" is no fall, "a hit of 2%" and "a 2% hit" are.
REACHES = frozenset({"hit", "lift"})
# "hits" and "lifts" are verbs far more often; "recoveries of 35%" are what creditors get.
_NO_PLURAL = REACHES | {"recovery"}


def _with_gerunds(past: str) -> list[str]:
    return past.split() + [f"{form[:-2]}ing" for form in past.split() if form.endswith("ed")]


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
    near: tuple[tuple[str, Direction], ...] = ((_PAST_UP, "up"), (_PAST_DOWN, "down"))
    for words, direction in near:
        directions.update(dict.fromkeys(_with_gerunds(words), direction))
    past.update(_words(_PAST_UP), _words(_PAST_DOWN))
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
    """Nouns, and what their plurals say."""
    singular = [noun for noun in nouns if noun not in _NO_PLURAL and (not noun.endswith("s") or noun.endswith("ss"))]
    return {_plural(noun): nouns[noun] for noun in singular} | nouns


VERBS, PAST = _verb_table()
ONLY_NEAR = frozenset(_with_gerunds(_PAST_UP) + _with_gerunds(_PAST_DOWN))
NOUNS = _with_plurals(_noun_table(_NOUNS_UP, _NOUNS_DOWN))
COMPARATIVES = _noun_table(_AFTER_UP, _AFTER_DOWN)
INTRANSITIVE = frozenset(form for base in _INTRANSITIVE.split() for form in _forms(base) if form in VERBS) | frozenset(
    _words(
        "rise rises rose risen rising fall falls fell fallen falling grow grows grew grown growing lose loses lost "
        "losing slide slides slid sliding sink sinks sank sunk sinking shrank shrunk drop drops dropped dropping leapt "
        "dove"
    )
)
