"""The OpenAPI document and the page that shows it."""

import re
from typing import Any

import httpx
import pytest

from service.app import REQUEST_EXAMPLES
from service.schemas import ErrorResponse


@pytest.fixture(scope="module")
def openapi(client: httpx.Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


def test_errors_are_documented(openapi: dict[str, Any]) -> None:
    analyze = openapi["paths"]["/v1/analyze"]["post"]["responses"]
    assert set(analyze) == {"200", "413", "415", "422", "500", "503"}
    assert set(openapi["paths"]["/health"]["get"]["responses"]) == {"200", "503"}
    for status, response in analyze.items():
        if status != "200":
            content = response["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorResponse"}
            ErrorResponse.model_validate(content["example"])
    assert "HTTPValidationError" not in openapi["components"]["schemas"]


def test_every_field_of_a_response_is_described(openapi: dict[str, Any]) -> None:
    for name in ("Entity", "Classification", "DocumentAnalysis", "Limits", "Problem", "Error", "AnalyzeRequest"):
        for field, schema in openapi["components"]["schemas"][name]["properties"].items():
            assert schema.get("description"), f"{name}.{field}"


def test_the_examples_of_requests_are_answered(client: httpx.Client, openapi: dict[str, Any]) -> None:
    content = openapi["paths"]["/v1/analyze"]["post"]["requestBody"]["content"]["application/json"]
    assert set(content["examples"]) == set(REQUEST_EXAMPLES)
    schema = openapi["components"]["schemas"]["AnalyzeRequest"]
    bodies = [example["value"] for example in content["examples"].values()] + schema["examples"]
    for body in bodies:
        assert client.post("/v1/analyze", json=body).status_code == 200


def test_the_address_alone_leads_to_the_page(client: httpx.Client) -> None:
    page = client.get("/", follow_redirects=True)
    assert page.status_code == 200
    assert page.url.path == "/docs"


def test_the_page_needs_no_network(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert 'validatorUrl": null' in page.text
    addresses = re.findall(r"""(?:src|href)="([^"]+)\"""", page.text)
    assert len(addresses) >= 2
    for address in addresses:
        assert address.startswith("/")
        assert client.get(address).status_code == 200
    assert not re.search(r"https?://", page.text)
