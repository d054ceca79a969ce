-- Findings appear when a file is opened, and go and come as it is edited.
local h = require("harness")

h.edit("api/shop/reporting.py")
local finding = h.finding("database/null-comparison")
h.equal(h.lines()[finding.lnum + 1]:sub(finding.col + 1, finding.end_col), "archived_at = NULL")
h.equal(finding.severity, vim.diagnostic.severity.ERROR)

local row, column = h.go("= NULL")
vim.api.nvim_buf_set_text(0, row, column, row, column + #"= NULL", { "IS NULL" })
h.gone("database/null-comparison")
vim.cmd.undo()
h.finding("database/null-comparison")

h.edit("notifications/src/routes/subscriptions.js")
h.finding("security/sql-injection")
h.edit("api/migrations/0006_order_currency.sql")
h.finding("database/migration-not-null-unsafe")
h.equal(#vim.lsp.get_clients(), 1)
