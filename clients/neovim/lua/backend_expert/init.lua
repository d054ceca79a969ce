-- What may be called from a configuration: a start for Neovim 0.10, a word for the status line.

local M = {}

--- Starts the server for a buffer, as `vim.lsp.enable` does from Neovim 0.11 on.
--- @param buffer? integer
--- @param more? table what stands above the configuration, such as `settings`
--- @return integer? client the client's id
function M.start(buffer, more)
  local config = vim.tbl_deep_extend("force", require("backend_expert.config"), more or {})
  buffer = buffer and buffer ~= 0 and buffer or vim.api.nvim_get_current_buf()
  config.name = "backend_expert"
  config.root_dir = vim.iter(config.root_markers):map(function(marker)
    return vim.fs.root(buffer, marker)
  end):next()
  -- Before 0.11 capabilities took the place of Neovim's own instead of adding to them.
  local own = vim.lsp.protocol.make_client_capabilities()
  config.capabilities = vim.tbl_deep_extend("force", own, config.capabilities)
  return vim.lsp.start(config, { bufnr = buffer })
end

--- What the server is doing, for a status line; empty when it is idle or not there.
--- @return string
function M.status()
  return require("backend_expert.status").text()
end

--- Asks the expert.
--- @param question { task?: string, words?: string, range?: table, buffer?: integer }
function M.ask(question)
  require("backend_expert.asking").ask(question)
end

return M
