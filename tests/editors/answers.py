"""What the model says to the questions of the editors: the stand-in for the Messages API, scripted."""

from tests.support.messages_api import MessagesApi
from tests.support.messages_api.script import answer, calls, contains, holds, waits

PAUSE = 0.7  # seconds between the two halves of an answer; the first is seen before the second
FILE = "api/shop/worker/notify.py"
LINE = '        headers={"X-Api-Key": get_settings().service_key},\n'
EDIT = {
    "title": "Wait at most five seconds",
    "edits": [
        {
            "file": FILE,
            "first_line": 27,
            "last_line": 27,
            "old": LINE,
            "new": LINE + "        timeout=5,\n",
            "mends": ["errors/http-call-no-timeout"],
        }
    ],
}


# A review, long enough to look like one; the second part comes when a test says so.
REVIEW = (
    "One line here takes the whole worker down with its neighbour:\n\n"
    "1. **Line 19: the call waits for ever.** When the notification service stalls, each message "
    "holds this worker, and the queue behind it grows until orders stop.\n\n"
    "```python\n"
    "response = requests.post(\n    url, timeout=5\n)\n"
    "```\n\n"
    "2. **Line 29: every failure looks the same.** A `429` is worth another try, a `400` never is; "
    "both raise here, and the broker ",
    "delivers them again at once. Send what cannot succeed to the dead letters.\n",
)


def teach(api: MessagesApi) -> None:
    """Scripts a rewrite in two halves with a proved edit, a review that never ends, more words."""
    more = ("Under load ", waits(PAUSE), "each stalled call holds a worker.\n")
    api.script(answer(*more), contains("and under load?"), None)
    rewrite = ("The call waits ", waits(PAUSE), "for ever.\n", calls("propose_edits", EDIT))
    api.script(answer(*rewrite), contains("Rewrite this code"), None)
    api.script(answer("It hands ", holds()), contains("Review this code"), None)


def access(api: MessagesApi) -> dict[str, str]:
    """The environment in which the user's model is that one."""
    return {"ANTHROPIC_API_KEY": "sk-ant-of-the-tests", "ANTHROPIC_BASE_URL": api.url}
