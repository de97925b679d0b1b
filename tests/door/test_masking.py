"""What would identify a person is hidden; what the need is about stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krzew.door.finding import mask
from krzew.door.finding.masking import LABELS


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Proszę dzwonić 600 123 456.", "Proszę dzwonić [telefon]."),
        ("tel. 600-123-456", "tel. [telefon]"),
        ("mój numer +48 600 123 456, wieczorem", "mój numer [telefon], wieczorem"),
        ("0048600123456", "[telefon]"),
        ("mój numer to 6oo 123 4O6, pozdrawiam", "mój numer to [telefon], pozdrawiam"),
        ("(12) 345 67 89", "[telefon]"),
        ("600.123.456!", "[telefon]!"),
        ("telefon 345 67 89", "telefon [telefon]"),
        ("pesel 85010112345.", "pesel [PESEL]."),
        ("85 0101 12345", "[PESEL]"),
        ("NIP 123-456-78-90", "NIP [NIP]"),
        ("dowód ABC 123456", "dowód [nr dokumentu]"),
        ("konto 12 1234 5678 9012 3456 7890 1234", "konto [nr konta]"),
        ("pisać na jan.kowalski@example.org.", "pisać na [e-mail]."),
        ("mieszkam ul. Kwiatowa 5/3, 30-001 Kraków", "mieszkam [adres], [kod] Kraków"),
        ("przy ulicy Długiej 12", "przy [adres]"),
        ("na Kwiatowej 5/3", "na [adres]"),
        ("ul. 3 Maja 7 m. 2", "[adres]"),
        ("Nazywam się Jan Kowalski i mam 76 lat", "Nazywam się [imię] i mam 76 lat"),
        ("nazywam sie jan kowalski i mieszkam w Krakowie", "nazywam sie [imię] i mieszkam w Krakowie"),
        ("NAZYWAM SIĘ JAN KOWALSKI", "NAZYWAM SIĘ [imię]"),
        ("jestem Anna Nowak z Tarnowa", "jestem [imię] z Tarnowa"),
        ("mój syn Kubuś ma autyzm", "mój syn [imię] ma autyzm"),
        ("moj syn kubus", "moj syn [imię]"),
        ("z panem Kowalskim", "z panem [imię]"),
        ("dałam Nowakowi", "dałam [imię]"),
        ("U Kowalskiego pod lasem", "U [imię] pod lasem"),
        ("pani Wiśniewskiej", "pani [imię]"),
        ("Córka Zosia i wnuczek Staś", "Córka [imię] i wnuczek [imię]"),
        ("Marek pije", "[imię] pije"),
        ("My name is John Smith", "My name is [imię]"),
        ("jestem z Ukraina, Olena", "jestem z Ukraina, [imię]"),
        ("Pozdrawiam, Halina Zarębska", "Pozdrawiam, [imię]"),
        ("mam na imię Ola", "mam na imię [imię]"),
        ("nasza Róża nie słyszy", "nasza [imię] nie słyszy"),
    ],
)
def test_what_identifies_is_hidden(text: str, kept: str) -> None:
    assert mask(text).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "Róża kwitnie w ogrodzie",
        "kocham róże",
        "Kielce są piękne",
        "Mieszkam w Małopolsce, 12 osób, 2019-2021",
        "Mama ma Alzheimera i parkinsona",
        "Jestem sołtyską w Woli",
        "Jestem Ukrainką",
        "pani Dyrektor powiedziała",
        "Mam 45 lat, zarabiam 3 500 zł",
        "Ani jednego dnia nie mam",
        "Marka telefonu nie pamiętam",
        "Zespół Downa i zespół Aspergera",
        "od 2015 do 2020 r.",
        "z Panem Bogiem",
        "wózek 120x60 cm, 15 kg",
        "dzwoniłem na 112 i 116 123",
        "Nazywam się.",
        "nazywam sie",
        "tylko 8 procent, 600 złotych",
    ],
)
def test_what_the_need_is_about_stays(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).found == ()


def test_places_of_masks_point_into_the_text_as_written() -> None:
    text = "Nazywam się Jan Kowalski, tel. 600 123 456."
    assert [(m.kind, text[m.start : m.end]) for m in mask(text).found] == [
        ("name", "Jan Kowalski"),
        ("phone", "600 123 456"),
    ]


PIECES = st.sampled_from(
    [
        *LABELS.values(),
        *(
            "Nazywam się ",
            "jan ",
            "Kowalski",
            "Jan",
            "pani ",
            "600 123 456",
            "85010112345",
            "ul. ",
            "Kwiatowa 5/3",
        ),
        *(
            " ",
            ".",
            ", ",
            "syn ",
            "+48",
            "30-001",
            "@example.org",
            "ola",
            "Róża ",
            "mam ",
            "76 lat",
            "\n",
            "NIP ",
            "O",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from("0123456789"), min_size=9, max_size=9)
    .map("".join)
    .filter(lambda n: n[0] in "45678"),
    st.sampled_from(
        ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "+48 {0} {1} {2}", "+48{0}{1}{2}"]
    ),
    st.sampled_from(["", ".", "!", ", dziękuję", ")", "\n", " wieczorem"]),
    st.sampled_from(["", "tel. ", "dzwonić ", "(", "numer: ", "Mój telefon to "]),
)
def test_no_telephone_number_is_left(digits: str, form: str, after: str, before: str) -> None:
    written = form.format(digits[:3], digits[3:6], digits[6:])
    kept = mask(before + written + after).text
    assert not any(part in kept for part in (digits[3:6] + digits[6:], written))
    assert sum(c.isdigit() for c in kept) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        ["Kowalski", "Nowakowi", "Wiśniewskiego", "Zielińskiej", "Wójcikiem", "Kaczmarkowi", "Dąbrowską"]
    ),
    st.sampled_from(
        ["Byłam u {}.", "{} pomógł", "pan {}", "Rozmawiałem z {}, ale", "jestem {}", "Nazywam się {}!"]
    ),
)
def test_inflected_surnames(name: str, sentence: str) -> None:
    assert name not in mask(sentence.format(name)).text
