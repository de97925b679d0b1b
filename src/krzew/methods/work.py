"""Long work that can be watched, stopped and spread: what every slow method of this library takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

from .record import MethodError

Progress = Callable[[float, str], object]
"""Called with the share done (0 to 1) and a few words on the step."""

Stop = Callable[[], bool]
"""Asked between steps; True ends the work with the best answer so far."""

T = TypeVar("T")
R = TypeVar("R")


class Work:
    """The clock, the wish to stop and the listener of one piece of long work."""

    def __init__(
        self, time_limit: float | None = None, progress: Progress | None = None, stop: Stop | None = None
    ) -> None:
        if time_limit is not None and not time_limit > 0:
            raise MethodError("time_limit", "must be above zero seconds", str(time_limit))
        self._start, self.time_limit = time.monotonic(), time_limit
        self._progress, self._stop = progress, stop

    @property
    def seconds(self) -> float:
        """Seconds since the work began."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds until the time limit; infinite without one."""
        return float("inf") if self.time_limit is None else self.time_limit - self.seconds

    @property
    def over(self) -> bool:
        """Whether the work should end now with its best answer so far."""
        return self.left <= 0 or (self._stop is not None and self._stop())

    def report(self, share: float, step: str = "") -> None:
        """Tell the listener how far the work is."""
        if self._progress is not None:
            self._progress(min(max(share, 0.0), 1.0), step)


def spread(function: Callable[[T], R], parts: Iterable[T], executor: Executor | None = None) -> Iterator[R]:
    """Results of `function` for each part, in their order: here, or wherever the executor runs.

    Any `concurrent.futures.Executor` will do: threads, processes, or a Dask client's `get_executor()`.
    """
    return map(function, parts) if executor is None else executor.map(function, parts)
