-- Workspace edits: what the files would be, whether they still fit, and making them in one undo step.

local M = {}

--- Whether an edit asks for the person's yes.
function M.wants_yes(edit)
  for _, annotation in pairs(edit.changeAnnotations or {}) do
    if annotation.needsConfirmation then
      return true
    end
  end
  return false
end

--- The text edits of each file.
--- @return { uri: string, version?: integer, edits: table[] }[]
function M.files(edit)
  local found = {}
  for _, change in ipairs(edit.documentChanges or {}) do
    local document = change.textDocument
    local version = type(document.version) == "number" and document.version or nil
    table.insert(found, { uri = document.uri, version = version, edits = change.edits })
  end
  for uri, edits in pairs(not edit.documentChanges and edit.changes or {}) do
    table.insert(found, { uri = uri, edits = edits })
  end
  return found
end

--- The lines that a file would have. Its buffer stays as it is.
--- @return string[]
function M.after(file, encoding)
  local buffer = vim.uri_to_bufnr(file.uri)
  vim.fn.bufload(buffer)
  local scratch = vim.api.nvim_create_buf(false, true)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  vim.api.nvim_buf_set_lines(scratch, 0, -1, false, lines)
  vim.lsp.util.apply_text_edits(M.plain(file.edits), scratch, encoding)
  local after = vim.api.nvim_buf_get_lines(scratch, 0, -1, false)
  vim.api.nvim_buf_delete(scratch, { force = true })
  return after
end

--- Why an edit cannot be made any more; nil when it can.
--- @return string?
function M.stale(edit)
  for _, file in ipairs(M.files(edit)) do
    local buffer = vim.uri_to_bufnr(file.uri)
    if file.version and vim.lsp.util.buf_versions[buffer] ~= file.version then
      local name = vim.fn.fnamemodify(vim.uri_to_fname(file.uri), ":t")
      return name .. " has changed since the edit was made"
    end
  end
end

--- Makes an edit, in each file as one step of undo.
function M.make(edit, encoding)
  for _, file in ipairs(M.files(edit)) do
    local buffer = vim.uri_to_bufnr(file.uri)
    vim.fn.bufload(buffer)
    vim.bo[buffer].buflisted = true
    -- Setting the option, if only to what it was, ends the step of undo before ours.
    vim.bo[buffer].undolevels = vim.bo[buffer].undolevels
    vim.lsp.util.apply_text_edits(M.plain(file.edits), buffer, encoding)
  end
end

--- Edits without their annotations, which have been answered.
function M.plain(edits)
  return vim.tbl_map(function(edit)
    return { range = edit.range, newText = edit.newText }
  end, edits)
end

return M
