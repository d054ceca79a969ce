-- The server as a configuration of `vim.lsp`; what a person sets with `vim.lsp.config` stands above.

return {
  -- Found on PATH and never in the workspace: a cloned repository must not bring the program.
  cmd = { "backend-expert", "serve" },
  filetypes = {
    "python",
    "javascript",
    "javascriptreact",
    "typescript",
    "typescriptreact",
    "sql",
  },
  root_markers = { ".git", "pyproject.toml", "package.json" },
  -- The settings, as in server/docs/settings.md.
  settings = { backendExpert = vim.empty_dict() },
  -- The server answers within a few milliseconds, so only a burst is worth waiting for the end of.
  flags = { debounce_text_changes = 10 },
  capabilities = {
    -- We show answers ourselves, part by part, instead of having documents opened.
    experimental = { backendExpert = { answers = true } },
    -- Edits come with the version that they are for, and with the wish to be asked.
    workspace = {
      workspaceEdit = {
        documentChanges = true,
        changeAnnotationSupport = { groupsOnLabel = true },
      },
    },
  },
  handlers = require("backend_expert.handlers"),
  commands = require("backend_expert.actions"),
  on_init = function(client)
    require("backend_expert.restart").began(client)
    require("backend_expert.saved").watch()
  end,
  on_exit = function(code, signal, id)
    require("backend_expert.restart").ended(code, signal, id)
  end,
}
