"""Which form of a compiled encoder a processor is served by."""

import pytest

from bellwether.compiled_encoder import forms
from bellwether.compiled_encoder.forms import Form, choose_form, processor_flags, rank_forms

ALL = [Form.parse(f"{runtime}-{kind}") for runtime in ("onnxruntime", "openvino") for kind in ("fp32", "int8")]
ALL.append(Form("openvino", "bf16"))


@pytest.fixture
def installed(monkeypatch):
    """Pretend that these runtimes are installed."""

    def pretend(*names):
        monkeypatch.setattr(forms, "is_installed", lambda name: name in names)

    pretend("openvino", "onnxruntime")
    return pretend


@pytest.mark.parametrize(
    ("flags", "best"),
    [
        ({"amx_bf16", "avx512_bf16", "avx512_vnni"}, "openvino-bf16"),
        ({"avx512_bf16", "avx512_vnni"}, "openvino-int8"),
        ({"avx512_vnni"}, "openvino-int8"),
        ({"avx2"}, "openvino-int8"),
        (set(), "openvino-int8"),
    ],
)
def test_the_processor_decides(installed, flags, best):
    assert str(choose_form(ALL, flags=frozenset(flags))) == best


def test_without_int8_bfloat16_is_taken_only_where_the_processor_has_it(installed):
    forms_ = [Form("openvino", "fp32"), Form("openvino", "bf16")]
    assert choose_form(forms_, flags=frozenset({"avx512_bf16"})).precision == "bf16"
    assert choose_form(forms_, flags=frozenset({"avx2"})).precision == "fp32"
    assert choose_form([Form("openvino", "bf16")], flags=frozenset()).precision == "bf16"


def test_what_was_asked_for_is_taken(installed):
    flags = frozenset({"avx512_vnni"})
    assert str(choose_form(ALL, precision="fp32", flags=flags)) == "openvino-fp32"
    assert str(choose_form(ALL, runtime="onnxruntime", flags=flags)) == "onnxruntime-int8"
    assert str(choose_form(ALL, precision="bf16", flags=flags)) == "openvino-bf16"


def test_a_runtime_that_is_not_installed_is_passed_over(installed):
    installed("onnxruntime")
    assert choose_form(ALL).runtime == "onnxruntime"
    with pytest.raises(ValueError, match="pip install openvino"):
        choose_form(ALL, runtime="openvino")


def test_errors_say_what_there_is(installed):
    with pytest.raises(ValueError, match=r"no form with .*bf16; it has openvino-fp32"):
        choose_form([Form("openvino", "fp32")], precision="bf16")
    with pytest.raises(ValueError, match="precision must be one of auto, fp32, bf16, int8, got 'fp8'"):
        choose_form(ALL, precision="fp8")
    with pytest.raises(ValueError, match="RUNTIME-PRECISION"):
        Form.parse("torch-fp32")


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        ("", {"amx_bf16", "avx512_bf16", "avx512_vnni"}),
        ("AVX512_CORE_AMX", {"amx_bf16", "avx512_bf16", "avx512_vnni"}),
        ("AVX512_CORE_BF16", {"avx512_bf16", "avx512_vnni"}),
        ("AVX512_CORE_VNNI", {"avx512_vnni"}),
    ],
)
def test_instructions_that_onednn_must_not_use_do_not_count(monkeypatch, tmp_path, limit, kept):
    info = tmp_path / "cpuinfo"
    info.write_text("processor : 0\nflags\t\t: avx512_vnni amx_bf16 avx512_bf16\n", encoding="utf-8")
    monkeypatch.setattr(forms, "Path", lambda _: info)
    monkeypatch.setattr(forms.sys, "platform", "linux")
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", limit)
    processor_flags.cache_clear()
    try:
        assert processor_flags() == kept
    finally:
        processor_flags.cache_clear()


def test_ranking_leaves_out_what_the_processor_would_imitate():
    assert [form.precision for form in rank_forms(ALL, frozenset({"avx2"}))] == ["int8", "int8", "fp32", "fp32"]
