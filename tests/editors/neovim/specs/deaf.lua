-- A server that does not leave when it is asked to is ended, and another one started.
local h = require("harness")

local deaf = [[
import json, sys
from sys import stdin, stdout
while head := stdin.buffer.readline():
    stdin.buffer.readline()
    asked = json.loads(stdin.buffer.read(int(head.split()[1])))
    if asked.get("method") == "initialize":
        body = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": {"capabilities": {}}})
        stdout.write(f"Content-Length: {len(body)}\r\n\r\n{body}")
        stdout.flush()
]]
local python = vim.fs.dirname(vim.env.BACKEND_EXPERT) .. "/python"
vim.lsp.config("backend_expert", { cmd = { python, "-c", deaf } })
h.edit("api/shop/reporting.py")
local silent = h.client().id
vim.cmd("BackendExpert restart")
h.wait("another one", function()
  local client = vim.lsp.get_clients({ name = "backend_expert", bufnr = 0 })[1]
  return client and client.id ~= silent and client.initialized
end)
