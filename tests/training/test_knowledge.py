"""The tests before and after a module: whole in both languages, scored by their key, broken files told."""

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from protocol.parts import Label
from protocol.queries import current_protocol
from training.knowledge import AnswersInvalid, KnowledgeTest, KnowledgeTestInvalid, Question, parse_test
from training.knowledge_source import SHIPPED, shipped_test

YES_NO = [{"es": "Sí", "en": "Yes"}, {"es": "No", "en": "No"}]
QUESTIONS = [
    {"text": {"es": "¿Uno?", "en": "One?"}, "options": YES_NO, "answer": "a"},
    {"text": {"es": "¿Dos?", "en": "Two?"}, "options": YES_NO, "answer": "b"},
    {"text": {"es": "¿Tres?", "en": "Three?"}, "options": YES_NO, "answer": "b"},
]
FILE = {"code": "short", "version": "1", "is_validated": False, "questions": QUESTIONS}
SHORT = parse_test(json.dumps(FILE), name="short.json")


def test_shipped_tests_are_those_that_the_shipped_protocol_names(protocol):
    assert {module.test for module in current_protocol().training.modules} == set(SHIPPED)


@pytest.mark.parametrize("code", SHIPPED)
def test_shipped_test_has_ten_questions_of_four_different_options_and_is_marked_as_not_validated(code):
    test = shipped_test(code)
    assert (test.code, test.is_validated, len(test.questions)) == (code, False, 10)
    for question in test.questions:
        for language in ("es", "en"):
            assert len({option.in_language(language) for option in question.options}) == 4
    # no letter can be guessed
    assert {test.key.count(letter) for letter in "abcd"} <= {2, 3}


def test_no_test_is_shipped_under_another_code():
    assert shipped_test("../models") is None


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ("abb", 100),
        ("ABB", 100),
        (" a b b ", 100),
        ("ab-", 67),
        ("a--", 33),
        ("aba", 67),
        ("---", 0),
        ("baa", 0),
    ],
)
def test_answers_are_scored_by_the_key(answers, score):
    assert SHORT.score(answers) == score


@pytest.mark.parametrize("answers", ["", "ab", "abba", "abc", "a b", "123", "ab?", "áb-"])
def test_letters_that_are_no_answers_are_refused(answers):
    with pytest.raises(AnswersInvalid):
        SHORT.score(answers)


@pytest.mark.parametrize(("questions", "right", "score"), [(8, 1, 13), (8, 3, 38), (40, 1, 3), (200, 1, 1)])
def test_half_a_point_is_rounded_up(questions, right, score):
    options = [Label(es="Sí", en="Yes"), Label(es="No", en="No")]
    question = Question(text=Label(es="¿?", en="?"), options=options, answer="a")
    test = KnowledgeTest(code="long", version="1", is_validated=False, questions=[question] * questions)
    assert test.score("a" * right + "b" * (questions - right)) == score


@given(st.text(alphabet="ab-", min_size=3, max_size=3))
def test_score_lies_between_0_and_100_and_rises_with_each_right_answer(answers):
    score = SHORT.score(answers)
    mended = "a" + answers[1:]
    assert 0 <= score <= SHORT.score(mended) <= 100


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"questions": []}, "short.json: questions: List should have at least 1 item"),
        ({"questions": [QUESTIONS[0] | {"answer": "c"}]}, "answer: expected one letter of ['a', 'b'], found 'c'"),
        ({"questions": [QUESTIONS[0] | {"text": {"es": "¿?"}}]}, "short.json: questions.0.text.en: Field required"),
        ({"more": 1}, "short.json: more: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(change, said):
    with pytest.raises(KnowledgeTestInvalid) as error:
        parse_test(json.dumps(FILE | change), name="short.json")
    assert said in str(error.value)


def test_file_that_is_no_json_is_told():
    with pytest.raises(KnowledgeTestInvalid, match="short"):
        parse_test("{", name="short.json")


def test_test_is_printed_in_the_reader_s_language_with_its_key_apart(administrator):
    english = administrator.get(reverse("training_test", args=[1])).content.decode()
    assert "What is the difference between sex and gender?" in english
    assert "1&nbsp;b" in english.partition('<section class="d-print-none">')[2]
    administrator.cookies["idioma"] = "es"
    assert (
        "¿Qué diferencia hay entre sexo y género?"
        in administrator.get(reverse("training_test", args=[1])).content.decode()
    )


def test_module_that_the_protocol_does_not_have_is_not_found(administrator):
    assert administrator.get(reverse("training_test", args=[3])).status_code == 404
