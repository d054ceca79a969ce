-- A finding after letters of two, three and four bytes is where its text is, and so is its fix.
local h = require("harness")

h.edit("api/shop/reporting.py")
h.finding("database/null-comparison")
local row = h.go("WHERE archived_at = NULL")
local line = "            WHERE name <> 'naïve 日本 𝔘' AND archived_at = NULL"
vim.api.nvim_buf_set_lines(0, row, row + 1, false, { line })
local finding = h.wait("the finding further right", function()
  local finding = h.found("database/null-comparison")[1]
  return finding and finding.col > 20 and finding
end)
h.equal(line:sub(finding.col + 1, finding.end_col), "archived_at = NULL")
h.go("archived_at = NULL")
h.choose("IS")
vim.lsp.buf.code_action()
h.gone("database/null-comparison")
h.equal(h.lines()[row + 1], (line:gsub("= NULL", "IS NULL")))
