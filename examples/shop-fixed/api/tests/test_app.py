"""The frame around the endpoints: health, metrics, failures, CORS."""

import pytest
from fastapi.testclient import TestClient


@pytest.fixture
def broken(api):
    """The application, with a route that always fails."""

    @api.app.get("/broken")
    def fail() -> None:
        raise RuntimeError("relation secrets does not exist")

    return TestClient(api.app, raise_server_exceptions=False)


def test_health(api):
    assert api.get("/livez").status_code == 200
    assert api.get("/readyz").json() == {"status": "ok"}


def test_metrics_are_exposed(api):
    api.get("/livez")
    assert '="/livez",status="200"}' in api.get("/metrics/").text


def test_failure_is_answered_with_500(broken):
    answer = broken.get("/broken")
    assert answer.status_code == 500
    assert "secrets" not in answer.text


def test_own_origin_may_send_credentials(api):
    answer = api.get("/livez", headers={"Origin": "https://shop.example.com"})
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
