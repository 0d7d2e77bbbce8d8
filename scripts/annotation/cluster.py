"""Workers as Ray actors, on one machine or many (needs the `cluster` extra).

They do the same shards as the processes of `local`, and write the same parts: inputs, model and output folder must be
where all machines reach them by the same path, as on a network file system, and this checkout too. So no document goes
through Ray's object store, none can be lost with a block, and a run goes on wherever it was stopped.
"""

import os
from pathlib import Path
from typing import Any

from ..errors import BadInput
from .annotator import Annotator, Job, describe_error
from .plan import Shard
from .scheduler import Died, Done, Event, Failed, Ready

_ROOT = Path(__file__).parent.parent.parent
_MAX_HOW = 300


def import_ray() -> Any:
    """RETURNS (module): Ray, which is told to send no usage statistics. RAISES (BadInput): it is not installed."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray  # noqa: PLC0415 (an extra)
    except ImportError:
        raise BadInput("--engine ray needs Ray: pip install 'spacy-bellwether[cluster]'") from None
    return ray


class RayEngine:
    """Use as a context manager: at its end no actor is left."""

    def __init__(self, job: Job, *, address: str | None = None, workers: int | None = None) -> None:
        """
        address (str | None): of a running cluster, "auto" for the one of this machine; None starts Ray here.
        workers (int | None): where Ray is started here, the most that it will be asked for.
        """
        self._ray = import_ray()
        self._threads = job.threads
        settings: dict[str, Any] = {"address": address}
        if address is None:
            settings = {"num_cpus": (workers or 1) * job.threads, "include_dashboard": False, "log_to_driver": False}
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        self._ray.init(**settings, logging_level="ERROR", runtime_env={"env_vars": {"PYTHONPATH": path}})
        self._job = self._ray.put(job)
        self._actor = self._ray.remote(num_cpus=job.threads, max_restarts=0, max_task_retries=0)(Actor)
        self._actors: dict[int, Any] = {}
        self._pending: dict[Any, int] = {}
        self._ready: set[int] = set()
        self._started = 0

    def __enter__(self) -> "RayEngine":
        return self

    def __exit__(self, *_: object) -> None:
        for actor in self._actors.values():
            self._ray.kill(actor)
        self._ray.shutdown()

    @property
    def slots(self) -> int:
        """How many workers the cluster has processors for."""
        return int(self._ray.cluster_resources().get("CPU", 0)) // self._threads

    def start(self) -> int:
        self._started += 1
        actor = self._actor.remote()
        self._actors[self._started] = actor
        self._pending[actor.load.remote(self._job)] = self._started
        return self._started

    def assign(self, worker: int, shard: Shard) -> None:
        self._pending[self._actors[worker].annotate.remote(shard)] = worker

    def wait(self) -> list[Event]:
        done, _ = self._ray.wait(list(self._pending), num_returns=1)
        return [self._receive(reference) for reference in done]

    def _receive(self, reference: Any) -> Event:
        worker = self._pending.pop(reference)
        try:
            self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            cause = error.cause
            if isinstance(cause, BadInput):
                return Failed(worker, str(cause))
            return Failed(worker, f"a worker fails: {describe_error(cause if cause is not None else error)}")
        except self._ray.exceptions.RayError as error:
            del self._actors[worker]
            return Died(worker, " ".join(str(error).split())[:_MAX_HOW])
        if worker in self._ready:
            return Done(worker)
        self._ready.add(worker)
        return Ready(worker)


class Actor:
    """An `Annotator` in a process of Ray's."""

    def __init__(self) -> None:
        self._annotator: Annotator | None = None

    def load(self, job: Job) -> None:
        """Apart from `__init__`, so that what is wrong is an error of a call, and not the death of an actor."""
        self._annotator = Annotator(job)

    def annotate(self, shard: Shard) -> None:
        """RAISES (RuntimeError): it has not loaded the pipeline."""
        if self._annotator is None:
            raise RuntimeError("the pipeline is not loaded")
        self._annotator.annotate(shard, _ignore)


def _ignore(rows: int) -> None:
    """Shards are small enough for the progress bar."""
