-- The running server, and how it is spoken to in each version of Neovim.

local M = {}

M.NAME = "backend_expert"

--- The server of a buffer, else any that runs.
--- @param buffer? integer
--- @return vim.lsp.Client?
function M.client(buffer)
  local here = vim.lsp.get_clients({ name = M.NAME, bufnr = buffer or 0 })
  return here[1] or vim.lsp.get_clients({ name = M.NAME })[1]
end

--- Whether a server has a command.
function M.has(client, command)
  local offer = client.server_capabilities.executeCommandProvider
  return type(offer) == "table" and vim.tbl_contains(offer.commands or {}, command)
end

--- Before 0.11 the functions of a client were called without it.
local function call(client, name, ...)
  if vim.fn.has("nvim-0.11") == 1 then
    return client[name](client, ...)
  end
  return client[name](...)
end

--- Runs a command of the server. `done` gets an error or its result, unless the server has left.
--- @return integer? request by which it can be cancelled
function M.execute(client, command, arguments, done)
  local params = { command = command, arguments = arguments }
  local _, request = call(client, "request", "workspace/executeCommand", params, function(err, result)
    done(err, result)
  end)
  return request
end

--- Tells the server something.
function M.notify(client, method, params)
  call(client, "notify", method, params)
end

--- Has a server leave, or ends it by force.
--- @param force? boolean
function M.stop(client, force)
  call(client, "stop", force)
end

--- Asks for a buffer's diagnostics; Neovim's own handler takes them.
function M.pull(client, buffer)
  local offer = client.server_capabilities.diagnosticProvider
  if type(offer) == "table" then
    local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
    params.identifier = offer.identifier
    call(client, "request", "textDocument/diagnostic", params, nil, buffer)
  end
end

--- Takes a request back.
function M.cancel(client, request)
  call(client, "cancel_request", request)
end

--- Runs a command of the server of this buffer, or says why it cannot be.
--- @param done fun(result: any)
function M.run(command, arguments, done)
  local client = M.client()
  if not client then
    return M.warn("the server does not run here (:checkhealth backend_expert)")
  end
  if not M.has(client, command) then
    return M.warn("this version of the server has no " .. command)
  end
  M.execute(client, command, arguments, function(err, result)
    if err then
      return M.warn(err.message)
    end
    done(result)
  end)
end

--- Tells the person that something is amiss.
function M.warn(words)
  vim.notify("Backend Expert: " .. words, vim.log.levels.WARN)
end

return M
