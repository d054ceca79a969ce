-- What the server sends beyond diagnostics and answers to requests: answers, status, edits.

local M = {}

local SOURCE = "backend-expert" -- of our diagnostics

M["backendExpert/answer"] = function(_, part, context)
  require("backend_expert.answers").take(part, context.client_id)
end

M["backendExpert/status"] = function(_, status)
  require("backend_expert.status").tell(status)
end

--- Neovim 0.12 answers this by asking for the whole workspace, and passes by what it hears of the
--- files that are open. So those are asked for here, and the rest only if it was asked for before.
M["workspace/diagnostic/refresh"] = function(err, params, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  for buffer in pairs(client.attached_buffers) do
    require("backend_expert.session").pull(client, buffer)
  end
  local beyond = vim.iter(vim.diagnostic.get()):any(function(diagnostic)
    return diagnostic.source == SOURCE and not client.attached_buffers[diagnostic.bufnr]
  end)
  if beyond then
    return vim.lsp.handlers["workspace/diagnostic/refresh"](err, params, context)
  end
  return vim.NIL
end

--- A Markdown file of the server is an answer too: it goes where the answers go.
M["window/showDocument"] = function(err, params, context)
  local path = not params.external and vim.uri_to_fname(params.uri) or ""
  if path:match("/backend%-expert%-[^/]+/[^/]+%.md$") then
    require("backend_expert.documents").show(path)
    return { success = true }
  end
  return vim.lsp.handlers["window/showDocument"](err, params, context)
end

--- Edits that were asked for, each one step of undo.
M["workspace/applyEdit"] = function(err, params, context)
  require("backend_expert.edits").step(params.edit)
  return vim.lsp.handlers["workspace/applyEdit"](err, params, context)
end

return M
