"""Step `package`: wheels of the trained pipeline and of this library.

They lie side by side, so that one folder installs anywhere.
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import spacy
import typer
from spacy.cli.package import package as spacy_package
from wasabi import msg

from bellwether.compiled_encoder.component import SETTINGS
from bellwether.compiled_encoder.forms import Form

from .compilation import COMPONENT
from .errors import BadInput, require_file
from .evaluation.provenance import git_state
from .evaluation.result import MODEL_CARD
from .licences import pipeline_licence
from .pip import run_pip

LIBRARY = "spacy-bellwether"
# Upper bounds of what the pipelines were trained and tested with.
REQUIREMENTS = {
    "spacy-transformers": ">=1.4.0,<1.5.0",
    "torch": ">=2.13.0,<2.14.0",
    "transformers": ">=4.53.0,<4.54.0",
}
COMPILED_REQUIREMENTS = {"tokenizers": ">=0.21,<1"}
RUNTIME_REQUIREMENTS = {"openvino": ">=2026.4,<2027", "onnxruntime": ">=1.32,<2"}


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def git_commit(root: Path) -> str | None:
    """The commit of the checkout, with "-dirty" where tracked files were changed; None outside a checkout."""
    commit, dirty = git_state(root)
    return f"{commit}-dirty" if dirty else commit


def library_requirement() -> str:
    """The version of this library that the pipeline needs: this one, up to the next that may break it."""
    version = metadata.version(LIBRARY)
    major, minor, *_ = (int(part) for part in version.split(".")[:2])
    upper = f"{major}.{minor + 1}.0" if major == 0 else f"{major + 1}.0.0"
    return f"{LIBRARY}>={version},<{upper}"


def compiled_requirements(model: Path) -> dict[str, str]:
    """What a compiled pipeline needs installed: the runtimes of its forms, and a tokenizer."""
    settings = json.loads((model / COMPONENT / SETTINGS).read_text(encoding="utf-8"))
    runtimes = sorted({Form.parse(name).runtime for name in settings["forms"]})
    return {**{name: RUNTIME_REQUIREMENTS[name] for name in runtimes}, **COMPILED_REQUIREMENTS}


def build_meta(
    manifest: dict[str, Any],
    scores: dict[str, Any],
    commit: str | None,
    encoder: str,
    requirements: dict[str, str] = REQUIREMENTS,
) -> dict[str, Any]:
    """What goes into the pipeline's meta.json: description, licences, sources, scores, provenance, requirements."""
    sources = manifest["sources"]
    licences = sorted({entry["licence"] for entry in sources.values()})
    return {
        "description": (
            f"Named entities, sentiment and category of {manifest['domain']} text, with typed values of amounts, "
            f"percentages, quantities, periods and companies. Trained on the mix '{manifest['mix']}'."
        ),
        "author": "Bellwether contributors",
        "license": pipeline_licence(licences),
        "sources": [
            {
                "name": name,
                "license": entry["licence"],
                "url": entry.get("url", ""),
                "author": entry.get("author", ""),
                "description": entry["description"],
            }
            for name, entry in sources.items()
        ],
        "performance": scores,
        "requirements": [
            library_requirement(),
            *(f"{name}{bound}" for name, bound in requirements.items()),
        ],
        "bellwether": {
            "mix": manifest["mix"],
            "corpus_sha256": manifest["sha256"],
            "corpus_licences": licences,
            "documents": {name: entry["documents"] for name, entry in sources.items()},
            "encoder": encoder,
            "git_commit": commit,
        },
    }


def build_library_wheel(root: Path, out: Path) -> Path:
    """Build the wheel of this library into `out`."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary, "source")
        copy.mkdir()
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy2(root / name, copy / name)
        shutil.copytree(
            root / "components", copy / "components", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
        result = run_pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(out), str(copy))
    if result.returncode:
        raise BadInput(f"the wheel of {LIBRARY} could not be built:\n{result.stderr.strip()}")
    return next(out.glob(f"{LIBRARY.replace('-', '_')}-*.whl"))


def build_pipeline_wheel(model: Path, meta: dict[str, Any], card: Path, name: str, version: str, out: Path) -> Path:
    """Build the wheel of the pipeline with `spacy package` into `out`.

    card (Path): the model card, which becomes the README of the package; where there is none, spaCy writes one.
    """
    with tempfile.TemporaryDirectory() as temporary:
        staged = Path(temporary, "model")
        shutil.copytree(model, staged)
        meta_path = staged / "meta.json"
        current = json.loads(meta_path.read_text(encoding="utf-8"))
        current.update(meta)
        current["name"], current["version"] = name, version
        meta_path.write_text(json.dumps(current, indent=2, ensure_ascii=False), encoding="utf-8")
        if card.exists():
            shutil.copy2(card, staged / "README.md")
        built = Path(temporary, "built")
        built.mkdir()
        spacy_package(
            staged, built, name=name, version=version, create_sdist=False, create_wheel=True, force=True, silent=True
        )
        wheels = list(built.rglob("*.whl"))
        if len(wheels) != 1:
            raise BadInput(f"spacy package built {len(wheels)} wheels, expected one", path=model)
        target = out / wheels[0].name
        shutil.copy2(wheels[0], target)
    return target


@dataclass(frozen=True)
class Packaged:
    """A pipeline to package.

    evaluation (Path): the report whose scores go into its meta.json. name (str): without its language.
    """

    model: Path
    evaluation: Path
    name: str
    requirements: dict[str, str]


@app.command()
def main(
    model: Annotated[Path, typer.Option(help="The trained pipeline.")] = Path("training/model-best"),
    compiled: Annotated[Path, typer.Option(help="The compiled pipeline.")] = Path("training/compiled"),
    corpus: Annotated[Path, typer.Option(help="Folder that convert wrote.")] = Path("corpus"),
    evaluation: Annotated[Path, typer.Option(help="The report whose scores go into meta.json.")] = Path(
        "reports/evaluation.json"
    ),
    compiled_evaluation: Annotated[Path, typer.Option(help="The same of the compiled pipeline.")] = Path(
        "reports/compiled/evaluation.json"
    ),
    out: Annotated[Path, typer.Option(help="Folder of the wheels.")] = Path("packages"),
    name: Annotated[str, typer.Option(help="Name of the pipeline, without its language.")] = "finance_trf",
    compiled_name: Annotated[str, typer.Option(help="Name of the compiled pipeline.")] = "finance",
    version: Annotated[str, typer.Option(help="Version of the pipelines.")] = "0.1.0",
    encoder: Annotated[str, typer.Option(help="The encoder it was trained from, for meta.json.")] = "all-MiniLM-L6-v2",
) -> None:
    """Build the wheels. Install them anywhere with: pip install --find-links packages en_finance"""
    for path, step in (
        (model / "meta.json", "train"),
        (corpus / "manifest.json", "convert"),
        (evaluation, "evaluate"),
        (compiled / "meta.json", "compile"),
        (compiled_evaluation, "compile"),
    ):
        require_file(path, step)
    if name == compiled_name:
        raise BadInput(f"both pipelines would be named '{name}': give them different names")
    manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    commit = git_commit(Path.cwd())
    lang = spacy.util.load_meta(model / "meta.json")["lang"]
    pipelines = [
        Packaged(model, evaluation, name, REQUIREMENTS),
        Packaged(compiled, compiled_evaluation, compiled_name, compiled_requirements(compiled)),
    ]
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as temporary:
        msg.info("Building the wheel of the library")
        wheels = [build_library_wheel(Path.cwd(), Path(temporary))]
        for item in pipelines:
            msg.info(f"Building the wheel of {lang}_{item.name}")
            scores = json.loads(item.evaluation.read_text(encoding="utf-8"))["scores"]
            meta = build_meta(manifest, scores, commit, Path(encoder).name, item.requirements)
            card = item.evaluation.with_name(MODEL_CARD)
            wheels.append(build_pipeline_wheel(item.model, meta, card, item.name, version, Path(temporary)))
        for prefix in (LIBRARY.replace("-", "_"), *(f"{lang}_{item.name}" for item in pipelines)):
            for old in out.glob(f"{prefix}-*.whl"):
                old.unlink()
        for wheel in wheels:
            wheel.rename(out / wheel.name)
            msg.good(f"{out / wheel.name} ({(out / wheel.name).stat().st_size / 1e6:.1f} MB)")
    msg.text(f"Install: pip install --find-links {out} {lang}_{compiled_name}")
