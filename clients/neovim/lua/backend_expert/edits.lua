-- Workspace edits: which files they are for, whether they still fit, and one step of undo for each.

local M = {}

--- The files of an edit, each with the version that it is for where that is told.
--- @return { uri: string, version?: integer }[]
function M.files(edit)
  local found = {}
  for _, change in ipairs(edit.documentChanges or {}) do
    local document = change.textDocument
    if document then
      local version = type(document.version) == "number" and document.version or nil
      table.insert(found, { uri = document.uri, version = version })
    end
  end
  for uri in pairs(not edit.documentChanges and edit.changes or {}) do
    table.insert(found, { uri = uri })
  end
  return found
end

--- Why an edit does not fit the text as it is now; nil when it does.
--- @return string?
function M.stale(edit)
  local files = M.files(edit)
  if #files == 0 then
    return "the code has changed since the question was asked"
  end
  for _, file in ipairs(files) do
    local buffer = vim.uri_to_bufnr(file.uri)
    if file.version and vim.lsp.util.buf_versions[buffer] ~= file.version then
      local name = vim.fn.fnamemodify(vim.uri_to_fname(file.uri), ":t")
      return name .. " has changed since the edit was made"
    end
  end
end

--- Ends the step of undo that came before an edit, so that the edit is one of its own.
function M.step(edit)
  for _, file in ipairs(M.files(edit)) do
    local buffer = vim.uri_to_bufnr(file.uri)
    vim.fn.bufload(buffer)
    -- Setting the option does it, if only to what it was.
    vim.bo[buffer].undolevels = vim.bo[buffer].undolevels
  end
end

return M
