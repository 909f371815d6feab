import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = """
import retrieval.snapshot
import numpy as np
import os
square = np.ones((600, 600), dtype=np.float32)
square @ square
print(len(os.listdir("/proc/self/task")), os.environ["OPENBLAS_NUM_THREADS"])
"""


def product(**given: str) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", PRODUCT]
    run = subprocess.run(command, cwd=ROOT, env=environment | given, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_a_matrix_product_starts_no_threads() -> None:
    assert product() == ["1", "1"]


def test_what_the_operator_has_set_stays() -> None:
    assert product(OPENBLAS_NUM_THREADS="2")[1] == "2"
