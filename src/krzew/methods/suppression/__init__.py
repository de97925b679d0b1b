"""What may be published: small cells hidden, and enough others that totals do not give them away; rounding;
records that nobody can be picked out of; and the attacker who tries.

Nothing here makes data safe by itself: it guards against what can be worked out from the published figures,
not against what a neighbour knows.
"""

from .anonymity import Anonymity, Coarsening, k_anonymity
from .audit import Audit, audit
from .difference import Difference, difference
from .protect import Protected, protect, protect_linked
from .rounding import Rounded, commitment, round_table
from .rules import Rules
from .table import Table

__all__ = [
    "Anonymity",
    "Audit",
    "Coarsening",
    "Difference",
    "Protected",
    "Rounded",
    "Rules",
    "Table",
    "audit",
    "commitment",
    "difference",
    "k_anonymity",
    "protect",
    "protect_linked",
    "round_table",
]
