"""What can be held of the manifests without a cluster: their parts fit each other, the settings and the commands."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli import COMMANDS
from service.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "docker" / "kubernetes"
VERSIONS = {
    "Deployment": "apps/v1",
    "Service": "v1",
    "ConfigMap": "v1",
    "Secret": "v1",
    "PodDisruptionBudget": "policy/v1",
}


def documents() -> list[dict[str, Any]]:
    named = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert {*named, "kustomization.yaml"} == {path.name for path in FOLDER.iterdir()}
    return [one for name in named for one in yaml.safe_load_all((FOLDER / name).read_text("utf-8"))]


DOCUMENTS = documents()
DEPLOYMENTS = [one for one in DOCUMENTS if one["kind"] == "Deployment"]


def containers() -> Iterator[Any]:
    for one in DEPLOYMENTS:
        yield from one["spec"]["template"]["spec"]["containers"]


def ours() -> list[Any]:
    return [one for one in containers() if one["image"].startswith("aiguilleur")]


def labels_of(one: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = one["spec"]["template"]["metadata"]["labels"]
    return found


def test_each_is_of_a_kind_and_version_that_exists_and_has_a_name_of_its_own() -> None:
    assert all(VERSIONS[one["kind"]] == one["apiVersion"] for one in DOCUMENTS)
    names = [(one["kind"], one["metadata"]["name"]) for one in DOCUMENTS]
    assert len(names) == len(set(names))


def test_what_selects_finds_something() -> None:
    for one in DOCUMENTS:
        selector = one.get("spec", {}).get("selector")
        if selector is not None:
            wanted = selector.get("matchLabels", selector)
            assert any(wanted.items() <= labels_of(each).items() for each in DEPLOYMENTS), one["metadata"]["name"]


def test_a_service_leads_to_a_port_that_is_open() -> None:
    for service in (one for one in DOCUMENTS if one["kind"] == "Service"):
        (behind,) = [one for one in DEPLOYMENTS if service["spec"]["selector"].items() <= labels_of(one).items()]
        open_ports = {port["name"] for one in behind["spec"]["template"]["spec"]["containers"] for port in one["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= open_ports


def test_settings_are_settings_and_come_from_what_is_there() -> None:
    there = {(one["kind"], one["metadata"]["name"]): one for one in DOCUMENTS}
    known = {f"AIGUILLEUR_{name.upper()}" for name in Settings.model_fields}
    for container in ours():
        for source in container["envFrom"]:
            kind = "ConfigMap" if "configMapRef" in source else "Secret"
            held = there[kind, next(iter(source.values()))["name"]]
            assert (held.get("data") or held["stringData"]).keys() <= known


def test_commands_are_commands() -> None:
    assert {container["args"][0] for container in ours()} == {"serve", "worker"} & COMMANDS.keys()


@pytest.mark.parametrize("container", ours(), ids=lambda one: str(one["name"]))
def test_our_containers_write_nowhere_but_where_they_may_and_are_nobody_special(container: Any) -> None:
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert not container["securityContext"]["allowPrivilegeEscalation"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/data", "/tmp"}
    assert container["livenessProbe"]
    assert container["resources"]["limits"]["memory"]


def test_no_request_is_refused_while_a_new_version_is_rolled_out() -> None:
    (service,) = [one for one in DEPLOYMENTS if one["metadata"]["name"] == "aiguilleur"]
    assert service["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    (container,) = service["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert service["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= 5 + 10 + 5


def test_the_probe_of_a_worker_tells_a_fresh_file_from_an_old_one(tmp_path: Path) -> None:
    (worker,) = [one for one in ours() if one["name"] == "worker"]
    alive = tmp_path / "alive"
    probe = [part.replace("/tmp/alive", str(alive)) for part in worker["livenessProbe"]["exec"]["command"]]
    assert subprocess.run(probe, capture_output=True, check=False).returncode
    alive.touch()
    assert not subprocess.run(probe, check=False).returncode
    subprocess.run(["touch", "-d", "-10 minutes", str(alive)], check=True)
    assert subprocess.run(probe, check=False).returncode
