-- Colours for Markdown: tree-sitter's where it knows the languages of the code in it, else syntax files.

local M = {}

local FENCED = { "python", "sql", "diff", "javascript", "typescript" }

local function has_parsers()
  for _, language in ipairs({ "markdown", "markdown_inline", "python", "sql" }) do
    if not pcall(vim.treesitter.language.inspect, language) then
      return false
    end
  end
  return true
end

--- Colours a buffer as Markdown.
--- @param buffer integer
function M.markdown(buffer)
  -- Neovim's Markdown plugin fails where its parser is missing; the answer is shown all the same.
  pcall(vim.api.nvim_set_option_value, "filetype", "markdown", { buf = buffer })
  if has_parsers() then
    vim.treesitter.start(buffer, "markdown")
    return
  end
  -- Neovim's own Markdown parser would leave the code in an answer without colour.
  pcall(vim.treesitter.stop, buffer)
  local own = vim.g.markdown_fenced_languages
  vim.g.markdown_fenced_languages = own or FENCED
  vim.bo[buffer].syntax = "markdown"
  vim.g.markdown_fenced_languages = own
end

return M
