"""Which program it is that concludes: its version, and a digest of what it is made of."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import retrieval
import service

DIGITS = 12


@lru_cache(maxsize=4)
def program_version(prompts: Path) -> str:
    """Such as `0.1.0+3f2a9c1d77aa`: of the same code and the same texts of `prompts`, accounts' own apart, always the
    same. Read at the first call, some 40 ms."""
    digest = hashlib.sha256()
    for package in (service, retrieval):
        _add(digest, Path(str(package.__file__)).parent, "**/*.py")
    _add(digest, prompts, "*.yaml")
    for folder in sorted(path for path in prompts.iterdir() if path.is_dir() and path.name != "accounts"):
        _add(digest, folder, "**/*.yaml")
    return f"{version('aiguilleur')}+{digest.hexdigest()[:DIGITS]}"


def _add(digest: "hashlib._Hash", folder: Path, pattern: str) -> None:
    for path in sorted(folder.glob(pattern)):
        content = path.read_bytes()
        digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
