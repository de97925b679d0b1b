"""Words of danger, over text in lower case without diacritics. High recall on purpose: a number too many does no
harm, a number too few may."""

from __future__ import annotations

import re

SUICIDE, VIOLENCE, CHILD, MEDICAL, UNKNOWN = "suicide", "violence", "child", "medical", "unknown"
KINDS = (SUICIDE, VIOLENCE, CHILD, MEDICAL)

_FEW = r"(?:\W+\w+){0,3}?\W+"  # up to three words between
_SOME = r"(?:\W+\w+){0,5}?\W+"
_ME = (
    r"(?:mnie|mna|nas|mi|ja|go|ich|ciebie|cie|nia|niego|zone|zony|meza|mame|mamy|matke|matki|ojca|tate|babcie|dziadka"
    r"|dzieci|dziecko|dziecka|syna|synka|corke|corki|brata|siostre|dziewczyne|partnerke|kobiete|kobiety|wnuka"
    r"|wnuczke|zwierze|psa|sasiadke)"
)
_WHO = (
    r"(?:maz|mezem|ojciec|mama|matka|tata|tato|partner|partnerka|konkubent|konkubin\w*|syn|corka|zona|chlopak|ojczym"
    r"|macocha|brat|wujek|dziadek|rodzice|opiekun\w*|szwagier|tesc\w*|byly|wnuk|koledzy|nauczyciel\w*|sasiad\w*)"
)
_HITS = (
    r"(?:bije|bila?|bija|bili|bic|bijac\w*|bity|bita|bite|bitych|pobi\w+|zbil\w*|katuj\w*|katowa\w*|tlucze|tlukl\w*"
    r"|leje|lal|uderz\w+|kopie|kopa[lc]\w*|kopn\w+|szarp\w+|popych\w*|popchn\w+|podduszal?|policzkuj\w*"
    r"|spoliczk\w*|krzywdz\w*|skrzywdz\w*)"
)
_HARMLESS_HIT = (
    r"(?:serc\w*|zegar\w*|dzwon\w*|rekord\w*|braw\w*|glowe|poklon\w*|piane|mysl\w*|konkurencj\w*|zrodl\w*|alarm"
    r"|po oczach|oczy|pilk\w*|drzew\w*|barier\w*|samochod\w*|palec|kolano|sie o)"
)
_CHILD = (
    r"(?:dzieck\w*|dziec\w*|corecz\w*|cork[aiei]\w*|corke|synk\w*|synek|wnuk\w*|wnucz\w*|uczen\w*|uczni\w*|uczenn\w*"
    r"|niemowl\w*|maluch\w*|malenstw\w*|nastolat\w*|chlopiec|chlopca|chlopczyk\w*|dziewczynk\w*|\d{1,2}\W?lat\w*k\w*"
    r"|przedszkolak\w*|rodzenstw\w*|kids?|child\w*|daughter|son|baby)"
)
_HARM = (
    r"(?:bij\w*|bit[yaei]\w*|bil[ai]?|przemoc\w*|zneca\w*|zaniedb\w*|glodn\w*|glodz\w*|same w domu|samo w domu"
    r"|bez opieki|pijan\w*|pija|siniak\w*|since|krzywd\w*|porzuc\w*|molest\w*|dotyka\w*|boi sie wrac\w*|klaps\w*"
    r"|pasem|gwalc\w*|zgwalc\w*|wykorzyst\w*|zamyka\w*|cichutk\w*|okalecz\w*|beat\w*|hit\w*|abus\w*|neglect\w*"
    r"|hungry|bruise\w*|drunk)"
)

RULES: dict[str, tuple[str, ...]] = {
    SUICIDE: (
        r"samoboj\w*|suicyd\w*|samobuj\w*",
        r"zabi(?:c|je|ja|jam|jac|l|la|lbym|labym)\w*(?:\W+\w+)?\W+sie\b|\bsie(?:\W+\w+)?\W+zabi(?:c|je|ja|l|la)\w*",
        r"(?:odebra\w*|odbior\w*|odbier\w*)\W+sobie\W+zyci\w*|targn\w+\W+sie\W+na",
        r"nie\W+(?:chce|chcial\w*|mam\W+sil\w*|mam\W+ochot\w*|warto)(?:\W+(?:mi|mu|jej|sie|juz|dalej|dluzej|po\W+co|ochot\w*))*\W+"
        r"(?:zyc|istniec|byc\W+na\W+tym\W+swiecie|sie\W+obudzic|obudzic)",
        r"(?:skoncz\w*|konczyc)\W+(?:ze\W+soba|z\W+soba|z\W+tym\W+wszystkim|to\W+wszystko|z\W+zyciem|zyci\w*|swoj\w*\W+zyci\w*)",
        r"powies(?:ic|il|ila|ze|zę)\w*(?:\W+\w+)?\W+sie\b|\bsie\W+powies\w+|powiesze\W+sie",
        r"po\W+co\W+(?:mi\W+|dalej\W+|mam\W+|ja\W+)*zyc\b|po\W+co\W+to\W+wszystko|nie\W+mam\W+po\W+co\W+zyc",
        r"(?:chce|chcial\w*|wolal\w*|chcialoby)(?:\W+(?:mi|juz|sie|by|po\W+prostu|tylko))*\W+(?:umrzec|nie\W+zyc|zniknac\b|sie\W+nie\W+urodz\w*|nie\W+obudzic)",
        r"(?:lepiej|lzej|latwiej)" + _FEW + r"beze\W+mnie|beze\W+mnie" + _FEW + r"(?:lepiej|lzej|latwiej)",
        r"\b(?:tnie|tne|tna|ciac|ciela|cial|potne|potnie|pociac|pociel\w*|pocial)\W+sie\b|\bsie\W+(?:tnie|tne|tna|ciac|ciela|potnie)\b",
        r"okalecz\w*|(?:podci|przeci)\w*\W+(?:sobie\W+)?zyl\w*",
        r"(?:skocz\w*|skak\w*|rzuc\w*|wyskocz\w*)(?:\W+sie)?\W+(?:z|pod|przez)\W+(?:most\w*|okn\w*|dach\w*|wiezow\w*|balkon\w*|pociag\w*|metro|tir\w*|samoch\w*|\d+\W+pietra)",
        r"nalyk\w*(?:\W+sie)?|(?:polkn\w*|polyk\w*|wezm\w*|lykn\w*)\W+(?:wszystkie|cale|duzo|garsc)\W+\w*\W*(?:tablet\w*|lek\w*|proch\w*|opakowan\w*)",
        r"list\w*\W+pozegnaln\w*|zegnajcie|to\W+moj\W+koniec",
        r"(?:nie\W+(?:widze|widzi|ma|mam)|stracil\w*|brak)(?:\W+(?:zadnego|juz|w\W+tym|dla\W+mnie|dla\W+niego))*\W+sens\w*(?:\W+zyci\w*)?",
        r"(?:dosc|dosyc)\W+(?:tego\W+|swojego\W+|juz\W+)*zyci\w*",
        r"mysl\w*(?:\W+\w+)?\W+o\W+(?:smierci|tym\W+zeby\W+(?:umrzec|sie\W+zabic|ze\s+soba))|mysl\w*\W+rezygnac\w*",
        r"brak\w*\W+(?:mi\W+)?(?:checi|woli|sil\w*)\W+(?:do\W+)?zyci\w*",
        r"(?:cos|krzywd\w*)\W+sobie\W+(?:zrob\w*|zrobic)|sobie\W+(?:cos|krzywd\w*)\W+(?:zrob\w*)|zrob\w*\W+sobie\W+(?:cos|krzywd\w*)",
        r"suicid\w*|kill\w*\W+(?:my|him|her|them|your)sel\w*|end\w*\W+(?:my|his|her|it)\W+(?:life|all)",
        r"(?:want\w*|wish\w*|wanna)\W+(?:to\W+die|i\W+was\W+dead|to\W+disappear)|(?:don\W?t|not|doesn\W?t)\W+want\W+to\W+live",
        r"self\W?harm\w*|cut(?:s|ting)?\W+(?:my|him|her)sel\w*|hang\w*\W+(?:my|him|her)sel\w*|better\W+off\W+without\W+me",
        r"(?:no|any)\W+reason\W+to\W+live|overdos\w*",
    ),
    VIOLENCE: (
        rf"\b{_HITS}\b{_FEW}{_ME}\b|\b{_ME}\b{_FEW}{_HITS}\b|\b{_WHO}\b{_FEW}{_HITS}\b|\b{_HITS}\b{_FEW}{_WHO}\b",
        r"przemoc\w*|znec(?:a|al|aj)\w*|maltretow\w*|\bgwalc\w*|\bgwalt(?!own)\w*|zgwalc\w*|molest\w*|oprawc\w*",
        r"wykorzyst\w*\W+seksualn\w*|seksualn\w*\W+wykorzyst\w*|niebiesk\w*\W+kart\w*|niebiesk\w*\W+lini\w*",
        r"\bsiniak\w*|\bsince\b|\bsincow\b|podbit\w*\W+oko|pobit\w*|pobici\w*",
        r"gro(?:z|zi|zil)\w*\W+(?:mi|nam|jej|mu|ze|smierci\w*|noz\w*|dzieci\w*)\b",
        rf"\bdusi(?:l|la)?\W+{_ME}\b|\b{_ME}\W+dusi(?:l|la)?\b",
        rf"(?:zabij|zatluc|zatlucz|zabic)\w*\W+(?!mi\b){_ME}\b|\b(?:mnie|nas|ja)\W+(?:zabi\w*|zatlu\w*)",
        r"(?:boje|boi|boja|bal|bala)\W+sie\W+(?:wlasnego\W+|swojego\W+|mojego\W+)*(?:meza|ojca|partnera|konkubent\w*|ojczyma|syna|taty|zony|matki|chlopaka|bylego|wracac\W+do\W+dom\w*|wrocic\W+do\W+dom\w*)",
        r"rzuc\w*\W+(?:we\W+mnie|mna|nia|dzieckiem)|awantur\w*|demoluj\w*",
        r"(?:groz|goni|zamach|ugodz|dzgn|rzuc)\w*" + _FEW + r"(?:noz\w*|siekier\w*|mlotk\w*)",
        r"stalk\w*|(?:przesladuj|szantazuj|poniza|gnebi|dreczy|wyzywa|osacza)\w*(?:\W+(?:mnie|nas|ja))",
        r"(?:mnie|nas)\W+(?:przesladuj|szantazuj|poniza|gnebi|dreczy|wyzywa)\w*",
        r"nie\W+(?:pozwala|wypuszcza)\w*\W+(?:mi|mnie|nam|jej)\b|zamyka\W+mnie|zabiera\W+mi\W+(?:pieniadze|telefon|dokument\w*)",
        r"uciek\w*\W+(?:od|przed)\W+(?:meza|niego|partnera|ojca|konkubent\w*|ojczyma|sprawc\w*)|uciek\w*\W+z\W+(?:dziec\w*|dwojka|trojka)",
        r"\b(?:beat\w*|hit|hits|hitting|punch\w*|kick\w*|slap\w*|chok\w*|strangl\w*)\W+(?:me|us|her|him|my|the\W+(?:kids|child\w*))\b",
        r"\bviolen\w*|\babus(?:e|es|ed|ive|er|ing)\b|\braped?\b|\bthreaten\w*|\bbruis\w*",
        r"(?:afraid|scared)\W+of\W+(?:my\W+)?(?:husband|partner|father|boyfriend|him|wife|stepfather|ex)",
    ),
    CHILD: (
        rf"\b{_CHILD}\b{_SOME}{_HARM}\b|\b{_HARM}\b{_SOME}{_CHILD}\b",
        r"\b(?:tata|tato|mama|ojczym|macocha|rodzice|ojciec|wujek|dziadek|trener|ksiadz|nauczyciel\w*)\b"
        + _SOME
        + r"(?:mnie|mi|nas)\b"
        + _FEW
        + r"(?:bij\w*|dotyk\w*|glodz\w*|zamyka\w*|zabije|tlucze|leje|krzywdz\w*)",
        r"\b(?:tata|tato|mama|ojczym|macocha|rodzice|ojciec|wujek)\b"
        + _FEW
        + r"(?:bije|bija|dotyka|leje|tlucze)\W+mnie",
        r"pedofil\w*|grooming|(?:nag\w+|rozbieran\w*)\W+(?:zdjec\w*|fotk\w*)",
        rf"zagin\w*{_FEW}{_CHILD}|{_CHILD}{_FEW}(?:zagin\w*|nie\W+wrocil\w*)",
        r"dziec\w*\W+(?:placz\w*|krzycz\w*)\W+(?:za\W+scian\w*|u\W+sasiad\w*|cal\w+\W+noc\w*)|placz\W+dzieck\w*\W+za\W+scian\w*",
        r"uciek\w*\W+z\W+domu",
    ),
    MEDICAL: (
        r"nie\W+oddycha\w*|przesta\w*\W+oddychac|nie\W+moze\W+(?:zlapac|oddychac|oddechu)|nie\W+moge\W+(?:zlapac\W+tchu|oddychac)",
        r"nieprzytomn\w*|stracil\w*\W+przytomn\w*|zemdla\w*|nie\W+mozna\W+(?:go|jej)\W+dobudzic|nie\W+reaguje",
        r"bol\w*(?:\W+\w+)?\W+w\W+(?:klatce|mostku|piersi)|drgawk\w*|krwotok\w*|wykrwaw\w*|mocno\W+krwawi\w*",
        r"(?<!po )(?<!przed )\b(?:ma|mial|chyba|to|dostal\w*|teraz)\W+(?:zawal|udar|wylew|zawalu|udaru|wylewu)\b(?!\w)",
        r"zatru(?:l|la|cie|ty|ta)\w*|przedawkow\w*|dusi\W+sie\b|dlawi\W+sie|zadlawi\w*|zakrztusi\w*",
        r"(?:ulatnia\w*|czuc|czuje)\W+(?:sie\W+)?(?:gaz|czad)\w*|(?:pali|plonie)\W+sie\W+(?:dom|mieszkani\w*|u\W+nas)|porazil\w*\W+prad",
        r"wody\W+(?:mi\W+)?odeszl\w*|zaczal\W+sie\W+porod|wstrzas\w*\W+anafil\w*",
        r"not\W+breathing|unconscious|chest\W+pain|seizure\w*|heart\W+attack|having\W+a\W+stroke|bleeding\W+(?:heavily|a\W+lot)|poison\w*|chok(?:es|ing)\b",
    ),
}

LONG_STEMS = {
    "samobojst": SUICIDE,
    "samobojcz": SUICIDE,
    "okalecza": SUICIDE,
    "przemoc": VIOLENCE,
    "zgwalci": VIOLENCE,
    "molestow": VIOLENCE,
    "maltretow": VIOLENCE,
    "pedofil": CHILD,
    "nieprzytomn": MEDICAL,
    "przedawkow": MEDICAL,
}
"""Beginnings of long words in which one wrong letter is forgiven."""

COMPILED = {kind: tuple(re.compile(rule) for rule in rules) for kind, rules in RULES.items()}
HARMLESS = re.compile(_HARMLESS_HIT)
HIT_RULE = COMPILED[VIOLENCE][0]
MINOR = re.compile(
    r"\bmam\W+(?:[5-9]|1[0-7])\W*lat\b|\bi\W?a?m\W+(?:[5-9]|1[0-7])\b|\b(?:[5-9]|1[0-7])\W?(?:latk\w*|latek)"
)
SINCE, ENGLISH = "since", re.compile(r"\b(?:the|and|is|have|had|she|they|from|with|when|of)\b")
"""Bruises in Polish without its letters, but not in an English sentence."""
