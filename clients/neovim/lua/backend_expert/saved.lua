-- Tells the server of saved files that it does not have open, where Neovim does not watch files itself.

local session = require("backend_expert.session")

local M = {}

local CHANGED = 2 -- FileChangeType

local function tell(event)
  if vim.bo[event.buf].buftype ~= "" then
    return
  end
  local uri = vim.uri_from_bufnr(event.buf)
  for _, client in ipairs(vim.lsp.get_clients({ name = session.NAME })) do
    local root = client.config.root_dir
    local inside = root and vim.startswith(event.match, root .. "/")
    if inside and not client.attached_buffers[event.buf] then
      local change = { uri = uri, type = CHANGED }
      session.notify(client, "workspace/didChangeWatchedFiles", { changes = { change } })
    end
  end
end

--- Begins to tell; again and again is as good as once.
function M.watch()
  local group = vim.api.nvim_create_augroup("backend_expert.saved", { clear = true })
  vim.api.nvim_create_autocmd("BufWritePost", { group = group, callback = tell })
end

return M
