-- What `vim.lsp.enable("backend_expert")` starts.
return require("backend_expert.config")
