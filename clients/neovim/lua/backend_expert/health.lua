-- `:checkhealth backend_expert`: whether the server is there, runs, and can show all it has.

local M = {}

local function neovim()
  if vim.fn.has("nvim-0.11") == 1 then
    vim.health.ok("Neovim " .. tostring(vim.version()))
  elseif vim.fn.has("nvim-0.10") == 1 then
    vim.health.warn("Neovim 0.10 has no vim.lsp.enable", { ":help backend_expert-0.10" })
  else
    vim.health.error("Neovim is too old: 0.10 is the least, 0.11 is better")
  end
end

local function program(command)
  local path = vim.fn.exepath(command)
  if path == "" then
    vim.health.error(command .. " is not on PATH", {
      "pipx install backend-expert-lsp, or uv tool install backend-expert-lsp",
      'or name it: vim.lsp.config("backend_expert", { cmd = { "/path/to/backend-expert", "serve" } })',
    })
    return
  end
  local done = vim.system({ path, "--version" }, { text = true, timeout = 10000 }):wait()
  local said = vim.trim((done.stdout or "") .. (done.stderr or ""))
  if done.code == 0 then
    vim.health.ok(("%s (%s)"):format(path, said))
  else
    vim.health.error(("%s --version failed: %s"):format(path, said))
  end
end

local function clients()
  local running = vim.lsp.get_clients({ name = "backend_expert" })
  for _, client in ipairs(running) do
    local info = client.server_info or {}
    vim.health.ok(
      ("version %s runs in %s for %d buffers, positions in %s"):format(
        info.version or "?",
        client.config.root_dir or "no folder",
        vim.tbl_count(client.attached_buffers),
        client.offset_encoding
      )
    )
  end
  if #running == 0 then
    vim.health.warn("the server does not run", {
      'vim.lsp.enable("backend_expert") in your configuration',
      "open a file of one of its languages: python, javascript, typescript, sql",
    })
  end
end

local function colours()
  if pcall(vim.treesitter.language.inspect, "python") then
    vim.health.ok("code in answers is coloured by tree-sitter")
  else
    vim.health.info("code in answers is coloured by syntax files (no tree-sitter parser of python)")
  end
end

function M.check()
  vim.health.start("backend_expert")
  neovim()
  local config = require("backend_expert.config")
  if vim.lsp.config then
    config = vim.lsp.config.backend_expert or config
  end
  if type(config.cmd) == "table" then
    program(config.cmd[1])
  end
  clients()
  colours()
end

return M
