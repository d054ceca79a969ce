-- The map of the shop leads from an endpoint to its code; an answer is found again in a later session.
local h = require("harness")

h.edit("api/shop/reporting.py")
h.finding("database/null-comparison")
vim.cmd("BackendExpert history")
h.wait("that there is none", function()
  return table.concat(h.notified):find("nothing was asked here yet", 1, true)
end)
h.notified = {}

vim.cmd("BackendExpert map")
h.wait("the map", function()
  return h.text():find("endpoint POST /orders", 1, true)
end)
h.equal(#vim.api.nvim_list_tabpages(), 2)
local map = h.lines()
h.go("endpoint POST /orders")
local below = table.concat(map, "\n", vim.fn.line("."), vim.fn.line(".") + 6)
for _, part in ipairs({ "  table orders", "  queue order.placed", "  function _with_items" }) do
  h.contains(below, part)
end
h.equal(vim.bo.modifiable, false)
vim.api.nvim_feedkeys(vim.keycode("<CR>"), "xt", false)
h.wait("the code of the endpoint", function()
  return vim.api.nvim_buf_get_name(0):find("api/shop/routers/orders.py", 1, true)
end)
h.contains(vim.api.nvim_get_current_line(), "@router.post(")
h.equal(vim.fn.tabpagenr(), 1)
vim.cmd.tabnext()
h.equal(h.lines(), map)
vim.api.nvim_feedkeys("q", "xt", false)
h.equal(#vim.api.nvim_list_tabpages(), 1)

vim.cmd.edit("api/shop/reporting.py")
h.go("def active_products")
vim.cmd("BackendExpert review")
local answered = h.shown("Answered offline")
h.quiet()
-- Another server, which remembers nothing of this session.
vim.cmd("BackendExpert restart")
h.wait("another server", function()
  local client = vim.lsp.get_clients({ name = "backend_expert", bufnr = 0 })[1]
  return client and client.initialized and client.id ~= 1
end)
vim.api.nvim_win_close(h.split(), true)
h.choose("Review this code")
vim.cmd("BackendExpert history")
h.equal(vim.trim(h.shown("Answered offline")), vim.trim(answered))
h.equal(h.notified, {})
