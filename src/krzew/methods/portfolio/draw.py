"""A draw that anybody can repeat: the seed is promised in advance and the order is a sum anyone can compute.

Before scores close the office publishes `commit(seed, nonce)`. Afterwards it shows seed and nonce. The order of
a draw is the ascending order of SHA-256 over the text "seed:public:code" ("seed:code" without a public
figure), in UTF-8: `printf '%s' '7:K-12' | sha256sum`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from ..record import MethodError


def new_nonce() -> str:
    """A random text that keeps a short seed from being guessed out of its commitment."""
    return secrets.token_hex(16)


def commit(seed: object, nonce: str) -> str:
    """SHA-256, in hexadecimal, of the text "seed:nonce". A seed may not contain a colon."""
    return _digest(f"{checked_seed(seed)}:{nonce}")


def verify(commitment: str, seed: object, nonce: str) -> bool:
    """Whether the seed and the nonce are the ones that were promised."""
    return hmac.compare_digest(commitment.strip().lower().encode(), commit(seed, nonce).encode())


def draw_order(seed: object, codes: Iterable[str], public: str = "") -> tuple[str, ...]:
    """The codes in drawn order. `public`: a figure nobody could know in advance, e.g. a state lottery result."""
    return tuple(sorted(codes, key=lambda code: draw_key(seed, code, public)))


def draw_key(seed: object, code: str, public: str = "") -> str:
    """The figure by which an idea stands in a draw."""
    start = f"{checked_seed(seed)}:{public}" if public else checked_seed(seed)
    return _digest(f"{start}:{code}")


def checked_seed(seed: object) -> str:
    text = str(seed)
    if not text or ":" in text:
        raise MethodError("seed", "must be a text or number without a colon", text)
    return text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
