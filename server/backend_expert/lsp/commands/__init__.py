"""The commands that a client may send: each with its module, which has one `handle`.

Names only, so that the table costs nothing until a command is sent. A command's `handle` gets the
server, the arguments and the client's progress token; a ValueError of it is the client's mistake.
"""

COMMANDS = {
    "backendExpert.ask": "ask",
    "backendExpert.followUp": "follow_up",
    "backendExpert.regenerate": "regenerate",
    "backendExpert.stop": "stop",
    "backendExpert.apply": "apply",
    "backendExpert.showWouldSend": "show_would_send",
    "backendExpert.showSent": "show_sent",
    "backendExpert.history": "history",
    "backendExpert.applyAction": "apply_action",
    "backendExpert.tasks": "tasks",
    "backendExpert.map": "map",
    "backendExpert.overview": "overview",
    "backendExpert.explainRule": "explain_rule",
}
