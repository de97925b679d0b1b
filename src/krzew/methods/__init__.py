"""The science of Krzew: pure functions on NumPy arrays and plain dataclasses, usable without Django.

One module per question. A place: `neighbours`, `rates`, `access`, `needs`. A choice: `fit`, `similarity`. A plan:
`location`, `rollout`. A call: `assignment`, `calibration`, `portfolio`, `testing`. A cooperative and its people:
`cashflow`, `placement`, `survival`. Effects and publication: `effects`, `suppression`.
"""

from .record import METHOD_VERSION, MethodError, Provenance

__all__ = ["METHOD_VERSION", "MethodError", "Provenance"]
