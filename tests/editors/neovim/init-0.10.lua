-- A person's configuration for Neovim 0.10, which has no `vim.lsp.enable`.
local here = vim.fs.dirname(debug.getinfo(1, "S").source:sub(2))
package.path = here .. "/?.lua;" .. package.path
vim.opt.runtimepath:prepend(vim.fs.normalize(here .. "/../../../clients/neovim"))
vim.o.swapfile = false
vim.api.nvim_create_autocmd("FileType", {
  pattern = { "python", "javascript", "typescript", "sql" },
  callback = function(event)
    require("backend_expert").start(event.buf, { cmd = { vim.env.BACKEND_EXPERT, "serve" } })
  end,
})
