"""`make fuzz`: what strangers and advisors write, made up by a fuzzer that is led by the branches it reaches.

python -m tests.fuzz [TARGET …] [--seconds N] [--keep FOLDER]     exit code 1 where a promise was broken; what broke it
                                                                  is kept in FOLDER, and its traceback printed
"""

import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

WATCHED = ["service.pipeline.clean", "service.playbooks", "retrieval.words", "service.domain"]
"""The packages whose branches are counted."""
HANGS_S, MOST_MB = 30, 2_048


def alone(name: str, seconds: int, kept: Path) -> None:
    """Fuzzes in this process, and ends it: libFuzzer does not return."""
    atheris = importlib.import_module("atheris")  # `make fuzz` fetches it: nothing else needs it
    with atheris.instrument_imports(include=WATCHED):
        from tests.fuzz.targets import LONGEST, TARGETS
    target = TARGETS[name]
    seeds, words = kept / "seeds", kept / "words"
    seeds.mkdir()
    for number, seed in enumerate(target.seeds):
        (seeds / str(number)).write_text(seed, "utf-8", newline="")
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words)
    words.write_text("".join(f'"{word}"\n' for word in escaped), "utf-8")
    options = [f"-max_total_time={seconds}", f"-timeout={HANGS_S}", f"-rss_limit_mb={MOST_MB}", f"-max_len={LONGEST}"]
    options += [f"-dict={words}", f"-artifact_prefix={kept}/", "-print_final_stats=1", str(seeds)]
    atheris.Setup([sys.argv[0], *options], target.try_)
    atheris.Fuzz()


def fuzzed(name: str, seconds: int, keep: Path) -> bool:
    """Prints what came of it, in a process of its own. True where no promise was broken."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(seconds), "--alone", folder]
        found = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        broken = [file for file in Path(folder).iterdir() if file.name.startswith(("crash", "timeout", "oom"))]
        keep.mkdir(parents=True, exist_ok=True)
        for file in broken:
            (keep / f"{name}-{file.name}").write_bytes(file.read_bytes())
    tried = next((line.split()[-1] for line in found.stderr.splitlines() if "number_of_executed_units" in line), "?")
    fine = found.returncode == 0 and not broken
    sys.stdout.write(f"{name:<12}{tried:>10} tries  {'nothing found' if fine else 'BROKEN'}\n")
    if not fine:
        sys.stdout.write(f"{found.stdout[-4_000:]}{found.stderr[-2_000:]}\n")
    sys.stdout.flush()
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--keep", type=Path, default=Path("runs/fuzz"))
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.targets[0], options.seconds, options.alone)
    from tests.fuzz.targets import TARGETS

    fine = [fuzzed(name, options.seconds, options.keep) for name in options.targets or TARGETS]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
