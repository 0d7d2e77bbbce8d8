"""Fetching public corpora: mirror first, then a real HTTP server; nothing wrong is ever left in place."""

import functools
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import srsly

from scripts.errors import BadInput
from scripts.fetch import Asset, fetch, needed_assets, read_assets

CONTENT = b"text,label\nsome invented text,1\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """An HTTP server on a free loopback port that serves one file; yields its address."""
    folder = tmp_path / "upstream"
    folder.mkdir()
    (folder / "data.csv").write_bytes(CONTENT)
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}"
        httpd.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def make_asset(url: str, sha256: str = SHA256) -> Asset:
    return Asset("assets/public/set/data.csv", url, sha256)


def test_downloads_from_upstream_and_leaves_a_right_file_alone(server, tmp_path):
    asset = make_asset(f"{server}/data.csv")
    assert "downloaded" in fetch(asset, tmp_path, None)
    assert (tmp_path / asset.dest).read_bytes() == CONTENT
    assert fetch(asset, tmp_path, None) == "already there"


def test_a_damaged_file_is_fetched_again(server, tmp_path):
    asset = make_asset(f"{server}/data.csv")
    fetch(asset, tmp_path, None)
    (tmp_path / asset.dest).write_bytes(CONTENT[:10])
    assert "downloaded" in fetch(asset, tmp_path, None)
    assert (tmp_path / asset.dest).read_bytes() == CONTENT


def test_mirror_is_asked_before_the_network(tmp_path):
    mirror = tmp_path / "mirror" / "deep"
    mirror.mkdir(parents=True)
    (mirror / "data.csv").write_bytes(CONTENT)
    answer = fetch(make_asset("http://127.0.0.1:9/data.csv"), tmp_path, tmp_path / "mirror")
    assert answer.startswith("copied from")


def test_a_mirror_file_with_another_content_is_not_used(server, tmp_path):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "data.csv").write_bytes(b"something else")
    assert "downloaded" in fetch(make_asset(f"{server}/data.csv"), tmp_path, tmp_path / "mirror")


def test_wrong_checksum_is_refused_and_leaves_nothing(server, tmp_path):
    asset = make_asset(f"{server}/data.csv", sha256="0" * 64)
    with pytest.raises(BadInput, match="upstream file has changed"):
        fetch(asset, tmp_path, None)
    assert not list((tmp_path / asset.dest).parent.iterdir())


@pytest.mark.parametrize("path", ["/missing.csv"])
def test_an_upstream_error_says_what_to_do(server, tmp_path, path):
    with pytest.raises(BadInput, match=r"cannot be fetched from .*ASSET_MIRROR"):
        fetch(make_asset(server + path), tmp_path, None)


def test_no_network_says_what_to_do(tmp_path):
    with pytest.raises(BadInput, match="ASSET_MIRROR"):
        fetch(make_asset("http://127.0.0.1:9/data.csv"), tmp_path, None)


def test_a_mix_needs_the_assets_of_its_sources_only(domain):
    assets = read_assets(Path(__file__).parent.parent.parent / "project.yml")
    assert needed_assets(domain.mix_sources("starter"), assets) == []
    open_folders = {"fire", "sentfin", "twitter_fin_sentiment", "twitter_fin_topic"}
    for mix, folders, files in (
        ("open", open_folders, 8),
        ("research", open_folders | {"financial_phrasebank", "finer_ord"}, 13),
    ):
        needed = {asset.dest for asset in needed_assets(domain.mix_sources(mix), assets)}
        assert {dest.split("/")[2] for dest in needed} == folders
        assert len(needed) == files


def test_step_takes_files_from_the_mirror(run_step, write_domain, tmp_path, monkeypatch):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "data.csv").write_bytes(CONTENT)
    path = write_domain(tweets={"reader": "csv", "files": {"train": "assets/public/set/data.csv"}})
    entry = {"dest": "assets/public/set/data.csv", "url": "http://127.0.0.1:9/x", "sha256": SHA256, "extra": True}
    srsly.write_yaml(tmp_path / "project.yml", {"assets": [entry]})
    monkeypatch.setenv("ASSET_MIRROR", "mirror")
    output = run_step("fetch-corpora", "--mix", "mine", "--domain", str(path), "--out", "assets/public/mine.json")
    assert output.status == 0
    assert (tmp_path / "assets/public/set/data.csv").read_bytes() == CONTENT
    assert srsly.read_json(tmp_path / "assets/public/mine.json") == {"assets/public/set/data.csv": SHA256}


def test_step_says_that_the_mirror_is_not_there(run_step, write_domain, monkeypatch):
    path = write_domain(tweets={"reader": "csv", "files": {"train": "x.csv"}})
    monkeypatch.setenv("ASSET_MIRROR", "nowhere")
    output = run_step("fetch-corpora", "--mix", "mine", "--domain", str(path))
    assert output.status == 1
    assert "'nowhere', which is not a folder" in output.out
