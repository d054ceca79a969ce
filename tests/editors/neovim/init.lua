-- A person's configuration, with the plugin by path and the server of the environment under test.
local here = vim.fs.dirname(debug.getinfo(1, "S").source:sub(2))
package.path = here .. "/?.lua;" .. package.path
vim.opt.runtimepath:prepend(vim.fs.normalize(here .. "/../../../clients/neovim"))
vim.o.swapfile = false
vim.lsp.config("backend_expert", {
  cmd = { vim.env.BACKEND_EXPERT, "serve" },
})
vim.lsp.enable("backend_expert")
