-- A quick fix is chosen from the light bulb, mends the code, and is undone in one step.
local h = require("harness")

h.edit("api/shop/reporting.py")
h.finding("database/null-comparison")
local before = h.text()
h.go("archived_at = NULL")
h.choose("IS")
vim.lsp.buf.code_action()
h.wait("the edit", function()
  return h.text() ~= before
end)
h.contains(h.text(), "WHERE archived_at IS NULL")
h.gone("database/null-comparison")
vim.cmd.undo()
h.equal(h.text(), before)
