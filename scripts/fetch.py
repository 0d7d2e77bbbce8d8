"""Step `fetch-corpora`: the public corpora of a mix, as `project.yml` declares them (`extra: true`).

Every file is checked by SHA-256. It is taken from the folder that the environment variable ASSET_MIRROR names, if one
there has the right checksum; else from its upstream URL. What is there already and right is left alone, so a broken
download is taken up again by running the step again.
"""

import os
import shutil
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import srsly
import typer
from wasabi import msg

from .domain import Source, load_domain
from .errors import BadInput
from .files import file_sha256, write_json
from .progress import progress_bar

MIRROR_VARIABLE = "ASSET_MIRROR"
TIMEOUT_S = 60
BLOCK = 1 << 16

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Asset:
    """A file of a public corpus."""

    dest: str
    url: str
    sha256: str


def read_assets(project: Path) -> dict[str, Asset]:
    """The assets of a project file that carry a SHA-256, by destination."""
    assets = {}
    for entry in srsly.read_yaml(project).get("assets", []):
        if entry.get("sha256"):
            assets[entry["dest"]] = Asset(entry["dest"], entry["url"], entry["sha256"])
    return assets


def needed_assets(sources: dict[str, Source], assets: dict[str, Asset]) -> list[Asset]:
    """The declared assets among the files of the sources, in their order."""
    files = [path for source in sources.values() for paths in source.files.values() for path in paths]
    # A source without a split of its own names one file as train and as test.
    return [assets[path] for path in dict.fromkeys(files) if path in assets]


def find_in_mirror(asset: Asset, mirror: Path) -> Path | None:
    """A file of the same name below the mirror, with the right checksum."""
    for path in sorted(mirror.rglob(Path(asset.dest).name)):
        if path.is_file() and file_sha256(path) == asset.sha256:
            return path
    return None


def download(asset: Asset, target: Path) -> None:
    """Download with a progress bar.

    RAISES (BadInput): where the network or the server says no.
    """
    try:
        with urllib.request.urlopen(asset.url, timeout=TIMEOUT_S) as response, target.open("wb") as file:
            total = int(response.headers.get("Content-Length") or 0) or None
            with progress_bar(total=total, unit="B", unit_scale=True, desc=target.name, leave=False) as progress:
                while block := response.read(BLOCK):
                    file.write(block)
                    progress.update(len(block))
    except (urllib.error.URLError, OSError) as error:
        target.unlink(missing_ok=True)
        reason = getattr(error, "reason", error)
        raise BadInput(
            f"cannot be fetched from {asset.url}: {reason}. "
            f"Put the file into a folder and name it by {MIRROR_VARIABLE}=FOLDER",
            path=asset.dest,
        ) from None


def fetch(asset: Asset, root: Path, mirror: Path | None) -> str:
    """Make one asset present and right; RETURNS where it came from.

    RAISES (BadInput): where it cannot be had, or what came has the wrong checksum (then nothing is left behind).
    """
    target = root / asset.dest
    if target.exists() and file_sha256(target) == asset.sha256:
        return "already there"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    found = find_in_mirror(asset, mirror) if mirror is not None else None
    if found is not None:
        shutil.copyfile(found, partial)
    else:
        download(asset, partial)
    digest = file_sha256(partial)
    if digest != asset.sha256:
        partial.unlink()
        raise BadInput(
            f"sha256 of {asset.url} is {digest}, expected {asset.sha256}: the upstream file has changed",
            path=asset.dest,
        )
    partial.replace(target)
    return f"copied from {found}" if found is not None else f"downloaded from {asset.url}"


@app.command()
def main(
    mix: Annotated[str, typer.Option(help="A mix of the domain file.")],
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    project: Annotated[Path, typer.Option(help="The project file that declares the assets.")] = Path("project.yml"),
    out: Annotated[Path | None, typer.Option(help="Where the list of what was fetched goes.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched, and stop.")] = False,
) -> None:
    """Fetch the public corpora that a mix needs. A mix without any (the default) needs no network."""
    mirror = Path(os.environ[MIRROR_VARIABLE]) if os.environ.get(MIRROR_VARIABLE) else None
    if mirror is not None and not mirror.is_dir():
        raise BadInput(f"{MIRROR_VARIABLE} names '{mirror}', which is not a folder")
    assets = needed_assets(load_domain(domain_path).mix_sources(mix), read_assets(project))
    for asset in assets:
        if dry_run:
            msg.text(f"{asset.dest} from {asset.url}")
        else:
            msg.good(f"{asset.dest}: {fetch(asset, Path.cwd(), mirror)}")
    if not assets:
        msg.info(f"The mix '{mix}' needs no public corpus")
    if out is not None and not dry_run:
        write_json(out, {asset.dest: asset.sha256 for asset in assets})
