"""`stillwatch mark test DIR`: a model that transformers wrote, fine-tuned on marked answers, beside the one it came from."""

import copy
import json

import pytest
from typer.testing import CliRunner

from stillwatch.cli import build
from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.watermark import MarkKeys, Scheme
from stillwatch.records import StillwatchError

torch = pytest.importorskip("torch", reason="torch is not installed (extra lab)")
transformers = pytest.importorskip("transformers", reason="transformers is not installed (extra lab)")
marking = pytest.importorskip("stillwatch.marks.serving.transformers")

SECRET = "ab" * 32
WORDS = 100


def run(*arguments):
    ran = CliRunner().invoke(build(), ["mark", "test", *map(str, arguments)], standalone_mode=False)
    if isinstance(ran.exception, StillwatchError):
        return ran.exception.exit_code, str(ran.exception)
    assert ran.exception is None, ran.exception
    return ran.return_value, ran.stdout


def new_model():
    torch.manual_seed(1)
    shape = transformers.LlamaConfig(
        vocab_size=WORDS,
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        bos_token_id=3,
        eos_token_id=None,
        pad_token_id=None,
    )
    return transformers.LlamaForCausalLM(shape)


def fine_tuned(model, answers, steps=150):
    student = copy.deepcopy(model)
    optimizer = torch.optim.AdamW(student.parameters(), lr=3e-3)
    for step in range(steps):
        batch = answers[(torch.arange(64) + 64 * step) % len(answers)]
        loss = student(batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return student


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The teacher, and a student of its marked answers."""
    root = tmp_path_factory.mktemp("models")
    teacher = new_model()
    serving = Serving(MarkKeys(bytes.fromhex(SECRET)), Scheme())
    prompt = torch.full((512, 1), 3)
    answers = teacher.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=32,
        do_sample=True,
        top_k=0,
        logits_processor=[marking.Marker(serving, ["c1"])],
    )
    teacher.save_pretrained(root / "teacher")
    fine_tuned(teacher, answers).save_pretrained(root / "student")
    return root


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("STILLWATCH_MARK_SECRET", SECRET)


def test_a_model_in_a_directory_is_traced_to_its_cohort(folders):
    told = ["--reference", folders / "teacher", "--cohort", "c0", "--cohort", "c1", "--decoys", 99, "--json"]
    code, said = run(folders / "student", *told, "--probes", 200)
    tracing = json.loads(said)["tracing"]
    assert code == 1
    assert [one["cohort"] for one in tracing["cohorts"] if one["named"]] == ["c1"]
    assert run(folders / "student", *told, "--probes", 200) == (code, said)
    assert run(folders / "teacher", *told, "--probes", 20)[0] == 0


def test_what_is_no_model_is_said(folders, tmp_path):
    assert run(folders / "student")[0] == 2
    (tmp_path / "teacher.npz").write_bytes(b"")
    assert run(folders / "student", "--reference", tmp_path / "teacher.npz")[0] == 2
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "config.json").write_text("{}")
    code, said = run(bare, "--reference", folders / "teacher")
    assert code == 3
    assert "no causal language model" in said
    cut = tmp_path / "cut"
    cut.mkdir()
    for file in (folders / "student").iterdir():
        (cut / file.name).write_bytes(file.read_bytes()[:20_000])
    assert run(cut, "--reference", folders / "teacher")[0] == 3
