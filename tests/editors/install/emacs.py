"""Emacs with eglot, from the system's own packages."""

from pathlib import Path

from tests.editors.install import debian
from tests.editors.install.store import Unavailable, run

PACKAGES = ("emacs-nox", "elpa-eglot")


def install() -> Path:
    """The program to start.

    Raises:
        Unavailable: an Emacs is there, but it has no eglot.
    """
    emacs = debian.in_system("emacs", *PACKAGES)
    try:
        run([emacs, "--batch", "--eval", "(require 'eglot)"])
    except Unavailable as error:
        raise Unavailable(f"this Emacs has no eglot ({PACKAGES[1]}): {error}") from error
    return emacs


if __name__ == "__main__":
    print(install())
