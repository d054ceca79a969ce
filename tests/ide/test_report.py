"""What is told of a file's findings: all errors, and of anything else the first few."""

from pathlib import Path

from backend_expert.ide.scan import Plan

_IMPORTS = "import requests\n\n\ndef rates(url):\n"


def _told(path: Path, text: str) -> list[str]:
    path.write_text(text)
    result = Plan(roots=(str(path.parent),))()(str(path))
    return [report.message for report in result.reports]


def test_a_rule_that_repeats_itself_is_cut_short_and_says_so(tmp_path: Path) -> None:
    messages = _told(tmp_path / "rates.py", _IMPORTS + "    requests.get(url)\n" * 14)
    assert len(messages) == 10
    assert messages[-1].endswith("(and 4 more like this below)")
    assert not any("more like this" in message for message in messages[:-1])


def test_ten_are_all_told(tmp_path: Path) -> None:
    messages = _told(tmp_path / "rates.py", _IMPORTS + "    requests.get(url)\n" * 10)
    assert len(messages) == 10
    assert not any("more like this" in message for message in messages)


def test_errors_are_never_cut_short(tmp_path: Path) -> None:
    line = "    requests.get(url, timeout=5, verify=False)\n"
    assert len(_told(tmp_path / "rates.py", _IMPORTS + line * 14)) == 14
