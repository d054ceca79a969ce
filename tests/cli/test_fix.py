"""`check --fix` and `--diff`: what is written, what is kept, what is refused."""

import os
import stat
from pathlib import Path

import pytest
from backend_expert.cli.writing import Changed, difference, write
from inline_snapshot import snapshot

from tests.cli.conftest import BAD, GOOD, Run


def test_fix_mends_the_file(shop: Path, run: Run) -> None:
    answer = run("check", "--fix")
    assert answer.exit_code == 0
    assert "Mended 1 finding in 1 file.\n" in answer.stdout
    assert (shop / "app" / "rates.py").read_text() == GOOD


def test_fix_keeps_newlines_mark_and_mode(shop: Path, run: Run) -> None:
    path = shop / "app" / "rates.py"
    path.write_bytes(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode())
    path.chmod(0o750)
    run("check", "--fix")
    assert path.read_bytes() == b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert sorted(os.listdir(path.parent)) == ["rates.py", "well.py"]


def test_diff_writes_nothing(shop: Path, run: Run) -> None:
    answer = run("check", "--diff")
    assert answer.exit_code == 1
    assert (shop / "app" / "rates.py").read_text() == BAD
    assert answer.stderr == "1 fix would be made; --fix makes them\n"
    assert answer.stdout == snapshot("""\
--- a/app/rates.py
+++ b/app/rates.py
@@ -2,4 +2,4 @@
 \n\
 \n\
 def rates(url):
-    return requests.get(url).json()
+    return requests.get(url, timeout=5).json()
""")


def test_diff_tells_a_missing_line_end() -> None:
    assert difference("a", b"x", b"y").endswith(
        "-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n"
    )


def test_a_file_that_has_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"newer")
    with pytest.raises(Changed):
        write(str(path), b"older", b"mended")
    assert path.read_bytes() == b"newer"
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_bytes(b"old")
    (tmp_path / "link.py").symlink_to("real.py")
    write(str(tmp_path / "link.py"), b"old", b"new")
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.py").read_bytes() == b"new"
