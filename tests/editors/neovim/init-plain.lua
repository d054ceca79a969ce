-- A person's configuration without the plugin: Neovim's own client, and the model in its options.
local here = vim.fs.dirname(debug.getinfo(1, "S").source:sub(2))
package.path = here .. "/?.lua;" .. package.path
vim.o.swapfile = false
vim.lsp.config("backend_expert", {
  cmd = { vim.env.BACKEND_EXPERT, "serve" },
  filetypes = { "python" },
  root_markers = { ".git" },
  init_options = { model = { apiKey = "of-the-tests", baseUrl = vim.env.STAND_IN } },
})
vim.lsp.enable("backend_expert")
