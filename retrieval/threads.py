"""Keeps matrix products on the thread that asks for them: set before numpy is imported."""

import os

ONE = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def stay_on_one() -> None:
    """One message's matrices are small: spread over two cores, their threads wait for each other in a busy
    loop, and a message takes more than twice the CPU time (`make bench`). Many messages at once use the cores.

    What the operator has set stays.
    """
    for name in ONE:
        os.environ.setdefault(name, "1")
