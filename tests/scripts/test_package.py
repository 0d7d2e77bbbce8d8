"""The wheel says what is in it: scores, licences, requirements and the commit.

The library's own wheel, and the installation of both, are tested end to end.
"""

import json
import subprocess
import zipfile
from email.parser import Parser

import pytest
import spacy

from scripts import package
from scripts.package import LIBRARY, REQUIREMENTS, build_meta, build_pipeline_wheel, git_commit, library_requirement

MANIFEST = {
    "domain": "mini",
    "mix": "mine",
    "sources": {
        "own": {"licence": "MIT", "description": "Own texts.", "documents": {"train": 3, "dev": 1, "test": 1}},
        "wire": {"licence": "CC-BY-4.0", "description": "News.", "documents": {"train": 9, "dev": 2, "test": 2}},
        "more": {"licence": "MIT", "description": "More texts.", "documents": {"train": 1, "dev": 0, "test": 0}},
    },
    "sha256": {"train": "a", "dev": "b", "test": "c"},
}
SCORES = {"ents_f": 0.75, "sentiment_macro_f": None}


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Run git in a folder of its own, untouched by the settings of who runs the tests."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))

    def run(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path / "repo"), "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    (tmp_path / "repo").mkdir()
    return run


def test_git_commit_is_the_full_hash_and_says_whether_files_were_changed(git, tmp_path):
    repo = tmp_path / "repo"
    assert git_commit(repo) is None
    git("init", "--quiet")
    assert git_commit(repo) is None
    (repo / "file").write_text("one", encoding="utf-8")
    git("add", "file")
    git("commit", "--quiet", "--message", "first")
    git("tag", "--annotate", "v1", "--message", "v1")
    commit = git("rev-parse", "HEAD")
    assert git_commit(repo) == commit
    (repo / "untracked").touch()
    assert git_commit(repo) == commit
    (repo / "file").write_text("two", encoding="utf-8")
    assert git_commit(repo) == f"{commit}-dirty"


def test_git_commit_is_none_without_git(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_commit(tmp_path) is None


@pytest.mark.parametrize(
    ("version", "bounds"),
    [("0.1.0", ">=0.1.0,<0.2.0"), ("0.9.3", ">=0.9.3,<0.10.0"), ("1.4.2", ">=1.4.2,<2.0.0"), ("2.0", ">=2.0,<3.0.0")],
)
def test_library_is_required_up_to_the_next_version_that_may_break(monkeypatch, version, bounds):
    monkeypatch.setattr(package.metadata, "version", {LIBRARY: version}.__getitem__)
    assert library_requirement() == LIBRARY + bounds


def test_meta_says_where_the_pipeline_comes_from():
    meta = build_meta(MANIFEST, SCORES, "abc-dirty", "tiny")
    assert meta["performance"] == SCORES
    assert "mini" in meta["description"]
    assert "'mine'" in meta["description"]
    assert [(source["name"], source["license"]) for source in meta["sources"]] == [
        ("own", "MIT"),
        ("wire", "CC-BY-4.0"),
        ("more", "MIT"),
    ]
    assert meta["requirements"] == [library_requirement(), *(name + bound for name, bound in REQUIREMENTS.items())]
    assert meta["bellwether"] == {
        "mix": "mine",
        "corpus_sha256": MANIFEST["sha256"],
        "corpus_licences": ["CC-BY-4.0", "MIT"],
        "documents": {name: source["documents"] for name, source in MANIFEST["sources"].items()},
        "encoder": "tiny",
        "git_commit": "abc-dirty",
    }
    assert build_meta(MANIFEST, SCORES, None, "tiny")["bellwether"]["git_commit"] is None


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC BY-NC-SA 3.0", "For research only, as its corpora are: CC BY-NC-SA 3.0"),
        ("CC BY 4.0", "Apache-2.0"),
        ("ANC licence", "Apache-2.0"),
    ],
)
def test_a_corpus_for_research_makes_a_pipeline_for_research(licence, expected):
    source = {**MANIFEST["sources"]["own"], "licence": licence}
    manifest = {**MANIFEST, "sources": {**MANIFEST["sources"], "extra": source}}
    assert build_meta(manifest, SCORES, None, "tiny")["license"] == expected


def test_wheel_of_a_pipeline_holds_its_meta_and_leaves_the_model_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # the wheel is built without a network too
    model, out = tmp_path / "model", tmp_path / "out"
    nlp = spacy.blank("en")
    nlp.add_pipe("money")
    nlp.to_disk(model)
    out.mkdir()
    before = (model / "meta.json").read_bytes()
    card = tmp_path / "model_card.md"
    card.write_text("# The card\n", encoding="utf-8")
    wheel = build_pipeline_wheel(model, build_meta(MANIFEST, SCORES, "abc", "tiny"), card, "mini", "1.2.3", out)
    assert list(out.iterdir()) == [wheel]
    assert wheel.name == "en_mini-1.2.3-py3-none-any.whl"
    assert (model / "meta.json").read_bytes() == before
    with zipfile.ZipFile(wheel) as archive:
        meta = json.loads(archive.read("en_mini/meta.json"))
        data = json.loads(archive.read("en_mini/en_mini-1.2.3/meta.json"))
        metadata = Parser().parsestr(archive.read("en_mini-1.2.3.dist-info/METADATA").decode())
    required = metadata.get_all("Requires-Dist")
    assert "# The card" in metadata.get_payload()
    assert (meta["name"], meta["version"], meta["pipeline"]) == ("mini", "1.2.3", ["money"])
    for found in (meta, data):
        assert found["performance"] == SCORES
        assert found["license"] == "Apache-2.0"
        assert found["bellwether"]["corpus_licences"] == ["CC-BY-4.0", "MIT"]
        assert found["bellwether"]["git_commit"] == "abc"
    for name in (LIBRARY, *REQUIREMENTS):
        assert sum(requirement.startswith(name) for requirement in meta["requirements"]) == 1
        assert [requirement for requirement in required if requirement.startswith(name)] != []


@pytest.mark.parametrize(
    ("there", "missing", "step"),
    [
        ([], "model/meta.json", "train"),
        (["model/meta.json"], "corpus/manifest.json", "convert"),
        (["model/meta.json", "corpus/manifest.json"], "reports/evaluation.json", "evaluate"),
    ],
)
def test_step_says_what_to_run_first(run_step, tmp_path, there, missing, step):
    for name in there:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")
    output = run_step("package", "--model", "model")
    assert output.status == 1
    assert output.failures == [f"{missing}: file not found: run the step '{step}' first"]
    assert output.err == ""
    assert not (tmp_path / "packages").exists()
