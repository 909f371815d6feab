"""`make audit`: known vulnerabilities of what is shipped, by pip-audit.

python -m tests.house.audit [--where-it-can]     exit code 1 where one is known, 2 where nobody could be asked (0 with
--where-it-can, which says so)
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")
AUDITOR = "pip-audit@2.10.1"
LONGEST_S = 60
VULNERABLE = "jinja2==2.4.1"
"""Known for it since 2014: whoever finds nothing here has not reached the database of advisories. A mirror of packages
answers every such question with nothing."""

Auditor = Callable[[Path, list[str]], str]


def asked(requirements: Path, options: list[str]) -> str:
    """What the auditor prints; nothing where it gets no answer in time."""
    command = [str(UV), "tool", "run", AUDITOR, "--disable-pip", "--format=json", *options, "-r", str(requirements)]
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=LONGEST_S).stdout
    except subprocess.TimeoutExpired:
        return ""


def audited(lock: Path, auditor: Auditor = asked) -> list[str] | None:
    """The vulnerabilities, a line each; None where not everything could be asked about."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as known:
        known.write(f"{VULNERABLE}\n")
        known.flush()
        if not _found(auditor(Path(known.name), ["--no-deps"])):
            return None
    return _found(auditor(lock, ["--require-hashes"]))


def _found(told: str) -> list[str] | None:
    try:
        dependencies: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError):
        return None
    found = [_line(one, flaw) for one in dependencies for flaw in one.get("vulns", ())]
    skipped = any("skip_reason" in one for one in dependencies)
    return found if found or not skipped else None


def _line(one: dict[str, Any], flaw: dict[str, Any]) -> str:
    cure = ", ".join(flaw.get("fix_versions", ())) or "no version yet"
    return f"{one['name']} {one['version']}: {flaw['id']}, mended in {cure}"


def main(auditor: Auditor = asked) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--where-it-can", action="store_true", help="not being able to ask is no failure")
    options = parser.parse_args()
    found = audited(ROOT / "requirements.lock", auditor)
    if found is None:
        sys.stdout.write(
            "NOT AUDITED: the database of advisories cannot be reached from here. Run `make audit` where\n"
        )
        sys.stdout.write("it can, before a release and on a schedule.\n")
        return 0 if options.where_it_can else 2
    sys.stdout.write("\n".join([*found, f"{len(found)} known vulnerabilities in what is shipped\n"]))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
