"""A scan's parts on dask.distributed: processes of this machine, or a cluster by its scheduler's address."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from analytics.errors import WorkersLost
from analytics.topics.scan.run import part

TRIES = 3
"""Deaths of workers under one part after which the scan is given up."""
CONNECT_SECONDS = 10
LARGE = {
    "distributed.admin.large-graph-warning-threshold": "1GB",
    "distributed.scheduler.allowed-failures": TRIES,
}


@contextmanager
def workers(address: str | None = None, count: int = 1) -> Iterator[OnClient]:
    """Who computes the parts: ``count`` processes here, one thread each, or the cluster at ``address``.

    A part whose worker dies is given to another; what a worker held is made again from the scheduler's copy.

    Raises:
        WorkersLost: nobody answers at the address, or the workers die again and again.
    """
    import dask  # a second to import: only where somebody scans
    from distributed import Client, LocalCluster

    with ExitStack() as stack, dask.config.set(LARGE):
        if address is None:
            here = {"host": "127.0.0.1", "dashboard_address": None, "silence_logs": logging.CRITICAL}
            place = stack.enter_context(LocalCluster(n_workers=count, threads_per_worker=1, **here))
        else:
            place = address
        try:
            client = stack.enter_context(Client(place, timeout=CONNECT_SECONDS))
        except (OSError, TimeoutError, ValueError):
            raise WorkersLost(f"no scheduler answers at {address}") from None
        yield OnClient(client)


class OnClient:
    """The parts as tasks of a client."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __call__(
        self, returns: np.ndarray, numbers: Sequence[int], draws: int
    ) -> Iterator[tuple[int, bytes]]:
        from distributed import CancelledError, KilledWorker, as_completed

        client = self.client
        data = client.submit(
            _held, returns
        )  # a task, not scattered: the scheduler can make it again for a new worker
        tasks = {client.submit(part, data, number, draws, pure=False): number for number in numbers}
        try:
            for task in as_completed(list(tasks)):
                number = tasks.pop(task)
                yield number, task.result()
        except KilledWorker:
            raise WorkersLost("a part's worker died again and again") from None
        except (CancelledError, OSError):
            raise WorkersLost("the connection to the scheduler broke off") from None


def _held(returns: np.ndarray) -> np.ndarray:
    return returns
