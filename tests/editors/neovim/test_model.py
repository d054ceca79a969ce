"""Each spec of `model/` in a Neovim of its own, whose user has set up a model: the stand-in."""

from pathlib import Path

import pytest

from tests.editors import answers
from tests.editors.neovim.test_specs import HERE, run
from tests.support.messages_api import MessagesApi

MODEL = HERE / "model"
SPECS = sorted(MODEL.glob("*.lua"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_with_a_model(
    spec: Path, neovim: Path, server: Path, shop: Path, tmp_path: Path, api: MessagesApi
) -> None:
    if spec.stem == "plain":
        run(neovim, "init-plain.lua", spec, server, shop, tmp_path, STAND_IN=api.url)
        return
    run(neovim, "init.lua", spec, server, shop, tmp_path, **answers.access(api))
    if spec.stem == "stop":
        # It hung up on the answer that was stopped before it asked the next question.
        stopped, following = api.messages()
        assert stopped.left_at is not None and not stopped.answered
        assert stopped.left_at < following.arrived and following.answered


def test_the_oldest_neovim(
    oldest_neovim: Path, server: Path, shop: Path, tmp_path: Path, api: MessagesApi
) -> None:
    spec = MODEL / "rewrite.lua"
    run(oldest_neovim, "init-0.10.lua", spec, server, shop, tmp_path, **answers.access(api))
