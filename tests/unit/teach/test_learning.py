"""Learning a type: the fit on numbers made up, and the whole on the packaged encoder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dragoman.errors import LessonError
from dragoman.parse.model import EncoderModel
from dragoman.parse.taught import Taught, TaughtType, features_of
from dragoman.pipeline import Coder
from dragoman.teach import Example, Lesson, Report, learning, teach
from dragoman.teach.learning import _newton, load_background

LESSON = Lesson("EVACUATE", "AID", False, "people are brought to safety", 2, 3.5, "074")
SENTENCES = (
    "The army [evacuated] 400 villagers from the flooded valley on Monday.",
    "France has [evacuated] its citizens from Khartoum.",
    "Residents of three districts were [evacuated] as the fire came closer.",
    "The navy began the [evacuation] of families from the port of Latakia.",
    "Officials ordered the [evacuation] of Stepanavan after the second quake.",
    "Some 2,000 people were [evacuated] from Goma overnight, the mayor said.",
    "Rescue teams [evacuated] patients from the hospital in Kherson.",
    "The [evacuation] of the wounded from the steel plant went on until dawn.",
    "Canada will [evacuate] its embassy staff from Port-au-Prince by Friday.",
    "Police [evacuated] the railway station in Lyon after a call.",
    "Helicopters [evacuated] tourists from the island of Rhodes.",
    "The governor said the [evacuation] of coastal villages had been completed.",
)
OTHERS = (
    "The two ministers met in Vienna to discuss grain exports.",
    "Police in Lagos arrested four union leaders on Friday.",
    "The villagers returned to their homes after the flood.",
    "The hospital in Kherson opened a new ward for children.",
    "Tourists on Rhodes complained of high prices.",
    "The railway station in Lyon will be rebuilt by 2030.",
)


def example(sentence: str, name: str = "EVACUATE") -> Example:
    """Return an example whose trigger stands in brackets."""
    before, trigger, after = sentence.replace("]", "[").split("[")
    return Example(before + trigger + after, {name: ((len(before), len(before) + len(trigger)),)})


EXAMPLES = [*map(example, SENTENCES), *(Example(s, {}) for s in OTHERS)]


@pytest.fixture
def few_counter_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 40 packaged sentences stand in for 600, so that a test takes seconds."""
    few = load_background()[:40]
    monkeypatch.setattr(learning, "load_background", lambda: few)


class TestFit:
    """Newton's method on made-up numbers."""

    def test_two_clouds_are_told_apart(self) -> None:
        """The boundary separates two clouds and lies half-way between them."""
        rng = np.random.default_rng(1)
        x = np.concatenate([rng.normal([4.0, 1.0], 0.5, (60, 2)), rng.normal([0.0, 1.0], 0.5, (60, 2))])
        y = np.repeat([1.0, 0.0], 60)
        weights, constant = _newton(np.hstack([x, np.ones((120, 1))]), y, np.ones(120), 1.0)
        assert ((x @ weights + constant > 0) == (y > 0.5)).all()
        assert -constant / weights[0] == pytest.approx(2.0, abs=0.7)
        assert abs(weights[1]) < abs(weights[0]) / 3

    def test_a_stronger_ridge_gives_smaller_weights(self) -> None:
        """The penalty shrinks the weights and leaves the constant free."""
        rng = np.random.default_rng(1)
        x = np.hstack([rng.normal(0, 1, (80, 1)), np.ones((80, 1))])
        y = (x[:, 0] > -1).astype(float)  # more of one class than of the other
        free, tight = (_newton(x, y, np.ones(80), ridge) for ridge in (1.0, 1e6))
        assert abs(tight[0][0]) < 1e-3 < abs(free[0][0])
        assert tight[1] == pytest.approx(np.log(y.sum() / (80 - y.sum())), abs=1e-3)

    def test_weights_of_rows_count(self) -> None:
        """A row of weight three counts as three rows."""
        x = np.ones((2, 1))
        _, constant = _newton(x, np.array([1.0, 0.0]), np.array([3.0, 1.0]), 1.0)
        assert constant == pytest.approx(np.log(3), abs=1e-3)


def test_background_is_news_of_our_own() -> None:
    """The packaged counter-examples are some hundred sentences, each once."""
    lines = load_background()
    assert len(lines) >= 400
    assert len(set(lines)) == len(lines)
    assert all(len(line.split()) >= 3 for line in lines)


@pytest.mark.model
@pytest.mark.usefixtures("few_counter_examples")
class TestLearning:
    """The packaged encoder learns a type that it does not have."""

    def learn(self, model: EncoderModel, examples: list[Example]) -> tuple[TaughtType, Report]:
        """Learn the one type."""
        (head,), (report,) = teach(model, [LESSON], examples, folds=3)
        return head, report

    def confidences(self, model: EncoderModel, head: TaughtType, sentence: str) -> dict[str, float]:
        """Return the words that the head fires on, each with its confidence."""
        tokens = model.tokenise([sentence])[0]
        runs = Taught((head,), model.digest, "").find(features_of(model.encode([tokens]), 0, len(tokens.ids)))
        return {sentence[tokens.offsets[a + 1][0] : tokens.offsets[b][1]]: c for a, b, _, c in runs}

    def test_a_dozen_sentences_teach_a_type(self, coder: Coder) -> None:
        """The head does well on folds it has not seen, fires on the words of a new sentence, and not on unrelated ones."""
        model = coder.parse.model
        head, report = self.learn(model, EXAMPLES)
        assert (report.name, report.examples) == ("EVACUATE", 12)
        assert report.f1 > 0.5
        assert report.interval[0] <= report.f1 <= report.interval[1]
        assert (head.name, head.like, head.quad_class, head.score) == ("EVACUATE", "AID", 2, 3.5)
        fired = self.confidences(model, head, "Firefighters evacuated 300 people from a hotel in Izmir.")
        assert "evacuated" in " ".join(fired)
        assert all(head.threshold <= c <= 1 for c in fired.values())
        for unrelated in (
            "Parliament approved the budget on Tuesday.",
            "Kenya and Uganda signed a trade accord.",
        ):
            assert self.confidences(model, head, unrelated) == {}

    def test_learning_again_gives_the_same_head(self, coder: Coder) -> None:
        """The same examples give the same weights and figures."""
        few = EXAMPLES[:5] + EXAMPLES[-3:]
        assert self.learn(coder.parse.model, few) == self.learn(coder.parse.model, few)

    def test_four_examples_are_too_few(self, coder: Coder) -> None:
        """A type with fewer than five examples is named with their number; counter-examples do not count."""
        with pytest.raises(LessonError, match='"EVACUATE" has 4 examples, it needs at least 5'):
            self.learn(coder.parse.model, EXAMPLES[:4] + EXAMPLES[-6:])

    def test_each_type_needs_its_own_examples(self, coder: Coder) -> None:
        """A second type is not taught with the examples of the first."""
        other = replace(LESSON, name="RESCUE")
        examples = [*EXAMPLES, example("A crew [rescued] 30 sailors.", "RESCUE")]
        with pytest.raises(LessonError, match='"RESCUE" has 1 example, '):
            teach(coder.parse.model, [LESSON, other], examples)

    @pytest.mark.parametrize(
        "sentence", ["[\u200b] Troops left the town.", "Troops left. " * 150 + "They [fled]."]
    )
    def test_a_trigger_that_cannot_be_read_is_an_error(self, coder: Coder, sentence: str) -> None:
        """Words without a letter, and words beyond what the encoder reads, are told with the type."""
        with pytest.raises(LessonError, match='"EVACUATE": the encoder cannot read the trigger'):
            self.learn(coder.parse.model, [*EXAMPLES[:5], example(sentence)])

    def test_progress_is_told(self, coder: Coder) -> None:
        """Reading and learning are told as they begin."""
        told: list[str] = []
        teach(coder.parse.model, [LESSON], EXAMPLES[:5], folds=2, tell=told.append)
        assert told[0].startswith("reading sentence 0 of ")
        assert told[-1] == "EVACUATE: learning"
