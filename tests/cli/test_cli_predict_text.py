"""``cnnbook predict text``: answers with their reasons, in time, and one line where there is nothing to say."""

import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata

import pytest
from typer.testing import CliRunner

from cnnbook import weights
from cnnbook.cli import app
from cnnbook.cli.predict_text import LONGEST, answer
from cnnbook.data.texts import NAMES, sentiment
from cnnbook.domains.text import TextCNN, encode, tokens, vocabulary


def call(*arguments):
    return CliRunner().invoke(app, ["predict", "text", *arguments], env={"COLUMNS": "200", "NO_COLOR": "1"})


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        ("这家店的服务很好，下次还会再来", "praise", "Chinese"),
        ("屏幕坏了，客服也不理人，太差了", "complaint", "Chinese"),
        ("A touching story, beautifully acted.", "praise", "English"),
        ("dull and pointless", "complaint", "English"),
    ],
)
def test_it_answers_texts_that_are_in_no_data_set(text, said, language):
    done = call(text)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(said) and language in done.stdout.splitlines()[0]
    shown = [float(line.split()[0]) for line in done.stdout.splitlines()[1:-1]]
    assert (sum(shown) > 0) == (said == "praise")


@pytest.mark.parametrize("text", ["很好，zzzz", "not bad zzzz"])
def test_the_json_adds_up(text):
    found = json.loads(call(text, "--json").stdout)
    margin = sum(found["shares"].values()) + found["bias"]
    yes = 1 / (1 + 2.718281828**-margin)
    assert found["probability"] == pytest.approx(max(yes, 1 - yes), abs=1e-4)
    assert found["unknown"] == ["zzzz"] and "zzzz" in found["tokens"] and found["text"] == text
    assert found["answer"] == ("praise" if margin > 0 else "complaint")


def test_the_language_is_found_or_taken():
    assert answer("CPU 很快").language == "zh" and answer("fast CPU").language == "en"
    assert answer("cpu", "zh").language == "zh"


@pytest.mark.parametrize("mark", list("\u200b\u200c\u200d\ufeff\u2060\u00ad\u200e\u200f\u202a\u202e\u2066\u2069\ufe0f"))
@pytest.mark.parametrize("text", ["屏幕很好，就是太贵", "A touching story, beautifully acted."])
def test_what_has_no_width_is_no_word(text, mark):
    plain = answer(text)
    assert answer(mark + mark.join(text) + mark) == plain and answer(f"{mark} {text}") == plain


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_form_of_a_letter_is_the_same_letter(form):
    text = "Un café décent, naïve and 很好ＣＰＵ."
    assert answer(unicodedata.normalize(form, text)) == answer(text)


@pytest.mark.parametrize("text", ["-5 stars", "-horrible", "--json is good", "--langsam", "-hm"])
def test_a_text_that_begins_with_a_dash_is_told_what_to_do(text):
    done = call(text)
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (2, "")
    assert line.startswith("cnnbook: a text that begins with a dash needs -- before it: ")
    assert line.endswith(f"predict text -- {shlex.quote(text)}")
    assert call("--lang", "en", "--", f"{text} good").exit_code == 0


def test_options_are_options():
    assert call("-h").exit_code == call("--lang=en", "good", "--json").exit_code == call("-").exit_code - 2 == 0
    assert "Missing argument" in call("--json").stderr


@pytest.mark.parametrize("command", ["predict", "predict text"])
def test_the_help_shows_an_example(command):
    done = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 0 and "Example: cnnbook predict text" in re.sub(r"\x1b\[[0-9;]*m", "", done.output)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "a text must have at least one word, got ''"),
        (["   "], "a text must have at least one word, got '   '"),
        (["qzxv"], "at least one token must be known, got 'qzxv' (English network; --lang takes another)"),
        (["很好", "--lang", "en"], "at least one token must be known, got '很好' (English network"),
        (["很好", "--lang", "fr"], "there are networks for zh and en, got --lang fr"),
        (["a " * (LONGEST + 1)], f"a text must have at most {LONGEST:,} tokens, got {LONGEST + 1:,}"),
    ],
    ids=["empty", "blank", "unknown", "wrong-language", "no-network", "long"],
)
def test_what_cannot_be_answered_is_one_line_and_exit_code_2(arguments, message):
    done = call(*arguments)
    (line,) = done.stderr.strip().splitlines()
    assert (done.exit_code, done.stdout) == (2, "") and line.startswith(f"cnnbook: {message}"), done.output


@pytest.mark.parametrize("lang", NAMES)
def test_the_weights_are_small_and_get_right_what_they_say(lang):
    state, facts = weights.read(f"text-{lang}")
    data = sentiment(lang)
    numbers = {word: number for number, word in enumerate(facts["words"].split("\n"), start=2)}
    assert numbers == vocabulary([tokens(text) for text in data.train_texts])
    assert (
        facts["classes"] == {lang: list(names) for lang, names in data.card.classes.items()}
        and facts["data"] == NAMES[lang]
    )
    network = TextCNN(len(numbers) + 2, **facts["shape"]).eval()
    network.load_state_dict(state)
    right = network(encode([tokens(text) for text in data.test_texts], numbers)).argmax(-1) == data.test_labels
    share = right.double().mean().item()
    assert share == pytest.approx(facts["test_accuracy"], abs=0.003) and share > 0.77
    assert sum((weights.FOLDER / f"text-{one}.pt").stat().st_size for one in NAMES) < 500_000


def test_an_answer_needs_torch_and_typer_alone():
    code = (
        "import sys; from cnnbook.cli.predict_text import show; show('很好', None, False);"
        "print([m for m in sys.modules if m.partition('.')[0] in ('lightning', 'pytorch_lightning', 'scipy', 'joblib')"
        " or m.startswith(('cnnbook.training', 'cnnbook.data'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"
