"""What happened in the demonstration so far: a meeting in a village hall, answers, a diagnosis, an enquiry.

The place and its figures are real. The people, the organisations, the meeting and what was said are invented.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Organisation, User
from krzew.calls.models import Call
from krzew.demo import assessed, call, decided, incubator, office, ways, ways_told
from krzew.demo.clock import at
from krzew.demo.personas import PERSONAS, Persona, persona
from krzew.diagnosis.acts.diagnoses import answer, choose_meetings, decide, publish, sign, start
from krzew.diagnosis.acts.enquiries import enquire
from krzew.diagnosis.models import ContactRole, Diagnosis
from krzew.library.models import Solution
from krzew.network.acts import Sheet, VoiceRow, enter_meeting
from krzew.places.models import Unit
from krzew.timeline.acts import release_letters
from krzew.timeline.models import Letter
from krzew.timeline.states import LetterState

CASE, EARLIER = "300202", "302807"
LETTERS = range(350, 63, -40)
"""Days on which Nina looks through the letters of the incubator."""

GEBICE = Sheet(
    date=date(2026, 10, 14),
    title="Spotkanie w świetlicy: praca po warsztacie",
    where="Świetlica wiejska (spotkanie zmyślone)",
    attendance={"disability": 11, "workshop": 5, "residents": 9, "assistance": 4, "government": 3, "firm": 2},
    voices=[
        VoiceRow(
            "Po warsztacie nie ma dokąd pójść, dorosłe dzieci zostają w domu",
            "disability",
            "disability_work",
            19,
            None,
            True,
        ),
        VoiceRow(
            "Uczestnicy umieją robić ceramikę, ale nikt ich nie zatrudnia",
            "workshop",
            "disability_work",
            14,
            None,
            True,
        ),
        VoiceRow("Przez lata nikt z warsztatu nie przeszedł do pracy", "workshop", "disability_work", 8),
        VoiceRow("Za pracą trzeba jeździć do miasta", "residents", "local_jobs", 9),
        VoiceRow("Starsi sąsiedzi są sami, nie ma kto zajrzeć", "residents", "loneliness", 7),
        VoiceRow("Brakuje opiekunek do osób leżących", "assistance", "elder_care", 6),
        VoiceRow("Autobus jeździ dwa razy dziennie", "residents", "barriers", 5),
    ],
)
# Fact -> who said so, and the number where the question asks for one.
Answers = dict[str, tuple[str, float | None]]
CASE_ANSWERS: Answers = {
    "wtz_in_reach": ("PCPR", None),
    "wtz_candidates": ("warsztat", 7),
    "wtz_practice_possible": ("warsztat", None),
    "gmina_council_willing": ("rada gminy", None),
    "legal_founders": ("urząd gminy", 2),
    "anchor_buyer": ("miejscowa firma", None),
    "premises": ("urząd gminy", None),
    "families_agree": ("warsztat", None),
    "people_at_risk_ready": ("warsztat", 5),
}
EARLIER_ANSWERS: Answers = {
    "children_waiting": ("urząd gminy", 24),
    "qualified_childcare_staff": ("PUP", None),
    "premises": ("urząd gminy", None),
}
EARLIER_MEETING = Sheet(
    date=date(2026, 9, 8),
    title="Spotkanie z sołtysami",
    where="Urząd gminy (spotkanie zmyślone)",
    attendance={"residents": 14, "government": 6, "assistance": 3, "ngo": 2},
    voices=[
        VoiceRow("Rodzice nie wracają do pracy, bo nie ma żłobka", "residents", "childcare", 16, None, True),
        VoiceRow("Opieka nad starszymi spada na córki", "residents", "elder_care", 12, None, True),
        VoiceRow("Młodzi wyjeżdżają i nie wracają", "government", "depopulation", 9),
    ],
)


@transaction.atomic
def play() -> bool:
    """Make the personas and their story, whole or not at all. Says whether there was anything to do."""
    for somebody in PERSONAS:
        _appear(somebody)
    told, diagnosed = _tell(_actor("nina")), _diagnose(_actor("ada"))
    return told or diagnosed


def _diagnose(ada: Actor) -> bool:
    if Diagnosis.objects.filter(organisation=ada.organisation).exists():
        return False
    _earlier(ada)
    _case(ada)
    return True


def _tell(nina: Actor) -> bool:
    """Chapters side by side, the oldest days first. A chapter that was told before is left out."""
    now, kuba = timezone.now(), _actor("kuba").user
    steps = _older_call(nina, now)
    asked = office.steps(_actor("olga"), _actor("marta"))
    everything = [*steps, *asked]
    ways.go(everything, now, since=400, until=63)
    summer = _summer_call(nina, now)
    autumn = _autumn_call(nina, now)
    if summer:
        assessed.assess(nina, summer, kuba, now)
        with at(now - timedelta(days=3)):
            _let_go(nina)
    ways.go(everything, now, since=63, until=0)
    if autumn:
        call.apply(autumn)
    return bool(everything or summer or autumn)


def _is_there(name: str) -> bool:
    return Call.objects.filter(name_pl=name).exists()


def _older_call(nina: Actor, now: datetime) -> list[ways.Step]:
    """Told at once as far as its decision; what follows it is given as steps."""
    if _is_there(decided.NAME):
        return []
    with at(now - timedelta(days=430)):
        incubator.tell(nina, decided.TITLES)
    father = _actor("tomek")
    older = decided.run(nina, _actor("kuba").user, father.user, now)
    begun = ways.begin(nina, _actor("marta"), father, older, now)
    letters = [ways.Step(ago, partial(_let_go, nina)) for ago in LETTERS]
    return [*ways_told.told(begun), ways.Step(240, partial(decided.give_up, older)), *letters]


def _let_go(nina: Actor) -> None:
    """Nina reads what was prepared and lets it leave."""
    release_letters(nina, Letter.objects.filter(organisation=nina.organisation, state=LetterState.HELD))


def _summer_call(nina: Actor, now: datetime) -> Call | None:
    if _is_there(assessed.NAME):
        return None
    with at(now - timedelta(days=62)):
        incubator.tell(nina, assessed.TITLES)
    return assessed.begin(nina, now)


def _autumn_call(nina: Actor, now: datetime) -> Call | None:
    if _is_there(call.NAME):
        return None
    with at(now - timedelta(days=14)):
        incubator.tell(nina, without=decided.TITLES | assessed.TITLES)
    with at(now - timedelta(days=13)):
        return call.announce(nina)


def _appear(somebody: Persona) -> None:
    user = User.objects.filter(email=somebody.email).first()
    user = user or User.objects.create_user(somebody.email, None, name=somebody.name)
    if not somebody.organisation:  # an innovator acts for herself
        return
    fields = {"kind": somebody.kind, "place_code": somebody.place, "confirmed_at": timezone.now()}
    home, _new = Organisation.objects.get_or_create(name=somebody.organisation, defaults=fields)
    for role in somebody.roles:
        Membership.objects.get_or_create(user=user, organisation=home, role=role)


def _actor(key: str) -> Actor:
    somebody = persona(key)
    assert somebody is not None
    return Actor.of(User.objects.get(email=somebody.email))


def _case(ada: Actor) -> None:
    """The diagnosis in hand: a meeting was held, questions were answered, nothing is decided yet."""
    place = Unit.objects.get(code=CASE)
    enter_meeting(ada, place, GEBICE)
    diagnosis = start(ada, place)
    _answer(ada, diagnosis, CASE_ANSWERS)
    _asks(place)


def _asks(place: Unit) -> None:
    """The head of the gmina has asked for the cooperative beside the workshop."""
    wit = _actor("wojt")
    wanted = Solution.objects.get(slug="spoldzielnia-przy-wtz")
    why = "W warsztacie są osoby gotowe do pracy, a gmina ma pustą szkołę."
    enquire(wit, place, wanted, contact_role=ContactRole.MAYOR, has_already="Lokal, zgoda rady.", why=why)


def _answer(ada: Actor, diagnosis: Diagnosis, answers: Answers) -> None:
    for fact, (who, number) in answers.items():
        said = {"value": "yes", "number": number, "who": who, "source": "rozmowa", "day": date(2026, 10, 20)}
        answer(ada, diagnosis, diagnosis.revision, fact=fact, **said)  # type: ignore[arg-type]


def _earlier(ada: Actor) -> None:
    """A diagnosis of another gmina, decided, signed and public."""
    place = Unit.objects.get(code=EARLIER)
    enter_meeting(ada, place, EARLIER_MEETING)
    diagnosis = start(ada, place)
    choose_meetings(ada, diagnosis, diagnosis.revision, since=date(2026, 9, 1), until=date(2026, 9, 30))
    _answer(ada, diagnosis, EARLIER_ANSWERS)
    chosen = Solution.objects.select_related("current").get(slug="zlobek-i-przedszkole").current
    assert chosen is not None
    diagnosis.refresh_from_db()
    reason = "Na spotkaniu najwięcej osób mówiło o opiece nad dziećmi, a gmina ma wolny budynek po szkole."
    decide(ada, diagnosis, diagnosis.revision, versions=[chosen], reason=reason)
    publish(ada, diagnosis, public=True)
    diagnosis.refresh_from_db()
    sign(ada, diagnosis, diagnosis.revision)
