-- A server that died is started again for the buffers that it had, more and more patiently.

local session = require("backend_expert.session")

local M = {}

local MOST = 5 -- restarts within QUIET of each other; then something is wrong with the server itself
local QUIET = 180000 -- milliseconds
local PATIENCE = 2000 -- milliseconds that a server gets to leave by itself

local configs = {} --- @type table<integer, table> by client
local tries = 0
local last_death = 0

--- Keeps how a client was started.
function M.began(client)
  configs[client.id] = client.config
end

local function start(config, buffers)
  for _, buffer in ipairs(buffers) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      vim.lsp.start(config, { bufnr = buffer })
    end
  end
end

--- Takes the end of a client: what a person stopped stays stopped.
function M.ended(code, signal, id)
  local client = vim.lsp.get_client_by_id(id)
  local config = configs[id]
  configs[id] = nil
  local by_hand = code == 0 and (signal == 0 or signal == 15)
  if by_hand or not config or not client then
    return
  end
  local buffers = vim.tbl_keys(client.attached_buffers)
  local now = vim.uv.now()
  tries = now - last_death < QUIET and tries + 1 or 1
  last_death = now
  vim.schedule(function()
    if vim.v.exiting ~= vim.NIL then
      return
    end
    local warn = session.warn
    if tries > MOST then
      return warn("the server died again and is left alone (:BackendExpert restart, :BackendExpert log)")
    end
    warn("the server died and is started again")
    -- At once the first time, then after 1, 2, 4, 8 seconds.
    vim.defer_fn(function()
      start(config, buffers)
    end, tries == 1 and 0 or 1000 * 2 ^ (tries - 2))
  end)
end

--- Starts all our servers anew, by the person's wish.
function M.all()
  tries = 0
  for _, client in ipairs(vim.lsp.get_clients({ name = "backend_expert" })) do
    local config, buffers = client.config, vim.tbl_keys(client.attached_buffers)
    local began = vim.uv.now()
    session.stop(client)
    local function when_gone()
      if vim.lsp.get_client_by_id(client.id) then
        if vim.uv.now() - began > PATIENCE then
          session.stop(client, true)
        end
        return vim.defer_fn(when_gone, 20)
      end
      start(config, buffers)
    end
    when_gone()
  end
end

return M
