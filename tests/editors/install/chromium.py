"""Chromium and a font for its pages, from the system's own packages."""

from pathlib import Path

from tests.editors.install import debian

PACKAGES = ("chromium", "fonts-dejavu-core")


def install() -> Path:
    """The program to start."""
    return debian.in_system("chromium", *PACKAGES)


if __name__ == "__main__":
    print(install())
