-- How the pictures look: colours, signs, messages beside the code.
vim.o.termguicolors = true
vim.o.number = true
vim.o.signcolumn = "yes"
vim.o.laststatus = 3
vim.o.ruler = false
vim.o.wrap = false
vim.o.cursorline = true
vim.o.fillchars = "eob: "
vim.o.statusline = " %f %m%=%{v:lua.require'backend_expert'.status()} %l:%c "
vim.diagnostic.config({
  virtual_text = { prefix = "●", spacing = 2 },
  severity_sort = true,
  signs = { text = { "●", "●", "●", "●" } },
})
