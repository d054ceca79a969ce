"""Which files may not leave the machine, and why."""

import os

from pathspec import GitIgnoreSpec

from backend_expert.workspace.files import Ignores, root_of

# Later lines win, as in `.gitignore`. Examples may leave; secrets in them are found by detector.
_ENVIRONMENT = (".env", ".env.*", "*.env", ".envrc", ".flaskenv")
_KEYS = (
    *("*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.pkcs12", "*.jks", "*.keystore", "*.ppk"),
    *("*.crt", "*.cer", "*.der", "*.asc", "*.gpg", "*.pgp", "*.kdb", "*.kdbx", "*.ovpn"),
    *("id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*.mobileprovision"),
)
_CREDENTIALS = (
    *("credentials", "*credentials*.json", "credentials.yml", "credentials.yaml"),
    *("credentials.toml", "credentials.ini", "credentials.csv", "credentials.xml", "*.yml.enc"),
    *("secrets.json", "secrets.yml", "secrets.yaml", "secrets.toml", "secrets.ini"),
    *("client_secret*.json", "service-account*.json", "service_account*.json"),
    *("serviceaccount*.json", "*firebase-adminsdk*.json", ".git-credentials", ".htpasswd"),
    *(".netrc", "_netrc", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".s3cfg", ".boto"),
    *(".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".dockercfg", ".vault-token"),
    *("kubeconfig", "kubeconfig.*", "*.kubeconfig", ".terraformrc", "terraform.rc"),
    *("*.tfstate", "*.tfstate.*", "*.tfvars", "*.tfvars.json"),
)
_EXAMPLES = ("!*.example", "!*.sample", "!*.template", "!*.dist")
_FOLDERS = (
    *(".git/", ".hg/", ".ssh/", ".aws/", ".azure/", ".gnupg/", ".kube/", ".docker/"),
    *(".terraform/", ".password-store/", "gcloud/"),
)
_BY_NAME = (*_ENVIRONMENT, *_KEYS, *_CREDENTIALS, *_EXAMPLES, *_FOLDERS)


class Denied:
    """What may not leave a workspace; the ignore files are read anew for each request."""

    def __init__(self, workspace: str, patterns: tuple[str, ...] = ()) -> None:
        self._workspace = os.path.abspath(workspace) if workspace else ""
        self._real = os.path.realpath(workspace) if workspace else ""
        self._names = GitIgnoreSpec.from_lines(_BY_NAME)
        self._patterns = GitIgnoreSpec.from_lines(patterns)
        self._ignores: dict[str, Ignores] = {}

    def reason(self, path: str) -> str:
        """Why a file may not leave, as half a sentence; empty when it may."""
        try:
            real = os.path.realpath(path)
        except (OSError, ValueError):
            return "its path cannot be followed"
        if not os.path.isabs(path):
            return "its path is not whole"
        path = os.path.normpath(path)
        if self._workspace:
            if not _is_in(path, self._workspace) and not _is_in(path, self._real):
                return "it lies outside of the workspace"
            if not _is_in(real, self._real):
                return "it is a link that leads outside of the workspace"
        return self._named(path) or self._named(real)

    def _named(self, path: str) -> str:
        top = next((at for at in (self._workspace, self._real) if at and _is_in(path, at)), "")
        below = os.path.relpath(path, top) if top else os.path.splitdrive(path)[1]
        below = below.replace(os.sep, "/").lstrip("/")
        # The names of secrets are the same where a disk does not tell large from small letters.
        if self._names.match_file(below.lower()):
            return "files of that name hold secrets"
        if self._patterns.match_file(below):
            return "your settings deny it"
        if self._ignores_of(top or root_of(path)).ignores_below(path):
            return "an ignore file names it"
        return ""

    def _ignores_of(self, top: str) -> Ignores:
        """The ignore files from the repository down, as git reads them.

        A workspace that its own repository ignores counts from itself: it was opened on purpose.
        """
        if top not in self._ignores:
            root = root_of(top)
            ignores = Ignores(root)
            if root != top and (ignores.ignores(top, is_folder=True) or ignores.ignores_below(top)):
                ignores = Ignores(top)
            self._ignores[top] = ignores
        return self._ignores[top]


def _is_in(path: str, folder: str) -> bool:
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
