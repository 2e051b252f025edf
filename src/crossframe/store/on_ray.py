"""The engine for more than one machine: Ray Data hands the parts to a pool of actors, each with a model of its own."""

import json
import logging
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe.encoders import load_encoder
from crossframe.errors import InputError
from crossframe.store.engines import Share, embed_part
from crossframe.store.job import Job
from crossframe.store.parts import read_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PART, _REFUSED = "part", "refused"
_PATIENCE = 10.0  # seconds for the cluster to answer
# Ray's own reports stay in its log folder; it tells nobody that it is used
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal", "RAY_DATA_LOG_LEVEL": "CRITICAL"}


class OnRay:
    """Parts of a job, embedded on a Ray cluster.

    What travels through Ray is the number of a part. An actor reads that part's rows from the table and writes the
    part's file itself, so that table and folder have to be on a file system that every node sees, and no text or
    vector passes through the driver. Ray Data starts an actor anew whose process dies, and gives its parts out again;
    a part is a whole file or none, so nothing is lost, and what was done is not done again.
    """

    def __init__(self, share: Share) -> None:
        """Remember the cluster's address and what each actor is to have of it."""
        self._share = share

    def run(self, job: Job, parts: Sequence[int]) -> Iterator[int]:
        """See `Engine.run`; parts come in the order in which they are done.

        Raises
        ------
        InputError
            If Ray is not installed, there is no cluster at the address or it has too few cores, a node does not see
            the table or the folder, or an actor refuses its rows.
        """
        if not parts:
            return
        ray = _connected(self._share.address)
        job = replace(job, source=job.source.resolve(), folder=job.folder.resolve())
        cores, gpus, actors = _pool(ray.cluster_resources(), self._share, len(parts))
        done = (
            ray.data.from_items([{_PART: n} for n in parts], override_num_blocks=len(parts))
            .map_batches(
                Actor,
                fn_constructor_args=(job, cores, gpus > 0),
                batch_size=1,
                compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors, initial_size=actors),
                num_cpus=cores,
                num_gpus=gpus,
            )
            .iter_rows()
        )
        try:
            for row in done:
                if row[_REFUSED]:
                    raise InputError(*json.loads(row[_REFUSED]))
                yield int(row[_PART])
        except ray.exceptions.RayError as error:
            last = (str(error).strip() or type(error).__name__).splitlines()[-1]
            remedy = "Parts that are done are kept: start the command again."
            raise InputError(f"Ray gave up: {last}", "--engine ray", remedy) from error
        if job.missing():
            what = f"the nodes wrote {len(parts) - len(job.missing())} of {len(parts)} parts to a folder of this name"
            raise InputError(what, str(job.folder), "Choose a folder on a file system that every node shares.")


class Actor:
    """A process of the pool; it loads the model once."""

    def __init__(self, job: Job, cores: int, gpu: bool) -> None:
        """Load the model on so many cores, or on the GPU that Ray has given this process."""
        os.environ["OMP_NUM_THREADS"] = str(cores)  # read by what is imported from here on
        self._job, self._encoder = job, load_encoder(job.model, device="cuda" if gpu else "cpu")

    def __call__(self, batch: "dict[str, NDArray[Any]]") -> "dict[str, NDArray[Any]]":
        """Embed and write the parts of these numbers; what is refused is sent back, for Ray would wrap an exception."""
        refused = ""
        try:
            self._embed([int(n) for n in batch[_PART]])
        except InputError as error:
            refused = json.dumps([error.what, error.where, error.remedy])
        return {**batch, _REFUSED: np.array([refused] * len(batch[_PART]), dtype=object)}

    def _embed(self, numbers: list[int]) -> None:
        """Embed and write the parts that are not there yet."""
        job = self._job
        for path in (job.source, job.folder):
            if not path.exists():
                raise InputError(
                    f"the node {socket.gethostname()} does not see it", str(path),
                    "Put the table and the folder on a file system that every node shares.",
                )  # fmt: skip
        missing = set(job.missing())
        wanted = [n for n in numbers if n in missing]
        for part in read_parts(job.source, job.text_column, job.id_column, job.part_rows, wanted):
            embed_part(job, part, self._encoder)


def _connected(address: str | None) -> Any:
    """Return Ray, connected to the cluster at this address, to one that runs here, or to a new one of this machine."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise InputError(
            "Ray is not installed", "--engine ray", "pip install 'crossframe[distributed]', on every node."
        ) from error
    try:
        _reached(address or os.environ.get("RAY_ADDRESS"))
        ray.init(address, ignore_reinit_error=True, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError, RuntimeError) as error:
        what = f"there is no Ray cluster at {address or os.environ.get('RAY_ADDRESS')}: {error}"
        raise InputError(what, "--address", "Give the address that `ray start --head` printed.") from error
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = context.print_on_execution_start = False
    return ray


def _reached(address: str | None) -> None:
    """Raise OSError where nothing listens at HOST:PORT: Ray itself would try for minutes."""
    host, colon, port = (address or "").rpartition(":")
    if colon and "/" not in host and port.isdecimal():
        socket.create_connection((host, int(port)), _PATIENCE).close()


def _pool(there: dict[str, float], share: Share, n_parts: int) -> tuple[int, int, int]:
    """Return cores and GPUs of an actor, and the most actors that the cluster has room for."""
    cores, gpus = int(there.get("CPU", 0)), int(there.get("GPU", 0))
    if cores < share.cores:
        raise InputError(
            f"the cluster has {cores} core(s) and an actor wants {share.cores}", "--cores", "Ask for fewer."
        )
    room = cores // share.cores
    return share.cores, min(gpus, 1), min(n_parts, min(room, gpus) if gpus else room)
