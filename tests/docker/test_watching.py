"""Alert rules and the dashboard ask for metrics that there are, and the rules do what they say."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from service.cli.worker import worker
from service.connectors.metrics import Metrics

DOCKER = Path(__file__).resolve().parents[2] / "docker"
RULES = DOCKER / "prometheus"
METRIC = re.compile(r"\baiguilleur_\w+|\bup\b")
PROMETHEUS_OWN = {"up"}
PROMTOOL = shutil.which("promtool")


def rules() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((RULES / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    return found


def queries() -> list[str]:
    board = json.loads((DOCKER / "grafana" / "aiguilleur.json").read_text("utf-8"))
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def told() -> set[str]:
    """Names that /metrics tells, with those of a counter's and a histogram's samples."""
    families = list(text_string_to_metric_families(Metrics().exposition().decode()))
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    return {f"{one.name}{ending}" for one in families for ending in endings[one.type]}


def test_every_query_asks_for_metrics_that_there_are() -> None:
    asked = [*queries(), *(rule["expr"] for rule in rules())]
    assert all(METRIC.findall(one) for one in asked)
    assert {name for one in asked for name in METRIC.findall(one)} <= told() | PROMETHEUS_OWN


def test_every_alert_says_what_to_do_and_is_tried_on_a_good_day() -> None:
    names = [rule["alert"] for rule in rules()]
    assert all(rule["annotations"]["summary"] and rule["annotations"]["cure"] for rule in rules())
    good, bad = yaml.safe_load((RULES / "alerts.test.yml").read_text("utf-8"))["tests"]
    assert [one["alertname"] for one in good["alert_rule_test"]] == names
    fired = bad["promql_expr_test"][0]["exp_samples"][0]["value"]
    assert fired == len(names) + 1  # AiguilleurAway, of the process and of the database


def test_each_kind_of_process_is_asked_where_it_answers() -> None:
    """What workers triage is counted by them alone: whoever asks the services only sees nothing of it."""
    (job,) = yaml.safe_load((RULES / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    asked = {name: one["port"] for one in job["dns_sd_configs"] for name in one["names"]}
    services = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"]
    assert asked == {"service": 8000, "worker": _metrics_port(services["worker"]["command"])}
    for name, found in asked.items():
        (pods,) = [one for one in _deployments() if one["metadata"]["labels"]["part"] == name]
        told = pods["spec"]["template"]["metadata"]["annotations"]
        (container,) = pods["spec"]["template"]["spec"]["containers"]
        (port,) = container["ports"]
        assert (told["prometheus.io/scrape"], told["prometheus.io/port"]) == ("true", str(found))
        assert port["containerPort"] == found
        assert name == "service" or _metrics_port(container["args"]) == found
    assert {rule["expr"].partition('job="')[2].partition('"')[0] for rule in rules() if "job=" in rule["expr"]} == {
        job["job_name"]
    }


def _deployments() -> list[dict[str, Any]]:
    files = (DOCKER / "kubernetes" / f"{name}.yaml" for name in ("service", "worker"))
    found = [one for file in files for one in yaml.safe_load_all(file.read_text("utf-8"))]
    return [one for one in found if one["kind"] == "Deployment"]


def _metrics_port(arguments: list[str]) -> int:
    """As the command itself reads them."""
    command, *options = arguments
    assert command == worker.name
    read = worker.make_context(command, options).params
    assert read["metrics_host"] == "0.0.0.0"
    return int(read["metrics_port"])


@pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian's prometheus) is not installed")
@pytest.mark.parametrize(
    "command",
    [("check", "rules", "alerts.yml"), ("test", "rules", "alerts.test.yml"), ("check", "config", "prometheus.yml")],
)
def test_the_rules_pass_their_own_tool(command: tuple[str, ...]) -> None:
    ran = subprocess.run([str(PROMTOOL), *command], check=False, cwd=RULES, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
