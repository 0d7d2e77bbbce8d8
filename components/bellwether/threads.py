"""How many threads a loaded pipeline computes with: `set_threads(nlp, 1)`."""

import sys

from spacy.language import Language
from threadpoolctl import threadpool_limits


def set_threads(nlp: Language, threads: int) -> None:
    """Set the threads of a pipeline's encoder, compiled or PyTorch's, and those of numpy in this process.

    PyTorch keeps its number for each thread of the process: call this in the thread that will use the pipeline. Several
    processes of one thread each do more than one process of several threads.

    threads (int): at least 1.
    RAISES (ValueError): on less.
    """
    if threads < 1:
        raise ValueError(f"threads must be at least 1, got {threads!r}")
    threadpool_limits(threads, user_api="blas")
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
    for _, pipe in nlp.pipeline:
        if hasattr(pipe, "threads"):
            pipe.threads = threads
