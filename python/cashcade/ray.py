"""Ray as an executor of `concurrent.futures`, with `pip install "cashcade[ray]"`."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from importlib import import_module
from typing import ParamSpec, TypeVar

from cashcade.words.extras import need

P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["RayExecutor"]


class RayExecutor(Executor):
    """Tasks on the cluster that this process is connected to by `ray.init`, or on one of this machine.

    Ray runs what a dead worker was about again, `retries` times.

    Parameters
    ----------
    cores
        Cores that a task takes; give `threads` of a run as many.
    retries
        How often a task is tried again.

    Raises
    ------
    MissingExtraError
        Ray is not installed.
    """

    def __init__(self, cores: int = 1, retries: int = 3) -> None:
        need("ray", "RayExecutor needs", "ray")
        ray = import_module("ray")
        if not ray.is_initialized():
            ray.init(include_dashboard=False)
        self._call = ray.remote(num_cpus=cores, max_retries=retries)(_call)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start a call on the cluster.

        Returns
        -------
        Future
            Of what the call returns. A call that has begun cannot be cancelled.
        """
        found: Future[T] = self._call.remote(fn, *args, **kwargs).future()
        return found


def _call(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call: Ray takes functions, and an executor whatever can be called."""
    return fn(*args, **kwargs)
