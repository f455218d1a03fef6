"""The service: what it answers, what it refuses, and that both are as its OpenAPI document says."""

from __future__ import annotations

import json
import threading
import time

import pytest

from topics.cli import run
from topics.loading import load
from topics.serve import LOOPBACK, Limits, application
from topics.service import Refused, Service

pytest.importorskip("starlette", reason="needs the extra `serve`")
pytest.importorskip("httpx2", reason="needs httpx2, which asks the service without a network")
from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def service(starter) -> Service:
    return Service(load(starter))


@pytest.fixture(scope="module")
def client(service) -> TestClient:
    return TestClient(application(service), base_url="http://localhost")


def ask(client: TestClient, path: str, *documents: dict, **more) -> dict:
    answer = client.post(path, json={"documents": documents, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows_of(capsys, *argv: str) -> list[dict]:
    assert run([*argv, "--format", "jsonl"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("command", ["predict", "segment", "explain"])
def test_the_rows_are_those_of_the_command(client, starter, page, capsys, command):
    rows = rows_of(capsys, command, *([] if command == "segment" else [str(starter)]), str(page))
    answer = ask(client, f"/{command}", {"id": str(page), "text": page.read_text("utf-8")})
    assert answer["articles"] == rows
    assert len(rows) > 1


def test_an_article_is_not_cut_and_keeps_what_is_told_of_it(client):
    told = {
        "kind": "article",
        "id": "a",
        "title": "Title here",
        "text": "A text.\n\nAnd more.",
        "source": "Post",
        "published": "2024",
    }
    (row,) = ask(client, "/segment", told)["articles"]
    assert (row["page"], row["article"], row["title"], row["title_span"]) == ("a", "a", "Title here", [0, 10])
    assert (row["source"], row["published"]) == ("Post", "2024")


def test_every_answer_names_the_artifact(client, service):
    digest = service.model.manifest["digest"]
    assert client.get("/health").json() == {"status": "ok", "artifact": {"name": "starter", "digest": digest}}
    assert ask(client, "/predict", {"text": ""})["artifact"]["digest"] == digest
    for answer in (client.get("/health"), client.get("/nothing"), client.post("/predict", content=b"{")):
        assert answer.headers["artifact-digest"] == digest


def test_a_target_is_judged_alone_and_an_unknown_one_not_found(client):
    text = "Net zero is a good plan, the minister said. We welcome the climate targets and support them fully."
    (row,) = ask(client, "/predict", {"kind": "article", "text": text}, target="net-zero climate policy")["articles"]
    assert [stance["target"] for stance in row["stances"]] == ["net-zero climate policy"]
    answer = client.post("/predict", json={"documents": [{"text": text}], "target": "the moon"})
    assert answer.status_code == 404
    assert "the moon" in answer.json()["error"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"{", "not JSON"),
        (b'{"documents": [{"text": NaN}]}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "must be an object"),
        (b"{}", "a list of 1 to 100"),
        (b'{"documents": []}', "a list of 1 to 100"),
        (b'{"documents": [1]}', "document 1 must be an object"),
        (b'{"documents": [{}]}', "document 1 has no 'text'"),
        (b'{"documents": [{"text": 1}]}', "'text' must be a string"),
        (b'{"documents": [{"text": "a", "txt": 1}]}', "did you mean 'text'"),
        (b'{"documents": [{"text": "a"}], "targets": 1}', "did you mean 'target'"),
        (b'{"documents": [{"text": "a", "title": "b"}]}', "'title' is for kind 'article'"),
        (b'{"documents": [{"text": "a", "kind": "book"}]}', "'kind' must be"),
        (b'{"documents": [{"text": "\\ud800"}]}', "lone surrogate"),
        (b'{"documents": [{"text": "\\u0000"}]}', "NUL"),
        (b'{"documents": [{"text": "a"}], "target": " "}', "'target' is empty"),
    ],
)
def test_what_is_malformed_is_refused_in_one_line(client, raw, says):
    answer = client.post("/predict", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_other_paths_methods_types_and_hosts_are_refused(client):
    assert client.get("/predict").status_code == 405
    assert client.get("/predict").headers["allow"] == "POST"
    assert client.post("/nothing", json={}).status_code == 404
    assert client.post("/predict", data={"documents": "x"}).status_code == 415
    for name, status in (("example.org", 400), ("127.0.0.1:8000", 200)):
        assert client.get("/health", headers={"host": name}).status_code == status


def test_large_bodies_are_refused_before_they_are_read_whole(service):
    client = TestClient(application(service, Limits(max_bytes=1000)), base_url="http://localhost")
    assert ask(client, "/predict", {"text": "a" * 900})
    said = {"content-type": "application/json"}
    taken = []

    def chunks():
        for _ in range(100):
            taken.append(1)
            yield b" " * 300

    assert client.post("/predict", content=b" " * 1001, headers=said).status_code == 413
    assert client.post("/predict", content=chunks(), headers=said).status_code == 413


class Slow(Service):
    """Waits before it answers."""

    def answer(self, question: str, raw: bytes) -> dict:
        self.wait.wait(5)
        return super().answer(question, raw)


def test_slow_answers_end_in_time_and_too_many_requests_are_sent_away(service):
    slow = Slow(service.model)
    slow.wait = threading.Event()
    limits = Limits(seconds=0.2, threads=1, waiting=0)
    with TestClient(application(slow, limits), base_url="http://localhost") as client:
        late = client.post("/predict", json={"documents": [{"text": "a"}]})
        assert (late.status_code, "no answer within 0.2 s" in late.json()["error"]) == (504, True)
        # The thread is still at work: there is no room for another.
        full = client.post("/predict", json={"documents": [{"text": "a"}]})
        assert (full.status_code, full.headers["retry-after"]) == (503, "1")
        assert client.get("/health").status_code == 200
        slow.wait.set()
        for _ in range(100):
            if (again := client.post("/predict", json={"documents": [{"text": "a"}]})).status_code == 200:
                break
            time.sleep(0.05)
        assert again.status_code == 200


def test_a_fault_is_one_line_for_who_asked_and_one_for_who_runs_it(service, capsys):
    class Faulty(Service):
        def answer(self, question: str, raw: bytes) -> dict:
            raise ZeroDivisionError("secret\nplace")

    client = TestClient(application(Faulty(service.model)), base_url="http://localhost")
    answer = client.post("/predict", json={})
    assert (answer.status_code, answer.json()) == (500, {"error": "a fault in the service: ZeroDivisionError"})
    assert capsys.readouterr().err == "topics: /predict: a fault in the service: ZeroDivisionError: secret\\nplace\n"


def test_the_same_request_gets_the_same_answer_beside_others(client, service, page):
    text = page.read_text("utf-8")
    alone = service.answer("predict", json.dumps({"documents": [{"text": text}]}).encode())["articles"]
    both = service.answer("predict", json.dumps({"documents": [{"text": "One."}, {"id": "document1", "text": text}]}).encode())
    assert both["articles"][-len(alone) :] == alone
    with pytest.raises(Refused):
        service.answer("predict", b"")


def test_without_the_extra_the_command_says_what_to_install(starter, monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "uvicorn", None)
    assert run(["serve", str(starter)]) == 2
    assert "pip install 'newstopics[serve]'" in capsys.readouterr().err


def test_loopback_is_the_default():
    from topics.cli import parser

    arguments = parser().parse_args(["serve", "artifacts/starter"])
    assert arguments.host in LOOPBACK


def test_the_service_is_as_its_document_says(service):
    """schemathesis asks what the OpenAPI document allows, and what it does not."""
    schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

    checks = [response_schema_conformance, status_code_conformance]
    app = application(service, hosts=("*",))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    asked = []
    modes = schemathesis.GenerationMode
    for mode, right in ((modes.POSITIVE, (200, 404)), (modes.NEGATIVE, (400, 404, 405, 415))):
        for result in schema.get_all_operations():
            operation = result.ok()
            if mode is modes.NEGATIVE and operation.path == "/health":
                continue  # a request without a body cannot be wrong
            check = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])(
                given(case=operation.as_strategy(generation_mode=mode))(_asks(right, asked, checks))
            )
            check()
    assert len(asked) > 25


def _asks(right: tuple[int, ...], asked: list, checks: list):
    def check(case) -> None:
        response = case.call()
        case.validate_response(response, checks=checks)
        assert response.status_code in right, (case.body, response.text)
        asked.append(response.status_code)

    return check
