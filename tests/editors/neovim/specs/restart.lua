-- A server that is killed is started again, and its findings return.
local h = require("harness")

h.edit("api/shop/reporting.py")
h.finding("database/null-comparison")
local first = h.client()
local second
for _ = 1, 2 do
  local process = assert(io.popen(("pgrep -P %d -f backend-expert"):format(vim.fn.getpid())))
  local pid = tonumber(process:read("l"))
  process:close()
  local old = h.client().id
  assert(vim.uv.kill(pid, "sigkill") == 0)
  second = h.wait("another server", function()
    local client = vim.lsp.get_clients({ name = "backend_expert", bufnr = 0 })[1]
    return client and client.id ~= old and client.initialized and client
  end)
  h.finding("database/null-comparison")
end
assert(second.id ~= first.id)
h.contains(table.concat(h.notified, "\n"), "started again")

-- One that a person stops stays stopped.
vim.lsp.enable("backend_expert", false)
h.wait("the server to leave", function()
  return #vim.lsp.get_clients() == 0
end)
vim.wait(200, function()
  return #vim.lsp.get_clients() > 0
end)
h.equal(#vim.lsp.get_clients(), 0)
