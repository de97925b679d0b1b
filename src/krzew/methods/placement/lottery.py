"""Ties are broken by a lottery that anyone can check, and nobody can steer after the applications are known.

How to draw: (1) before the closing date choose a secret text and publish `commitment`, the SHA-256 of it. (2)
After the closing date add a public number that nobody of the house controls, announced beforehand (the next
draw of a state lottery), as `public`. (3) Publish the secret. The ticket of a code is SHA-256 of
"secret|public|code" as a number; the lowest ticket goes first. With any SHA-256 tool everybody can draw again.
One ticket counts everywhere: a lottery per workplace would cost persons places they prefer (Abdulkadiroğlu,
Pathak and Roth, American Economic Review 99 (2009) 1954-1978).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..record import DEFAULT_SEED, IntArray, MethodError


@dataclass(frozen=True)
class Lottery:
    """A draw: the secret text, and the public number added to it."""

    secret: str = str(DEFAULT_SEED)
    public: str = ""

    @property
    def commitment(self) -> str:
        """What to publish before the applications are known."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def verify(self, commitment: str) -> bool:
        """Whether the secret shown is the one committed to."""
        return commitment.strip().lower() == self.commitment

    def ticket(self, code: str) -> int:
        """The ticket of a code; lower goes first."""
        return int(hashlib.sha256(f"{self.secret}|{self.public}|{code}".encode()).hexdigest(), 16)

    def order(self, codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(codes, key=self.ticket))

    def places(self, codes: Sequence[str]) -> IntArray:
        """The place of each code in the draw, 0 first."""
        if len(set(codes)) != len(codes):
            raise MethodError("lottery", "codes must differ, or two would share a ticket")
        drawn = sorted(range(len(codes)), key=lambda k: self.ticket(codes[k]))
        out = np.empty(len(codes), dtype=np.int64)
        out[drawn] = np.arange(len(codes))
        return out
