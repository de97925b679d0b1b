"""Plan, rules and conclusion of a small test in plain Polish and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..phrases import number, share_of_100
from ..record import MethodError
from .verdict import CANNOT_TELL, HARM, NO_EFFECT, PROMISE, WORKS, Conclusion

if TYPE_CHECKING:
    from .harm import HarmRule
    from .plan import Plan
    from .stages import TwoStage

SENTENCES = {
    "pl": {
        "one-sample": "Test obejmie {people}, bez grupy porównawczej.",
        "two-arm": "Test obejmie dwie grupy, w każdej {people}.",
        "paired": "Test obejmie {people}, przed i po.",
        "goal": "Punkt wyjścia to {baseline}. Warto, jeśli będzie {target}.",
        "worth": "Osoby w jednej grupie są do siebie podobne, a część odejdzie, więc liczą się tak jak {people}.",
        "enough": "To wystarczy: jeśli naprawdę będzie {target}, test pokaże to {power}.",
        "short": "To za mało: nawet jeśli naprawdę będzie {target}, test pokaże to tylko {power}.",
        "detect": "Przy tylu osobach test zauważy dopiero zmianę z {baseline} na {share}. Mniejsza może umknąć.",
        "blind": "Przy tylu osobach test nie zauważy żadnej zmiany.",
        "need": "Żeby zauważyć zmianę z {baseline} na {target}, potrzeba tylu osób: {count}{each}.",
        "each": " w każdej grupie",
        "from": "O skuteczności można mówić, gdy sukcesów będzie co najmniej {count}.",
        "to": "O skuteczności można mówić, gdy przypadków będzie najwyżej {count}.",
        "problem": "Trudność, którą ma co dziesiąta osoba, ujawni się {share}.",
        "stage1": "Etap pierwszy: {n1}. Gdy sukcesów będzie najwyżej {r1}, kończymy: dalszy test nie ma sensu.",
        "stage2": "Inaczej idziemy dalej, razem do {n}. Pomysł wart jest dalszej pracy, gdy sukcesów będzie "
        "ponad {r}.",
        "stage_errors": "Jeśli pomysł nic nie zmienia, test skończy się po pierwszym etapie {early}, a na "
        "koniec pomyli się na jego korzyść {alpha}.",
        "harm": "Przerywamy test, gdy liczba osób, które spotkała szkoda, dojdzie do: {steps}.",
        "step": "{events} wśród pierwszych {people}",
        "harm_error": "Jeśli szkoda spotyka {share} ludzi, czyli tyle, ile dopuszczamy, przerwiemy test "
        "niepotrzebnie {error}.",
        "seen_one-sample": "Udało się {x} z {n}: to {share}. Prawdziwy odsetek, z pewnością {level} na 100, to "
        "od {low} do {high}.",
        "seen_one-sample_less": "Przypadków było {x} na {n}: to {share}. Prawdziwy odsetek, z pewnością "
        "{level} na 100, to od {low} do {high}.",
        "seen_two-arm_less": "Z pomysłem przypadków było {x} na {n} ({share}), bez niego {cx} na {cn} "
        "({cshare}). Różnica, z pewnością {level} na 100, to od {low} do {high} punktów procentowych.",
        "seen_two-arm": "Z pomysłem udało się {x} z {n} ({share}), bez niego {cx} z {cn} ({cshare}). Różnica, z "
        "pewnością {level} na 100, to od {low} do {high} punktów procentowych.",
        "seen_paired": "Zmiana na lepsze: {better}, na gorsze: {worse}, wszystkich osób: {n}. Różnica, z "
        "pewnością {level} na 100, to od {low} do {high} punktów procentowych.",
        WORKS: "Wniosek: działa co najmniej tak dobrze, jak planowano.",
        PROMISE: "Wniosek: zapowiada się dobrze, ale to nie dowód.",
        CANNOT_TELL: "Wniosek: nie wiadomo.",
        NO_EFFECT: "Wniosek: nie ma skutku tej wielkości, o którą chodziło.",
        HARM: "Wniosek: przerwać test, bo szkodzi.",
        "may_works": "Można powiedzieć: wynik jest lepszy niż {baseline} i nie jest to przypadek. Nie można "
        "powiedzieć, że tak samo będzie gdzie indziej.",
        "may_beats": "Można powiedzieć: wynik jest lepszy niż {baseline}. Nie można powiedzieć, że osiąga "
        "{target}.",
        "may_reaches": "Można powiedzieć: wynik jest taki, o jaki chodziło. Nie można wykluczyć, że to "
        "przypadek: za mało osób.",
        "may_unknown": "Można powiedzieć tylko tyle, że próbowano. Za wynikiem może stać i przypadek, i cel: {target}.",
        "may_nothing": "Można powiedzieć: cel ({target}) jest poza zasięgiem. Nie można powiedzieć, że pomysł nie "
        "zmienia niczego.",
        "may_harm": "Szkoda spotkała {harmed} z {n}, częściej, niż dopuszcza plan ({accepted}). Najpierw trzeba "
        "znaleźć przyczynę.",
        "harm_none": "Szkody nie było. Przy tylu osobach nie wyklucza to szkody u {share} ludzi.",
        "harm_some": "Szkoda spotkała {harmed} z {n}. Prawdziwy odsetek może sięgać {share}.",
        "no_control": "Nie było grupy porównawczej, więc nie wiadomo, ile zmieniłoby się i bez pomysłu.",
    },
    "en": {
        "one-sample": "The test will take {people}, without a comparison group.",
        "two-arm": "The test will take two groups of {people} each.",
        "paired": "The test will take {people}, before and after.",
        "goal": "The starting point is {baseline}. It is worth it at {target}.",
        "worth": "People of one group are alike and some will leave, so they count as {people}.",
        "enough": "That is enough: if it is truly {target}, the test will show it {power}.",
        "short": "That is too few: even if it is truly {target}, the test will show it only {power}.",
        "detect": "With so many people the test sees a change from {baseline} to {share}. A smaller one may be "
        "missed.",
        "blind": "With so many people the test sees no change at all.",
        "need": "To see a change from {baseline} to {target} takes this many people: {count}{each}.",
        "each": " in each group",
        "from": "It may be called effective from this many successes on: {count}.",
        "to": "It may be called effective with this many cases at most: {count}.",
        "problem": "A difficulty that one person in ten has will show {share}.",
        "stage1": "Stage one: {n1}. With this many successes or fewer we stop, there is no point in going on: "
        "{r1}.",
        "stage2": "Otherwise we go on to {n} in all. The idea is worth more work with more successes than {r}.",
        "stage_errors": "If the idea changes nothing, the test ends after stage one {early} and errs in its "
        "favour at the end {alpha}.",
        "harm": "We stop the test when the number of people harmed reaches: {steps}.",
        "step": "{events} among the first {people}",
        "harm_error": "If harm meets {share} of people, which is what we accept, we stop needlessly {error}.",
        "seen_one-sample": "It worked for {x} of {n}: that is {share}. The true share, at {level} in 100, is from "
        "{low} to {high}.",
        "seen_one-sample_less": "There were {x} cases among {n}: that is {share}. The true share, at {level} in "
        "100, is from {low} to {high}.",
        "seen_two-arm_less": "With the idea there were {x} cases among {n} ({share}), without it {cx} among "
        "{cn} ({cshare}). The difference, at {level} in 100, is from {low} to {high} percentage points.",
        "seen_two-arm": "With the idea it worked for {x} of {n} ({share}), without it for {cx} of {cn} "
        "({cshare}). The difference, at {level} in 100, is from {low} to {high} percentage points.",
        "seen_paired": "Changed for the better: {better}, for the worse: {worse}, people in all: {n}. The "
        "difference, at {level} in 100, is from {low} to {high} percentage points.",
        WORKS: "Conclusion: it works at least as well as planned.",
        PROMISE: "Conclusion: it shows promise, but this is not proof.",
        CANNOT_TELL: "Conclusion: we cannot tell.",
        NO_EFFECT: "Conclusion: there is no effect of the size worth having.",
        HARM: "Conclusion: stop the test, it does harm.",
        "may_works": "It may be said that the result is better than {baseline} and not by chance. It may not be "
        "said that it will be the same elsewhere.",
        "may_beats": "It may be said that the result is better than {baseline}. It may not be said that it "
        "reaches {target}.",
        "may_reaches": "It may be said that the result is the one hoped for. Chance cannot be ruled out: too few "
        "people.",
        "may_unknown": "It may only be said that it was tried. Behind the result may stand chance as well as the goal, "
        "{target}.",
        "may_nothing": "It may be said that the goal ({target}) is out of reach. It may not be said that the "
        "idea changes nothing.",
        "may_harm": "Harm met {harmed} of {n}, more often than the plan accepts ({accepted}). The cause must be "
        "found first.",
        "harm_none": "There was no harm. With so many people this does not rule out harm to {share} of people.",
        "harm_some": "Harm met {harmed} of {n}. The true share may be up to {share}.",
        "no_control": "There was no comparison group, so we do not know how much would have changed anyway.",
    },
}

PEOPLE = {"pl": ("osobę", "osoby", "osób"), "en": ("person", "people", "people")}


class Speaker:
    """Sentences in one language. Raises `MethodError` for a language other than pl and en."""

    def __init__(self, lang: str) -> None:
        if lang not in SENTENCES:
            raise MethodError("lang", "must be pl or en", str(lang))
        self.lang, self.text = lang, SENTENCES[lang]

    def say(self, key: str, **parts: object) -> str:
        return self.text[key].format(**parts)

    def percent(self, share: float, digits: int = 0) -> str:
        gap = "" if self.lang == "en" else "\u00a0"
        return f"{number(100 * share, self.lang, digits)}{gap}%"

    def count(self, n: float) -> str:
        return number(n, self.lang)

    def people(self, n: int) -> str:
        """So many people, as the object of a verb ("1 osobę", "3 osoby", "12 osób")."""
        one, few, many = PEOPLE[self.lang]
        if n == 1:
            return f"1 {one}"
        some = 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14
        return f"{self.count(n)} {few if some else many}"

    def cases(self, share: float) -> str:
        return share_of_100(share, self.lang)


def explain_plan(plan: Plan, lang: str) -> tuple[str, ...]:
    """The people, the goal, what they can show, and the rules to stop."""
    speak, test = Speaker(lang), plan.test
    goal = {"baseline": speak.percent(test.baseline), "target": speak.percent(test.target)}
    lines = [speak.say(test.design, people=speak.people(test.people)), speak.say("goal", **goal)]
    if plan.counted < test.people:
        lines.append(speak.say("worth", people=speak.people(plan.counted)))
    lines.append(speak.say("enough" if plan.enough else "short", power=speak.cases(plan.power), **goal))
    lines += [_detectable(plan, speak), *_needed(plan, speak, goal)]
    if plan.detectable.threshold is not None:
        key = "from" if test.upwards else "to"
        lines.append(speak.say(key, count=plan.detectable.threshold))
    lines.append(speak.say("problem", share=speak.cases(plan.common_problem_seen)))
    lines += plan.two_stage.explain(lang) if plan.two_stage else ()
    lines += plan.harm.explain(lang) if plan.harm else ()
    return (*lines, speak.say("no_control")) if test.design != "two-arm" else tuple(lines)


def _detectable(plan: Plan, speak: Speaker) -> str:
    found = plan.detectable
    if found.share is None:
        return speak.say("blind")
    return speak.say("detect", baseline=speak.percent(found.baseline), share=speak.percent(found.share))


def _needed(plan: Plan, speak: Speaker, goal: dict[str, str]) -> list[str]:
    if plan.enough or plan.needed is None:
        return []
    each = speak.say("each") if plan.test.design == "two-arm" else ""
    return [speak.say("need", count=speak.count(plan.needed.recruited), each=each, **goal)]


def explain_stages(stages: TwoStage, lang: str) -> tuple[str, ...]:
    """Both stages and their errors."""
    speak = Speaker(lang)
    return (
        speak.say("stage1", n1=_plain_people(stages.n1, speak), r1=stages.r1),
        speak.say("stage2", n=_total_people(stages.n, speak), r=stages.r),
        speak.say("stage_errors", early=speak.cases(stages.stop_early), alpha=speak.cases(stages.alpha)),
    )


def _plain_people(n: int, speak: Speaker) -> str:
    """In the nominative: "1 osoba", "3 osoby", "12 osób"."""
    return "1 osoba" if speak.lang == "pl" and n == 1 else speak.people(n)


def _total_people(n: int, speak: Speaker) -> str:
    """In the genitive: "do 1 osoby", "do 17 osób"."""
    if speak.lang == "en":
        return speak.people(n)
    return f"{speak.count(n)} {'osoby' if n == 1 else 'osób'}"


def explain_harm(rule: HarmRule, lang: str) -> tuple[str, ...]:
    """The steps of the rule, and how often it stops for nothing."""
    speak = Speaker(lang)
    steps = ", ".join(speak.say("step", events=b, people=k) for b, k in rule.steps)
    error = speak.say("harm_error", share=speak.percent(rule.acceptable, 1), error=speak.cases(rule.error))
    return (speak.say("harm", steps=steps), error)


def explain_conclusion(found: Conclusion, lang: str) -> tuple[str, ...]:
    """What was seen, the verdict, what may be said, harm, and what is missing without a comparison."""
    speak = Speaker(lang)
    lines = [_seen(found, speak), speak.say(found.verdict), _may(found, speak)]
    if found.harm is not None and found.verdict != HARM:
        key = "harm_some" if found.observed.harmed else "harm_none"
        sizes = {"harmed": found.observed.harmed, "n": found.observed.people}
        lines.append(speak.say(key, share=speak.percent(found.harm.high), **sizes))
    if found.plan.test.design != "two-arm":
        lines.append(speak.say("no_control"))
    return tuple(lines)


def _seen(found: Conclusion, speak: Speaker) -> str:
    seen, effect, design = found.observed, found.effect, found.plan.test.design
    ends = {"low": effect.low, "high": effect.high}
    less = "" if found.plan.test.upwards else "_less"
    parts: dict[str, object] = {"level": speak.count(100 * effect.level), "n": seen.people}
    if design == "one-sample":
        shown = {key: speak.percent(x) for key, x in ends.items()}
        return speak.say(
            f"seen_{design}{less}", x=seen.successes, share=speak.percent(effect.estimate), **shown, **parts
        )
    parts |= {key: speak.count(round(100 * x)) for key, x in ends.items()}
    if design == "paired":
        return speak.say("seen_paired", better=seen.better, worse=seen.worse, **parts)
    assert seen.control_people is not None
    assert seen.control_successes is not None
    parts |= {"cx": seen.control_successes, "cn": seen.control_people}
    share, other = seen.successes / seen.people, seen.control_successes / seen.control_people
    shares = {"share": speak.percent(share), "cshare": speak.percent(other)}
    return speak.say(f"seen_two-arm{less}", x=seen.successes, **shares, **parts)


def _may(found: Conclusion, speak: Speaker) -> str:
    test, seen = found.plan.test, found.observed
    if found.verdict == HARM:
        accepted = speak.percent(test.acceptable_harm or 0.0, 1)
        return speak.say("may_harm", harmed=seen.harmed, n=seen.people, accepted=accepted)
    keys = {WORKS: "may_works", CANNOT_TELL: "may_unknown", NO_EFFECT: "may_nothing"}
    key = keys.get(found.verdict, "may_beats" if found.beats else "may_reaches")
    return speak.say(key, baseline=speak.percent(test.baseline), target=speak.percent(test.target))
