"""Is this idea new, has it come before: search in Polish texts, the nearest earlier ideas, near-copies.

Every text is indexed three ways: stems (Snowball's Polish stemmer, diacritics folded after stemming), stems
of the word typed without diacritics, and four-letter pieces of words. Ranking is BM25 over fields of
different weight. It finds similar words, not similar thoughts: synonyms need a thesaurus, and no score is a
verdict that two ideas are the same.
"""

from .copies import CopyPair, MinHash, NearCopies, near_copies
from .index import Hit, Index
from .novelty import FieldMatch, Near, Novelty, novelty
from .template import strip_template
from .words import fold, stem, words_of

__all__ = [
    "CopyPair",
    "FieldMatch",
    "Hit",
    "Index",
    "MinHash",
    "Near",
    "NearCopies",
    "Novelty",
    "fold",
    "near_copies",
    "novelty",
    "stem",
    "strip_template",
    "words_of",
]
