"""The dashboard, the rules and the example of docs/operations.md are of what a real broker says."""

import json
import re

import pytest
import yaml

from scrape import ROOT, Scrape, promtool

DASHBOARD = ROOT / "docs" / "grafana" / "mqm-broker.json"
RULES = ROOT / "docs" / "prometheus" / "mqm-broker.rules.yml"
EXAMPLE = ROOT / "docs" / "prometheus" / "prometheus.yml"
OPERATIONS = ROOT / "docs" / "operations.md"
NAME = re.compile(r"\b((?:mqm|process)_[a-z_]+)\b")
MATCHER = re.compile(r'((?:mqm|process)_[a-z_]+)\{([^}]*)\}')


@pytest.fixture(scope="module")
def dashboard():
    return json.loads(DASHBOARD.read_text())


@pytest.fixture
def reading(broker):
    return Scrape(broker)


def expressions(dashboard):
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def rules():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def test_the_dashboard_is_of_the_form_that_grafana_imports(dashboard):
    assert dashboard["title"] and dashboard["uid"] and dashboard["id"] is None and dashboard["schemaVersion"] >= 36
    sources = [variable for variable in dashboard["templating"]["list"] if variable["type"] == "datasource"]
    assert [source["query"] for source in sources] == ["prometheus"]
    source = {"type": "prometheus", "uid": "${" + sources[0]["name"] + "}"}
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids)) > 10
    occupied = set()
    for panel in dashboard["panels"]:
        assert panel["type"] in ("row", "stat", "timeseries") and panel["title"]
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & occupied, f"'{panel['title']}' lies on another one"
        occupied |= cells
        if panel["type"] != "row":
            assert panel["datasource"] == source and panel["description"] and panel["fieldConfig"]["defaults"]["unit"]
            refs = [target["refId"] for target in panel["targets"]]
            assert refs and len(refs) == len(set(refs))
            for target in panel["targets"]:
                assert target["datasource"] == source and target["expr"] and 'instance=~"$instance"' in target["expr"]


def test_every_metric_of_the_dashboard_and_the_rules_is_in_a_real_reading(dashboard, reading):
    for expression in [*expressions(dashboard), *(rule["expr"] for rule in rules())]:
        names = set(NAME.findall(expression))
        assert names and names <= reading.names, (expression, names - reading.names)
        for name, matchers in MATCHER.findall(expression):
            for label, operator, value in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', matchers):
                if label not in ("instance", "job"):
                    values = set(re.findall(rf'^{name}\{{[^}}]*{label}="([^"]*)"', reading.text, re.M))
                    assert values, (name, label)
                    assert operator not in ("=", "!=") or value in values, (name, label, value)
                    assert operator not in ("=~", "!~") or any(re.fullmatch(value, known) for known in values), (name, label, value)


def test_every_metric_of_the_broker_is_on_the_dashboard_and_in_the_document(dashboard, reading):
    shown = set(NAME.findall(" ".join(expressions(dashboard))))
    families = {name for name in reading.types if name.startswith("mqm_")}
    of = {family: {family, f"{family}_bucket", f"{family}_sum", f"{family}_count"} for family in families}
    assert not [family for family in families if not of[family] & shown]
    described = OPERATIONS.read_text()
    assert not [family for family in reading.types if f"`{family}`" not in described]
    assert not [name for name in re.findall(r"`((?:mqm|process)_[a-z_]+)`", described) if name not in reading.types]


def test_promtool_has_nothing_against_rules_and_example():
    promtool("check", "rules", RULES)
    promtool("check", "config", EXAMPLE)
    assert len(rules()) >= 8 and all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in rules())
    promtool("test", "rules", ROOT / "Tests" / "EndToEndTests" / "sockets" / "mqm-broker.rules.test.yml")
