"""Debian packages: into the system, or from a newer suite into a folder, the system untouched."""

import os
import platform
import shutil
from pathlib import Path

from tests.editors.install.store import Unavailable, Unfit, run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NEWER = "forky"  # the suite that editors come from which Debian stable has too old


class NotDebian(Unfit):
    """The platform is another one."""


def require() -> None:
    """Raises NotDebian where the platform is another one."""
    try:
        named = platform.freedesktop_os_release().get("ID")
    except OSError:
        named = None
    if named != "debian" or shutil.which("apt-get") is None:
        raise NotDebian("editors are installed on Debian only, and this is another platform")


def in_system(program: str, *packages: str) -> Path:
    """The path of a program of the system, its packages installed if it is missing.

    Raises:
        Unfit: it is missing, and the platform is another one, or we may not install.
        Unavailable: it is missing, and installing it failed.
    """
    if (found := shutil.which(program)) is None:
        require()
        if os.geteuid() != 0:
            needed = f"apt-get install {' '.join(packages)}"
            raise Unfit(f"{program} is missing, and only root may install it: {needed}")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")
        run([*apt, "update"], **quiet)
        run([*apt, "install", "-y", "--no-install-recommends", *packages], **quiet)
        found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{program} is missing although {packages[0]} is installed")
    return Path(found)


def unpack(folder: Path, *packages: str, suite: str = NEWER) -> None:
    """Unpacks packages of a newer suite, with all that they depend on, into `folder`.

    They come by the machine's own mirror and keyring through an apt of their own, which believes
    that nothing is installed yet: so even the C library comes along.
    """
    require()
    apt = folder / "apt"
    options = {"APT_CONFIG": str(_configured(apt, suite))}
    run(["apt-get", "-qq", "update"], **options)
    wanted = ["--download-only", "-y", "--no-install-recommends", *packages, "patchelf"]
    run(["apt-get", "-qq", "install", *wanted], **options)
    for archive in sorted((apt / "cache" / "archives").glob("*.deb")):
        run(["dpkg-deb", "--extract", archive, folder])
    shutil.rmtree(apt)


def rooted(folder: Path, program: str) -> Path:
    """A program that was unpacked into `folder`, made to start with the C library that lies there.

    The loader's path and the libraries' are written into it, so that it can also start itself.
    """
    linkers = sorted(folder.glob("usr/lib/*/ld-linux*.so.*"))
    if not linkers:
        raise Unavailable(f"no dynamic loader was unpacked into {folder}")
    linker, libraries = linkers[0], linkers[0].parent
    path = folder / "usr" / "bin" / program
    with_libraries = [linker, "--library-path", libraries]
    patch = [*with_libraries, folder / "usr" / "bin" / "patchelf"]
    # Not the newer kind of path: that one does not count for the libraries of libraries.
    run([*patch, "--force-rpath", "--set-rpath", libraries, "--set-interpreter", linker, path])
    return path


def _configured(apt: Path, suite: str) -> Path:
    for part in ("etc", "state/lists/partial", "cache/archives/partial"):
        (apt / part).mkdir(parents=True)
    (apt / "status").touch()
    sources = apt / "etc" / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {_mirror()} {suite} main\n", "utf-8")
    configuration = apt / "etc" / "apt.conf"
    configuration.write_text(
        f'Dir::Etc "{apt}/etc/";\n'
        f'Dir::Etc::sourcelist "{sources}";\n'
        'Dir::Etc::sourceparts "/dev/null";\n'
        'Dir::Etc::parts "/dev/null";\n'
        f'Dir::State "{apt}/state/";\n'
        f'Dir::State::status "{apt}/status";\n'
        f'Dir::Cache "{apt}/cache/";\n'
        'APT::Sandbox::User "root";\n'
        'Acquire::Languages "none";\n'
        'Acquire::Check-Valid-Until "false";\n',
        "utf-8",
    )
    return configuration


def _mirror() -> str:
    """Where the machine's own packages come from."""
    release = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    targets = run(
        ["apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages"]
    )
    for line in targets.splitlines():
        suite, _, address = line.partition(" ")
        if suite == release:
            return address
    raise Unavailable(f"apt's sources name no mirror of {release}")
