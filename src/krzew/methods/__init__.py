"""The science of Krzew: pure functions on NumPy arrays and plain dataclasses, usable without Django.

One module per question: `needs` (what is missing here), `neighbours` (places like this one), `rates` (small
counts), `access` (services within reach), `fit` (which solution suits), `similarity` (what resembles this
text).
"""

from .record import METHOD_VERSION, MethodError, Provenance

__all__ = ["METHOD_VERSION", "MethodError", "Provenance"]
