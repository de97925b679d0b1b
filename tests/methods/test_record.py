"""What every result carries, and that the science stands on its own."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from krzew.methods import METHOD_VERSION, MethodError
from krzew.methods.needs import voices_score
from krzew.methods.rates import smooth
from krzew.methods.record import check_weights, data_hash, streams


def test_no_django_is_loaded() -> None:
    modules = "access, fit, index, needs, neighbours, rates, similarity"
    code = f"import sys; from krzew.methods import {modules}; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_provenance_is_json() -> None:
    written = json.loads(json.dumps(smooth([1, 2], [10, 20]).provenance.as_dict()))
    assert written["method"] == "rates"
    assert written["method_version"] == METHOD_VERSION
    assert voices_score({"a": {"x": 1}}, {"a": 2}).provenance.data_hash


def test_hash_sees_type_shape_and_value() -> None:
    texts = {
        data_hash(np.array([1.0, 2.0])),
        data_hash(np.array([[1.0, 2.0]])),
        data_hash(np.array([1.0, 3.0])),
        data_hash(np.array([1, 2])),
        data_hash("1.0, 2.0"),
    }
    assert len(texts) == 5
    assert data_hash(np.array([1.0, 2.0])) in texts


def test_streams_do_not_repeat_one_another() -> None:
    a, b = streams(1, 2)
    assert a.random() != b.random()


@pytest.mark.parametrize("weights", [[0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0], []])
def test_weights_must_weigh(weights: list[float]) -> None:
    with pytest.raises(MethodError) as error:
        check_weights("weights", weights)
    assert error.value.field == "weights"
