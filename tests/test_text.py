from auditor.text import visible


def test_what_steers_a_terminal_is_shown_not_obeyed() -> None:
    assert visible("\x1b[31mred\x1b[0m") == r"\x1b[31mred\x1b[0m"
    assert visible("a\u202eb") == r"a\u202eb"
    assert visible("one\ntwo\r\u2028") == r"one\x0atwo\x0d\u2028"
    assert visible("\U000e0041") == r"\U000e0041"


def test_ordinary_words_of_any_language_stay() -> None:
    assert visible("Übung 漢字 données") == "Übung 漢字 données"


def test_long_text_is_cut() -> None:
    assert visible("x" * 10, width=5) == "xxxx…"
