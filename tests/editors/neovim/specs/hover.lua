-- A hover over a query says what it does.
local h = require("harness")

h.edit("api/shop/reporting.py")
h.client()
h.go("SELECT sku")
vim.lsp.buf.hover()
local float = h.wait("the hover", function()
  return vim.iter(vim.api.nvim_list_wins()):find(function(window)
    return vim.api.nvim_win_get_config(window).relative ~= ""
  end)
end)
h.contains(h.text(vim.api.nvim_win_get_buf(float)), "products")
