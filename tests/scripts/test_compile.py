"""`compile` makes a pipeline without PyTorch, of those forms only that agree with the trained one."""

import json
import math
from dataclasses import replace

import openvino
import pytest
import spacy

from bellwether.compiled_encoder.forms import Form
from bellwether.encoder import encoder_shims
from scripts.compilation.assemble import compile_config
from scripts.compilation.gate import Answers, Limits, compare
from scripts.compilation.graphs import Variant, export_graphs, find_contracting, remake
from scripts.compilation.listeners import replace_listener_config
from scripts.compile import possible_forms
from scripts.convert import Converted, write_corpus
from scripts.domain import load_domain
from scripts.errors import BadInput
from scripts.evaluation.speed import spread
from scripts.records import make_record
from tests.compiled import make_trained
from tests.conftest import ROOT

LIMITS = Limits(f1=0.005, changed=0.01)


def answers(score=0.8, classes=("up",) * 100, entities=None):
    found = [frozenset()] * len(classes) if entities is None else entities
    return Answers({"tone_macro_f": score}, {"tone": list(classes)}, found, 1.0)


@pytest.mark.parametrize(
    ("compiled", "problem"),
    [
        (answers(0.7951), None),
        (answers(0.9), None),
        (answers(0.7949), "tone_macro_f 0.8000 → 0.7949, loses more than 0.5 points"),
        (answers(math.nan), "tone_macro_f"),
        (answers(classes=("up",) * 99 + ("down",)), None),
        (answers(classes=("up",) * 98 + ("down", None)), "tone: 2.00 % of the documents change their class"),
    ],
)
def test_the_gate_lets_through_what_agrees(compiled, problem):
    agreement = compare(answers(), compiled, "openvino-int8", LIMITS)
    assert agreement.passes is (problem is None)
    assert problem is None or problem in agreement.problems[0]


def test_other_entities_are_reported_and_do_not_fail_the_gate():
    """They are judged by the recogniser's score: one more or less in a document is no lost document."""
    changed = answers(entities=[frozenset({(0, 1, "ORG")})] * 100)
    agreement = compare(answers(), changed, "openvino-int8", LIMITS)
    assert agreement.passes
    assert agreement.changed["entities"] == 1.0


def test_a_form_that_the_processor_imitates_is_left_out(monkeypatch):
    monkeypatch.setattr("scripts.compile.has_bfloat16", lambda: False)
    forms, left_out = possible_forms("all", "auto")
    assert [str(form) for form in forms] == [
        "openvino-fp32",
        "openvino-int8",
        "onnxruntime-fp32",
        "onnxruntime-int8",
    ]
    assert "compile on one that has" in left_out["openvino-bf16"]
    with pytest.raises(BadInput, match="no form is left"):
        possible_forms("openvino", "bf16")


def test_calibration_texts_come_from_all_over_the_corpus():
    texts = [str(number) for number in range(1000)]
    assert spread(texts, 4) == ["0", "250", "500", "750"]
    assert len(spread(texts[:3], 10)) == 3


def test_the_config_keeps_the_heads_and_drops_the_training(tiny_encoder):
    config = compile_config(make_trained(tiny_encoder).config.copy(), "transformer", 48, window=12, stride=8)
    assert config["nlp"]["pipeline"] == ["compiled_encoder", "tone", "money"]
    assert config["components"]["compiled_encoder"] == {"factory": "compiled_encoder", "window": 12, "stride": 8}
    assert config["components"]["tone"]["model"]["tok2vec"] == {
        "@architectures": "spacy.Tok2VecListener.v1",
        "width": 48,
        "upstream": "*",
    }
    assert "training" not in config
    assert not replace_listener_config(config["components"]["tone"], 48)


@pytest.fixture
def project(tmp_path, tiny_encoder):
    """A trained pipeline and a corpus, as the steps before leave them."""
    domain = load_domain(ROOT / "configs" / "finance.yml")
    nlp = make_trained(tiny_encoder)
    nlp.config["training"]["score_weights"] = {"tone_macro_f": 1.0}
    (tmp_path / "training").mkdir()
    nlp.to_disk(tmp_path / "training" / "model-best")
    words = ["norvane", "rose", "oil", "fell", "paid EUR 3m", "the report", "of halden"]
    records = [
        make_record(
            {
                "id": f"{split}-{number}",
                "text": f"{words[number % 7]} {words[(number // 7 + 1) % 7]} {split} {number}",
                "meta": {"source": "starter"},
                "cats": {"sentiment": "neutral"},
                "layers": {"sentiment": True},
            }
        )
        for split in ("train", "dev", "test")
        for number in range(30)
    ]
    splits = {
        split: [record for record in records if record.id.startswith(split)] for split in ("train", "dev", "test")
    }
    write_corpus(
        Converted(splits, {record.id: "starter" for record in records}), domain, "starter", tmp_path / "corpus"
    )
    return tmp_path


def test_it_writes_a_pipeline_that_loads_and_a_report_of_both(project, run_step):
    output = run_step("compile", "--max-loss", "100", "--max-changed", "100")
    assert output.status == 0, output.out
    nlp = spacy.load(project / "training" / "compiled")
    assert nlp.meta["name"] == "finance"
    assert nlp.pipe_names == ["compiled_encoder", "tone", "money"]
    assert "openvino-int8" in nlp.meta["compiled_encoder"]["forms"]
    report = json.loads((project / "reports" / "compile.json").read_text(encoding="utf-8"))
    assert [form["form"] for form in report["forms"] if form["passes"]][:1] == ["openvino-fp32"]
    assert report["forms"][0]["changed"]["tone"] == 0.0
    assert "| documents with another tone |" in (project / "reports" / "compile.md").read_text(encoding="utf-8")
    # Again, over what is there.
    assert run_step("compile", "--precision", "fp32").status == 0
    again = spacy.load(project / "training" / "compiled")
    assert list(again.meta["compiled_encoder"]["forms"]) == ["openvino-fp32"]
    assert sorted(path.name for path in (project / "training" / "compiled" / "compiled_encoder").iterdir()) == [
        "encoder.fp32.bin",
        "encoder.fp32.xml",
        "settings.json",
        "tokenizer.json",
    ]


def test_it_fails_where_no_form_agrees_and_leaves_the_old_pipeline(project, run_step, monkeypatch):
    assert run_step("compile", "--precision", "fp32").status == 0
    monkeypatch.setattr("scripts.compile.compare", disagreeing)
    output = run_step("compile", "--precision", "fp32")
    assert output.status == 1
    assert "no form agrees with the trained pipeline: see reports/compile.md" in output.out
    assert "openvino-fp32 does not agree" in output.out
    assert spacy.load(project / "training" / "compiled")("oil fell").cats


def test_a_form_that_does_not_agree_is_left_out_with_its_files(project, run_step, monkeypatch):
    monkeypatch.setattr("scripts.compile.compare", disagreeing_in_int8)
    output = run_step("compile")
    assert output.status == 0
    assert "openvino-int8 does not agree: tone: 100.00 % of the documents change their class" in output.out
    assert "openvino-int8" not in spacy.load(project / "training" / "compiled").meta["compiled_encoder"]["forms"]
    files = {path.name for path in (project / "training" / "compiled" / "compiled_encoder").iterdir()}
    assert "encoder.fp32.bin" in files
    assert not any("int8" in name for name in files)
    report = (project / "reports" / "compile.md").read_text(encoding="utf-8")
    assert "* openvino-int8: tone" in report
    assert "* openvino-int8, 100 % of the contracting layers in floats: tone" in report


@pytest.mark.parametrize(
    ("precision", "variant"),
    [("int8", "50 % of the contracting layers in floats"), ("fp32", "weights in 32 bits")],
)
def test_a_form_is_tried_again_less_coarse_until_it_agrees(project, run_step, monkeypatch, precision, variant):
    attempts = []

    def disagreeing_at_first(trained, compiled, form, limits):
        attempts.append(form)
        agreement = compare(trained, compiled, form, limits)
        return replace(agreement, problems=["tone: too many"]) if len(attempts) == 1 else agreement

    monkeypatch.setattr("scripts.compile.compare", disagreeing_at_first)
    output = run_step("compile", "--precision", precision, "--max-loss", "100", "--max-changed", "100")
    assert output.status == 0, output.out
    form = f"openvino-{precision}"
    assert attempts == [form, form]
    nlp = spacy.load(project / "training" / "compiled")
    assert nlp.meta["compiled_encoder"]["forms"][form]["variant"] == variant
    files = {path.name for path in (project / "training" / "compiled" / "compiled_encoder").iterdir()}
    assert files == {f"encoder.{precision}.bin", f"encoder.{precision}.xml", "settings.json", "tokenizer.json"}
    report = (project / "reports" / "compile.md").read_text(encoding="utf-8")
    assert f"| {form}, {variant} |" in report
    assert f"* {form}: tone: too many" in report


def test_what_is_left_in_floats_are_the_layers_that_make_vectors_narrow_again(tmp_path, tiny_encoder):
    [shim] = encoder_shims(make_trained(tiny_encoder))
    calibration = [[2, 5, 6, 7, 3], [2, 8, 3]]
    export_graphs(shim._model, [Form("openvino", "int8")], calibration, tmp_path)
    core = openvino.Core()
    contracting = find_contracting(core.read_model(tmp_path / "encoder.exact.xml"))
    config = shim._model.config
    assert config.intermediate_size > config.hidden_size
    assert len(contracting) == config.num_hidden_layers

    def inputs_in_floats():
        graph = core.read_model(
            (tmp_path / "encoder.int8.xml").read_bytes(), (tmp_path / "encoder.int8.bin").read_bytes()
        )
        layers = {operation.get_friendly_name(): operation for operation in graph.get_ops()}
        sources = [layers[name].input_value(0).get_node().get_type_name() for name in contracting]
        return [source != "FakeQuantize" for source in sources]

    assert not any(inputs_in_floats())
    remake(Form("openvino", "int8"), Variant(left_in_floats=0.5), calibration, tmp_path)
    half = inputs_in_floats()
    assert any(half)
    assert half == sorted(half, reverse=True)
    remake(Form("openvino", "int8"), Variant(left_in_floats=1.0), calibration, tmp_path)
    assert all(inputs_in_floats())


def test_weights_are_kept_in_16_bits_or_as_they_were(tmp_path, tiny_encoder):
    [shim] = encoder_shims(make_trained(tiny_encoder))
    form = Form("openvino", "fp32")
    export_graphs(shim._model, [form], [], tmp_path)
    parameters = sum(parameter.numel() for parameter in shim._model.parameters())
    assert (tmp_path / "encoder.fp32.bin").stat().st_size < 2.5 * parameters
    remake(form, Variant(bits=32), [], tmp_path)
    assert (tmp_path / "encoder.fp32.bin").read_bytes() == (tmp_path / "encoder.exact.bin").read_bytes()


def disagreeing_in_int8(trained, compiled, form, limits):
    return (disagreeing if form.endswith("int8") else compare)(trained, compiled, form, limits)


def disagreeing(trained, compiled, form, limits):
    classes = {name: [f"not {label}" for label in labels] for name, labels in compiled.classes.items()}
    return compare(trained, Answers(compiled.scores, classes, compiled.entities, 1.0), form, limits)


def test_a_dry_run_says_what_it_would_do(project, run_step):
    output = run_step("compile", "--dry-run")
    assert output.status == 0
    assert "to be en_finance" in output.out
    assert "gate on 30 texts of dev" in output.out
    assert not (project / "training" / "compiled").exists()


def test_a_pipeline_without_a_transformer_is_refused(project, run_step):
    nlp = spacy.blank("en")
    nlp.add_pipe("money")
    nlp.to_disk(project / "rules")
    output = run_step("compile", "--model", "rules")
    assert output.status == 1
    assert "exactly one can be compiled" in output.out
