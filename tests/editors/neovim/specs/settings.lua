-- A changed setting counts at once: the editor's own, and the project's file when it is saved.
local h = require("harness")

h.edit("api/shop/reporting.py")
h.finding("database/null-comparison")
local client = h.client()
local function set(settings)
  client.settings = { backendExpert = settings }
  client:notify("workspace/didChangeConfiguration", { settings = client.settings })
end
set({ ignore = { "database/null-comparison" } })
h.gone("database/null-comparison")
set(vim.empty_dict())
h.finding("database/null-comparison")

h.edit(".backend-expert.toml")
vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'ignore = ["database/null-comparison"]' })
vim.cmd.write()
h.edit("api/shop/reporting.py")
h.gone("database/null-comparison")
