-- Colours for Markdown: tree-sitter's where it has the parsers, and syntax files for what it has not.

local M = {}

local FENCED = { "python", "sql", "diff", "javascript", "typescript" }

local function has(...)
  return vim.iter({ ... }):all(function(language)
    return (pcall(vim.treesitter.language.inspect, language))
  end)
end

--- Loads syntax files for the code in a buffer of Markdown, whose own list of languages is kept.
local function by_syntax(buffer)
  local own = vim.g.markdown_fenced_languages
  local given = type(own) == "table" and #own > 0
  vim.g.markdown_fenced_languages = given and own or FENCED
  vim.bo[buffer].syntax = "markdown"
  vim.g.markdown_fenced_languages = own
end

--- Has a window leave code to the syntax files where tree-sitter would give all of it one colour.
--- @param window integer
function M.window(window)
  local space = vim.api.nvim_create_namespace("backend_expert.highlight")
  vim.api.nvim_set_hl(space, "@markup.raw.block.markdown", {})
  vim.api.nvim_win_set_hl_ns(window, space)
end

--- Colours a buffer as Markdown.
--- @param buffer integer
function M.markdown(buffer)
  -- Neovim's Markdown plugin fails where its parser is missing; the answer is shown all the same.
  pcall(vim.api.nvim_set_option_value, "filetype", "markdown", { buf = buffer })
  if has("markdown", "markdown_inline") then
    vim.treesitter.start(buffer, "markdown")
  end
  if not has("markdown", "markdown_inline", "python", "sql", "diff") then
    by_syntax(buffer)
  end
end

return M
