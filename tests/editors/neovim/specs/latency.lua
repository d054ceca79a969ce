-- How long a keystroke takes until the editor has the diagnostic that it brings or takes away.
local h = require("harness")

h.edit("api/shop/reporting.py")
h.finding("database/null-comparison")
local row, column = h.go("= NULL")
local times = {}
local function type_and_wait(from, to, present)
  local start = vim.uv.hrtime()
  vim.api.nvim_buf_set_text(0, row, column, row, column + #from, { to })
  h.wait("the diagnostics after a keystroke", function()
    return (#h.found("database/null-comparison") > 0) == present
  end)
  table.insert(times, (vim.uv.hrtime() - start) / 1e6)
end
for _ = 1, 30 do
  type_and_wait("=", "<", false)
  type_and_wait("<", "=", true)
end
h.figure("keystroke to diagnostic", times)
