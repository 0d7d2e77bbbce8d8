"""Data of company names: legal forms, words that the press drops, words that name no company alone. All folded: lower
case, no accents, no dots, "and" for "&".

Own data rather than cleanco 2.3, which takes 110 µs a name (5 s for 50,000), keeps "(publ)", "Tbk" and "KGaA", and does
not say which form it removed: that tells "Norvane Oyj" from "Norvane Ltd".
"""

# One form a line, its first spelling, then those that mean the same. A name may end with several ("Co., Ltd.").
_SPELLINGS = """
inc|incorporated
corp|corporation
co|company|cos|companies|and co|and company
ltd|limited
plc|public limited company
llc|limited liability company
lp|limited partnership
llp
pcl|public company limited
pte
pty|proprietary
pvt|private
ag|aktiengesellschaft
se|societas europaea
gmbh
kgaa|and co kgaa
kg|and co kg
oyj|abp
oy
ab|publ|aktiebolag|aktiebolaget
asa
as|aksjeselskap|aktieselskab|anonim sirketi
hf
sa|societe anonyme|sociedad anonima|sociedade anonima|spolka akcyjna
sca
sas
sarl
sgps
sl
cv|de cv
sab
spa|societa per azioni
srl
nv|naamloze vennootschap
bv|besloten vennootschap
kk|kabushiki kaisha
bhd|berhad
sdn
tbk
persero
jsc|joint stock company
pjsc|public joint stock company
ojsc|open joint stock company
pao
oao
psc
qpsc
saog
sae
sp z oo|spzoo
doo
dd
ad
nyrt
zrt
lda
ltda
"""
# A spelling, word by word, and its form: ("public", "limited", "company") is "plc".
LEGAL_FORMS: dict[tuple[str, ...], str] = {
    tuple(spelling.split()): line.partition("|")[0]
    for line in _SPELLINGS.strip().splitlines()
    for spelling in line.split("|")
}
LONGEST_FORM = max(map(len, LEGAL_FORMS))
FORM_ENDS = frozenset(words[-1] for words in LEGAL_FORMS)
# Forms that also stand before a name: "AB Volvo", "PT Bank Mandiri Tbk".
LEADING_FORMS = frozenset({"ab", "pt", "pjsc", "ojsc", "jsc", "pao", "oao"})

# Forms of English texts. They often translate the form of another country: Nokia Oyj calls itself Nokia Corporation.
ENGLISH_FORMS = frozenset({"inc", "corp", "co", "ltd", "plc", "llc", "lp"})
# Those that American texts mix up.
AMERICAN_FORMS = frozenset({"inc", "corp", "co"})

# Words at the end of a name that mean the company with all that it owns; the press adds and drops them.
GROUP_WORDS = frozenset({"group", "groupe", "gruppe", "groep", "grupp", "com"})
# Words that the press drops too, but that it does not add: "Norvane Technologies" is no other name of Norvane Oyj.
WEAK_WORDS = GROUP_WORDS | {
    "adr", "bancorp", "bancshares", "brands", "enterprises", "global", "holding", "holdings", "industries",
    "international", "intl", "reit", "stores", "technologies", "technology", "trust", "worldwide",
}  # fmt: skip

# Words that a text does not use alone for one company: they never stand for a longer name, and are never taken for a
# misspelt one. Kinds of companies and bodies, proportions and directions, places, and words of the language that
# companies are called after, a letter away from other words of it.
_GENERIC_WORDS = """
agency airline airlines airways asset assets association bank banks board bureau capital central chamber commission
committee companies company consolidated cooperative corporate council court department electric energy exchange
federal federation finance financial first foods foundation fund funds gas general government group holding holdings
industrial industries institute insurance investment investments management media ministry motor motors mutual
national oil partners pharma power properties public realty research resources securities senate services state steel
systems telecom treasury trust union university water

advanced all american east eastern global grand great international new north northern old one pacific pan royal south
southern standard super twin united universal upper west western world

africa america arab asia asian atlantic australia australian austria berlin brazil britain british canada canadian
chicago china chinese dubai dutch england europe european france french german germany hong india indian indonesia
ireland irish israel italian italy japan japanese kong korea korean london los malaysia mexico netherlands nordic
norway paris philippine portugal russia russian san saudi scottish shanghai singapore spain spanish sweden swedish
swiss thai tokyo toronto turkey york zealand

anchor apple beacon best block bridge bright carnival chase circle cloud constellation cover dollar dominion eagle
edison equity evolution express garden hudson hunter key liberty linear market match meta orange pioneer planet post
principal progressive prudential relay republic root shell signet simple snap square summit sun target travelers
vertex visa wave zoom
"""
GENERIC_WORDS = frozenset(_GENERIC_WORDS.split())
