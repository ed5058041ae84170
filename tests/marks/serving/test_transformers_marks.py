"""Real generation by transformers, with a model of random weights made here: the answers carry the mark of their cohort."""

import pytest

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.watermark import MarkKeys, Scheme, detect
from stillwatch.records import UsageError

torch = pytest.importorskip("torch", reason="torch is not installed (extra lab)")
transformers = pytest.importorskip("transformers", reason="transformers is not installed (extra lab)")
serving_transformers = pytest.importorskip("stillwatch.marks.serving.transformers")

KEYS = MarkKeys(bytes(range(32)))
WORDS = 500


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(1)
    shape = transformers.LlamaConfig(
        vocab_size=WORDS,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=256,
        bos_token_id=0,
        eos_token_id=None,
        pad_token_id=1,
    )
    return transformers.LlamaForCausalLM(shape).eval()


def answers(model, marker, rows=8, length=60, **how):
    torch.manual_seed(2)
    prompt = torch.full((rows, 3), 5)
    how = how or {"do_sample": True, "top_k": 0}
    made = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=length,
        logits_processor=[] if marker is None else [marker],
        **how,
    )
    return [row[3:].numpy() for row in made]


def named(found, scheme):
    tracing = detect(found, KEYS, scheme, ["blue", "red"], alpha=1e-3, decoys=9)
    return {one.cohort for one in tracing.cohorts if one.named}, tracing.overall.log10_p_bound


@pytest.mark.parametrize("variant", ["green", "gumbel"])
def test_generated_answers_carry_their_cohort(model, variant):
    scheme = Scheme(variant=variant, delta=3.0, window=2)
    marker = serving_transformers.Marker(Serving(KEYS, scheme), ["blue"])
    who, overall = named(answers(model, marker), scheme)
    assert who == {"blue"}
    assert overall < -6


def test_rows_have_the_cohorts_of_their_requests(model):
    scheme = Scheme(delta=4.0, window=1, identity_share=0.8)
    marker = serving_transformers.Marker(Serving(KEYS, scheme), ["blue", "red", None])
    found = answers(model, marker, rows=3, length=120, num_return_sequences=4, do_sample=True, top_k=0)
    assert [named(found[at : at + 4], scheme)[0] for at in (0, 4, 8)] == [{"blue"}, {"red"}, set()]


def test_an_unmarked_answer_proves_nothing(model):
    who, overall = named(answers(model, None), Scheme(window=2))
    assert not who
    assert overall > -3


def test_gumbel_draws_at_its_temperature_and_the_same_again(model):
    serving = Serving(KEYS, Scheme(variant="gumbel", window=2))

    def drawn(temperature):
        generator = torch.Generator().manual_seed(5)
        marker = serving_transformers.Marker(serving, [None], temperature=temperature, generator=generator)
        return [row.tolist() for row in answers(model, marker, rows=2, length=30)]

    assert drawn(1.0) == drawn(1.0) != drawn(0.5)
    greedy = [row.tolist() for row in answers(model, None, rows=2, length=30, do_sample=False)]
    assert drawn(1e-6) == greedy


def test_what_does_not_fit_is_said():
    serving = Serving(KEYS, Scheme())
    with pytest.raises(UsageError, match="above 0"):
        serving_transformers.Marker(serving, [None], temperature=0)
    marker = serving_transformers.Marker(serving, ["a", "b"])
    with pytest.raises(UsageError, match="2 cohorts do not go into 3 rows"):
        marker(torch.zeros((3, 2), dtype=torch.long), torch.zeros((3, WORDS)))
    short = serving_transformers.Marker(Serving(KEYS, Scheme(window=4)), [None])
    scores = torch.randn((1, WORDS))
    assert (short(torch.zeros((1, 2), dtype=torch.long), scores) == scores).all()
