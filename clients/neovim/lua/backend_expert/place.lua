-- What a question is about, as an LSP range in the units of the client.

local M = {}

--- An empty range at the cursor: the server takes the function around it.
function M.cursor(client)
  local position = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  return { start = position, ["end"] = position }
end

--- The lines of a command's range; exactly what was selected when that is part of lines.
--- @param call { range: integer, line1: integer, line2: integer }
function M.of_call(call, client)
  if call.range == 0 then
    return M.cursor(client)
  end
  local from, to = vim.api.nvim_buf_get_mark(0, "<"), vim.api.nvim_buf_get_mark(0, ">")
  local selected = from[1] == call.line1 and to[1] == call.line2
  if selected and vim.fn.visualmode() == "v" and call.range == 2 then
    return vim.lsp.util.make_given_range_params(from, to, 0, client.offset_encoding).range
  end
  return {
    start = { line = call.line1 - 1, character = 0 },
    ["end"] = { line = call.line2, character = 0 },
  }
end

return M
