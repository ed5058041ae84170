import numpy as np
import pyarrow as pa
import pytest
from handmade import exchange, write_log

from stillwatch.lab.peers import JUDGED, Missing, catalogue, honeypotllm, mmd_window
from stillwatch.lab.peers.gateway_thresholds import judge as by_points
from stillwatch.lab.peers.mmd_window import judge as by_window
from stillwatch.lab.peers.shared_address import judge as by_address

WORDS = [f"word{number}" for number in range(300)]


def calls_of(account, prompts, *, gap_hours=0.1, first_hour=0.0, **fields):
    return [
        exchange(f"{account}-{place}", account, hour=first_hour + place * gap_hours, prompt=prompt, **fields)
        for place, prompt in enumerate(prompts)
    ]


def judged_as(table):
    return {row["account_id"]: (row["score"], row["flagged"]) for row in table.to_pylist()}


def chatter(seed, prompts):
    draw = np.random.default_rng(seed)
    return [" ".join(draw.choice(WORDS, 12)) for _ in range(prompts)]


def test_every_peer_of_the_folder_is_found():
    assert [peer.name for peer in catalogue()] == [
        "gateway_thresholds",
        "honeypotllm",
        "mmd_window",
        "shared_address",
    ]


@pytest.mark.parametrize("peer", catalogue(), ids=lambda peer: peer.name)
def test_a_peer_judges_every_account_once_without_looking_at_any_truth(peer, tmp_path):
    if peer.name == "honeypotllm" and not honeypotllm.environment().exists():
        pytest.skip("honeypotllm is not installed here; `stillwatch bench peers` installs it")
    write_log(tmp_path, [call for name in "abc" for call in calls_of(name, chatter(ord(name), 40))])
    table = peer.judge(tmp_path)
    assert table.schema == JUDGED
    assert sorted(table["account_id"].to_pylist()) == ["a", "b", "c"]


def test_points_add_up_to_the_published_flag(tmp_path):
    busy = [f"Solve this problem with the reasoning shown, step by step: case {n}" for n in range(101)]
    write_log(
        tmp_path,
        calls_of("farm", busy, client_ip="192.0.2.1")
        + calls_of("quiet", busy[:34], client_ip="192.0.2.2")
        + calls_of("person", chatter(1, 20), client_ip="192.0.2.3"),
    )
    found = judged_as(by_points(tmp_path))
    assert found["farm"] == (pytest.approx(0.90), True)  # volume, one opening, elicitation
    assert found["quiet"] == (pytest.approx(0.60), True)
    assert found["person"] == (0.0, False)


def test_points_judge_keys_apart_and_count_addresses(tmp_path):
    one, two = chatter(2, 60), chatter(3, 60)
    roaming = [
        call | {"client_ip": f"192.0.2.{place % 6}"} for place, call in enumerate(calls_of("roams", one))
    ]
    write_log(
        tmp_path,
        [*roaming, *calls_of("x", one, api_key_id="k1")]
        + [call | {"exchange_id": call["exchange_id"] + "b"} for call in calls_of("x", two, api_key_id="k2")],
    )
    found = judged_as(by_points(tmp_path))
    assert found["roams"] == (pytest.approx(0.15), False)
    assert found["x"] == (0.0, False)  # 120 prompts, but no key has more than 100


def test_addresses_shared_by_many_accounts_are_flagged(tmp_path):
    crowd = [
        call
        for number in range(20)
        for call in calls_of(f"c{number}", ["x"], client_ip="192.0.2.1", user_agent=f"agent-{number}")
    ]
    six = [
        call
        for number in range(6)
        for call in calls_of(f"s{number}", ["x"], client_ip="192.0.2.2", user_agent="one")
    ]
    five = [
        call
        for number in range(5)
        for call in calls_of(f"f{number}", ["x"], client_ip="192.0.2.3", user_agent="one")
    ]
    write_log(tmp_path, crowd + six + five + calls_of("none", ["x"]))
    found = judged_as(by_address(tmp_path))
    assert {name for name, (_, flagged) in found.items() if flagged} == {
        *(f"c{n}" for n in range(20)),
        *(f"s{n}" for n in range(6)),
    }
    assert found["none"] == (0.0, False)


def test_a_window_unlike_the_first_week_stands_out(tmp_path):
    people = [call for number in range(60) for call in calls_of(f"p{number:02}", chatter(number, 20))]
    template = [f"grade the answer by the rubric below and give a score {n}" for n in range(20)]
    write_log(tmp_path, people + calls_of("farm", template, first_hour=24 * 8))
    found = judged_as(by_window(tmp_path))
    assert found["farm"][1]
    assert found["farm"][0] > max(score for name, (score, _) in found.items() if name != "farm")
    assert sum(flagged for _, flagged in found.values()) <= 1 + 60 * 0.1


def test_a_single_prompt_is_no_window(tmp_path):
    people = [call for number in range(10) for call in calls_of(f"p{number}", chatter(number, 20))]
    write_log(tmp_path, people + calls_of("once", ["hello"], first_hour=24 * 8))
    assert judged_as(by_window(tmp_path))["once"] == (-np.inf, False)


def test_windows_drawn_like_the_reference_keep_the_stated_level():
    draw = np.random.default_rng(1)
    vectors = mmd_window.embed(pa.array([" ".join(draw.choice(WORDS, 12)) for _ in range(6_000)]))
    reference, rest = mmd_window.Reference.drawn(vectors, np.arange(2_000))
    owner = np.repeat(np.arange(len(rest) // 20), 20)
    left = vectors[rest[: len(owner)]]
    windows = reference.test(left, owner, reference.nearness(left))
    assert len(rest) == 5_000
    assert np.mean(windows.values) == pytest.approx(0, abs=4 * np.std(windows.values) / 15)
    _, flagged = mmd_window.against(windows, windows)
    assert flagged.mean() == pytest.approx(0.05, abs=0.005)


def test_a_log_without_prompts_leaves_the_window_test_missing(tmp_path):
    write_log(tmp_path, [exchange(1, "a"), exchange(2, "a")])
    assert isinstance(by_window(tmp_path), Missing)


def test_embeddings_are_unit_length_and_blind_to_case_and_punctuation():
    rows = mmd_window.embed(pa.array(["Hello, World!", "hello world", ""])).toarray()
    assert rows[0] == pytest.approx(rows[1])
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 0])


def test_the_four_kernels_are_those_of_the_paper():
    squared, sigma = np.array([[0.7]], dtype=np.float32), 0.9
    expected = np.mean([np.exp(-0.7 / (2 * (sigma * factor) ** 2)) for factor in (0.5, 1, 2, 4)])
    assert mmd_window.mean_kernel(squared, sigma)[0, 0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
def test_a_package_that_cannot_be_installed_is_missing_with_its_reason(tmp_path):
    found = honeypotllm.installed(tmp_path / "env", ("--no-index", "honeypotllm==0.1.3"))
    assert isinstance(found, Missing)
    assert "honeypotllm" in found.reason


def test_honeypotllm_flags_a_fast_enumerator_in_event_time(tmp_path):
    if not honeypotllm.environment().exists():
        pytest.skip("honeypotllm is not installed here; `stillwatch bench peers` installs it")
    fast = [f"What is the capital of country number {number}" for number in range(40)]
    write_log(
        tmp_path,
        calls_of("fast", fast, gap_hours=0.1 / 3600) + calls_of("slow", chatter(5, 20), gap_hours=1),
    )
    found = judged_as(honeypotllm.judge(tmp_path))
    assert found["fast"] == (pytest.approx(1.0), True)
    assert found["slow"] == (0.0, False)
