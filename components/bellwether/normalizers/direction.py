"""Whether a figure is how much something moved, and which way: "rose 12%", "a 3% drop", "12% more"; not "rose to 12%".
Words are data.

Read from the words right after the figure first ("a 3% gain"), then from those before it.
"""

import re

from ..values import Direction
from .bounds import BoundWords, read_bound

_words = str.split

# Verbs: base, third person, past, participles.
_VERBS_UP = """
rise rises rose risen rising | climb climbs climbed climbing | gain gains gained gaining | add adds added adding |
increase increases increased increasing | grow grows grew grown growing | jump jumps jumped jumping | surge surges
surged surging | soar soars soared soaring | advance advances advanced advancing | rally rallies rallied rallying |
expand expands expanded expanding | improve improves improved improving | widen widens widened widening | swell swells
swelled swollen swelling | raise raises raised raising | lift lifts lifted lifting | boost boosts boosted boosting |
hike hikes hiked hiking | push pushes pushed pushing | spike spikes spiked spiking | leap leaps leapt leaped leaping |
rebound rebounds rebounded rebounding | recover recovers recovered recovering | accelerate accelerates accelerated
accelerating | appreciate appreciates appreciated appreciating | strengthen strengthens strengthened strengthening |
firm firms firmed firming | bounce bounces bounced bouncing | inch inches inched inching | edge edges edged edging |
rocket rockets rocketed rocketing | skyrocket skyrockets skyrocketed skyrocketing | balloon balloons ballooned
ballooning | return returns returned returning | regain regains regained regaining | outperform outperforms
outperformed outperforming | put-on puts-on put-on putting-on | pick-up picks-up picked-up | tick-up ticks-up
ticked-up | go-up goes-up went-up gone-up | upgrade upgrades upgraded upgrading | creep-up creeps-up crept-up | exceed
exceeds exceeded exceeding | beat beats beat beating | pop pops popped popping | vault vaults vaulted vaulting |
pare-up pares-up pared-up | build builds built building | step-up steps-up stepped-up stepping-up | ramp-up ramps-up
ramped-up
"""
_VERBS_DOWN = """
fall falls fell fallen falling | drop drops dropped dropping | decline declines declined declining | lose loses lost
losing | slip slips slipped slipping | slide slides slid sliding | sink sinks sank sunk sinking | tumble tumbles
tumbled tumbling | plunge plunges plunged plunging | plummet plummets plummeted plummeting | slump slumps slumped
slumping | shed sheds shed shedding | decrease decreases decreased decreasing | cut cuts cut cutting | reduce reduces
reduced reducing | lower lowers lowered lowering | slash slashes slashed slashing | trim trims trimmed trimming |
shrink shrinks shrank shrunk shrinking | dip dips dipped dipping | narrow narrows narrowed narrowing | ease eases
eased easing | contract contracts contracted contracting | crash crashes crashed crashing | weaken weakens weakened
weakening | depreciate depreciates depreciated depreciating | retreat retreats retreated retreating | tank tanks
tanked tanking | dive dives dived dove diving | collapse collapses collapsed collapsing | erode erodes eroded eroding
| curtail curtails curtailed curtailing | curb curbs curbed curbing | pare pares pared paring | halve halves halved
halving | give-up gives-up gave-up given-up giving-up | give-back gives-back gave-back given-back giving-back |
give-way gives-way gave-way | go-down goes-down went-down gone-down | come-down comes-down came-down | tick-down
ticks-down ticked-down | downgrade downgrades downgraded | devalue devalues devalued devaluing | deteriorate
deteriorates deteriorated deteriorating | recede recedes receded receding | cool cools cooled cooling | slow slows
slowed slowing | underperform underperforms underperformed underperforming | dilute dilutes diluted diluting |
scale-back scales-back scaled-back | wipe-off wipes-off wiped-off wiping-off
"""
_NOUNS_UP = """
rise rises increase increases gain gains growth jump jumps surge surges advance advances rally rallies improvement
improvements climb uptick upturn rebound rebounds recovery expansion hike hikes leap leaps boost raise raises spike
spikes bounce appreciation uplift acceleration pop strengthening widening firming
"""
_NOUNS_DOWN = """
fall falls drop drops decline declines decrease decreases loss losses slump slumps slide slides dip dips plunge
plunges cut cuts reduction reductions contraction contractions tumble crash downturn downtick retreat retreats setback
shrinkage depreciation devaluation erosion easing collapse sell-off selloff pullback correction haircut slowdown
deterioration weakening narrowing
"""
_AFTER_UP = "higher more up above dearer stronger larger bigger costlier richer faster greater upward upwards"
_AFTER_DOWN = "lower less fewer down below cheaper weaker smaller off slower poorer downward downwards"

# "up 12%", "down 4%", "off 3%": said of what has happened, as a past tense is.
_PARTICLES: dict[str, Direction] = {"up": "up", "down": "down", "off": "down", "higher": "up", "lower": "down"}

# "wrote off 3%", "made up 2%": here the particle belongs to the verb.
_PHRASAL = frozenset(
    {
        *(
            f"{verb} off"
            for verb in _words(
                "write writes wrote writing written sell sells sold selling lay lays laid laying pay pays paid"
            )
        ),
        *(
            f"{verb} up"
            for verb in _words(
                "make makes made making set sets setting buy buys bought buying snap snaps snapped snapping"
            )
        ),
    }
)

# Between a mover and its figure: "rose just another 5%". Adverbs in -ly are skipped as well.
_SKIPPED = frozenset(
    _words("just only another further some between barely still even as by-a again yet much then also additional")
)
_AFTER_ARTICLE = frozenset(_words("further additional whole full solid mere combined hefty modest total"))
_ARTICLES = frozenset(_words("a an the its their his her our this that these those my your"))
# Not part of "raised the dividend 4%": whatever stands before one of these governs something else.
_STOPS = frozenset(
    _words(
        "to at from with above below under against than in on for and or but as of is was are were be been has have "
        "had after before since while because when which who that if into through over via until without within "
        "beyond out per yet so not will would could can may might should must do does did"
    )
)
_INHERITS = frozenset({"and", "or", "versus", "vs", "against", "with"})
# "rose above 6%": a bound like these turns the figure into a level; so does a preposition before a sign ("at minus
# 0.1%").
_LEVEL_BOUNDS = frozenset({"above", "below", "under"})
_LEVELS = frozenset({"at", "to"})
_CLAUSE_END = re.compile(r"[.;:!?)\n](?:\s|$)")
_ENDS = frozenset(".;:!?)(")
_QUOTES = "\"'“”*_"
_LEFT_WINDOW = 110
_RIGHT_WINDOW = 56
_WORDS_AFTER = 4
_WORDS_BETWEEN = 5


def _verb_table() -> tuple[dict[str, Direction], frozenset[str]]:
    directions: dict[str, Direction] = {}
    past: set[str] = set()
    tables: tuple[tuple[str, Direction], ...] = ((_VERBS_UP, "up"), (_VERBS_DOWN, "down"))
    for table, direction in tables:
        for forms in table.split("|"):
            words = [form.replace("-", " ") for form in forms.split()]
            directions.update(dict.fromkeys(words, direction))
            past.update(word for word in words[2:] if not word.split()[0].endswith("ing") and word != words[0])
    return directions, frozenset(past)


def _noun_table(up: str, down: str) -> dict[str, Direction]:
    up_words: dict[str, Direction] = dict.fromkeys(up.split(), "up")
    down_words: dict[str, Direction] = dict.fromkeys(down.split(), "down")
    return up_words | down_words


VERBS, PAST = _verb_table()
NOUNS = _noun_table(_NOUNS_UP, _NOUNS_DOWN)
COMPARATIVES = _noun_table(_AFTER_UP, _AFTER_DOWN)


def _tokens_before(text: str, end: int) -> list[str]:
    """Words and commas of the clause before a position, in lower case."""
    tokens: list[str] = []
    for raw in reversed(text[max(0, end - _LEFT_WINDOW) : end].lower().split()):
        word = raw.strip(_QUOTES)
        if not word:
            continue
        if word[-1] in _ENDS:
            break
        if word[-1] == ",":
            tokens.append(",")
        if bare := word.strip("(,"):
            tokens.append(bare)
        if word[0] == "(":
            break
    tokens.reverse()
    return tokens


def _tokens_after(text: str, start: int) -> list[str]:
    """The next words of the clause, in lower case."""
    tokens = []
    for raw in text[start : start + _RIGHT_WINDOW].lower().split()[:_WORDS_AFTER]:
        word = raw.strip(_QUOTES)
        token = word.rstrip(".,;:!?)")
        if not token:
            break
        tokens.append(token)
        if token != word:
            break
    return tokens


def _is_skipped(token: str) -> bool:
    return token in _SKIPPED or (token.endswith("ly") and token not in VERBS and token not in NOUNS)


def _skip(tokens: list[str]) -> list[str]:
    """Without the adverbs at the end, and without the article of "a further 5%"."""
    count = len(tokens)
    while count and _is_skipped(tokens[count - 1]):
        count -= 1
    if count > 1 and tokens[count - 1] in _AFTER_ARTICLE and tokens[count - 2] in _ARTICLES:
        count -= 2
    return tokens[:count]


def _verb_at_end(tokens: list[str]) -> Direction | None:
    if len(tokens) > 1:
        if direction := VERBS.get(f"{tokens[-2]} {tokens[-1]}"):
            return direction
        if f"{tokens[-2]} {tokens[-1]}" in _PHRASAL:
            return None
    return VERBS.get(tokens[-1]) or _PARTICLES.get(tokens[-1])


def _nearest_verb(tokens: list[str]) -> Direction | None:
    """Of "cut its forecast for 2033 sales by": the nearest verb, else the nearest noun."""
    for table in (VERBS, NOUNS):
        for index in range(len(tokens) - 1, -1, -1):
            phrase = " ".join(tokens[index : index + 2])
            direction = table.get(phrase) or table.get(tokens[index]) or _PARTICLES.get(tokens[index])
            if direction and not (index and tokens[index - 1] in _ARTICLES and table is VERBS):
                return direction
    return None


def _noun_of(tokens: list[str]) -> Direction | None:
    """Of "a drop in sales of", "the latest drop, of"."""
    while tokens and tokens[-1] == ",":
        tokens = tokens[:-1]
    for index in range(len(tokens) - 1, max(-1, len(tokens) - 6), -1):
        if direction := NOUNS.get(tokens[index]):
            following = tokens[index + 1 : index + 2]
            return direction if following in ([], ["in"]) else None
    return None


def _direction_of_amount(tokens: list[str]) -> Direction | None:
    """Of "rose by US$11.2 million, or"; a level has "to" or "at" before its amount."""
    for index in range(len(tokens) - 1, -1, -1):
        if direction := VERBS.get(tokens[index]):
            between = tokens[index + 1 :]
            has_amount = any(char.isdigit() for token in between for char in token)
            return direction if has_amount and _LEVELS.isdisjoint(between) else None
    return None


def direction_before(text: str, start: int) -> tuple[Direction | None, str]:
    """What the words before a figure say.

    RETURNS (tuple): the direction, and the word next to the figure that decided or stopped the search.
    """
    tokens = _skip(_tokens_before(text, start))
    if not tokens:
        return None, ""
    last = tokens[-1]
    if last == "or":
        direction = _direction_of_amount(tokens[:-1])
    elif last == "by":
        direction = _nearest_verb(tokens[:-1])
    elif last == "of":
        direction = _noun_of(_skip(tokens[:-1]))
    else:
        direction = _verb_at_end(tokens) or NOUNS.get(last) or _transitive_verb(tokens)
    return direction, last


def _transitive_verb(tokens: list[str]) -> Direction | None:
    """Of "lifting sales", "raised the dividend": with its object between."""
    if tokens[-1] in _ARTICLES:
        return None
    for token in reversed(tokens[-_WORDS_BETWEEN:]):
        if token in _STOPS or not token[0].isalpha():
            break
        if direction := VERBS.get(token):
            return direction
    return None


def direction_after(text: str, end: int) -> Direction | None:
    """What the words after a figure say: "12% higher", "a 3% year-on-year drop"."""
    if text[end : end + 1] not in (" ", "-", "\n"):
        return None
    for index, token in enumerate(_tokens_after(text, end + 1)):
        if index == 0 and token in COMPARATIVES:
            return COMPARATIVES[token]
        if token in _STOPS or not token[0].isalpha():
            return None
        if token in NOUNS:
            return NOUNS[token]
    return None


def is_past_move(text: str, start: int) -> bool:
    """Whether the figure that begins here says how far something has moved: "rose 3% to 5%" is no range, "to rise 3%
    to 5%" is one."""
    tokens = _skip(_tokens_before(text, read_bound(text, start, start).start))
    if tokens and tokens[-1] == "by":
        tokens = _skip(tokens[:-1])
    return bool(tokens) and (tokens[-1] in PAST or tokens[-1] in _PARTICLES or " ".join(tokens[-2:]) in PAST)


def read_direction(
    text: str, bound: BoundWords, end: int, sign: int, previous: tuple[int, Direction | None] | None
) -> Direction | None:
    """Read which way a figure moved.

    bound (BoundWords): the words before the figure that set its bound, where it begins.
    end (int): where it ends.
    sign (int): of the figure itself.
    previous (tuple | None): end and direction of the figure before it in the text, for "5% in Europe and 3% in Asia".
    RETURNS (str | None): "up" or "down"; None for a level.
    """
    if sign:
        at_level = not _LEVELS.isdisjoint(_tokens_before(text, bound.start)[-1:])
        return None if at_level else "up" if sign > 0 else "down"
    if direction := direction_after(text, end):
        return direction
    if bound.words in _LEVEL_BOUNDS or text.startswith(" of ", end):
        previous = None
    direction, word = (None, "") if bound.words in _LEVEL_BOUNDS else direction_before(text, bound.start)
    if direction or word not in _INHERITS or previous is None or bound.start - previous[0] > _LEFT_WINDOW:
        return direction
    same_sentence = not _CLAUSE_END.search(text[previous[0] : bound.start].rstrip())
    return previous[1] if same_sentence else None
