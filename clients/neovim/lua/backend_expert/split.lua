-- The scratch split that answers grow in, beside the code, which keeps the cursor.

local M = {}

local KEYS = {
  { "q", "<Cmd>close<CR>", "close" },
  { "s", "<Cmd>BackendExpert stop<CR>", "stop" },
  { "r", "<Cmd>BackendExpert regenerate<CR>", "answer anew" },
  { "m", "<Cmd>BackendExpert more<CR>", "ask more" },
  { "d", "<Cmd>BackendExpert diff<CR>", "show the proposed edits" },
}
local STATES = { writing = "writing …", done = "", stopped = "stopped", failed = "failed" }

--- An empty buffer for an answer, under a name of its own.
--- @param id any
--- @return integer
function M.buffer(id)
  local name = "backend-expert://answer/" .. tostring(id)
  local old = vim.fn.bufnr("^" .. vim.fn.escape(name, "*?[]{},^$\\") .. "$")
  if old ~= -1 then
    vim.api.nvim_buf_delete(old, { force = true })
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, name)
  vim.bo[buffer].bufhidden = "hide"
  vim.bo[buffer].modifiable = false
  for _, key in ipairs(KEYS) do
    local description = "Backend Expert: " .. key[3]
    vim.keymap.set("n", key[1], key[2], { buffer = buffer, nowait = true, desc = description })
  end
  return buffer
end

--- Shows a buffer in the split of answers, which is opened if it is not there.
--- @param buffer integer
--- @return integer window
function M.show(buffer)
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.w[window].backend_expert then
      vim.api.nvim_win_set_buf(window, buffer)
      return window
    end
  end
  local width = math.max(40, math.floor(vim.o.columns * 0.45))
  local window = vim.api.nvim_open_win(buffer, false, { split = "right", win = 0, width = width })
  vim.w[window].backend_expert = true
  require("backend_expert.highlight").window(window)
  local plain = { number = false, relativenumber = false, signcolumn = "no", cursorline = false }
  plain = vim.tbl_extend("error", plain, { wrap = true, linebreak = true, foldenable = false })
  plain = vim.tbl_extend("error", plain, { conceallevel = 2, concealcursor = "nc" })
  for name, value in pairs(plain) do
    vim.api.nvim_set_option_value(name, value, { scope = "local", win = window })
  end
  return window
end

local function write(buffer, change)
  vim.bo[buffer].modifiable = true
  change()
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
end

--- Adds text at the end; windows that stand at the end follow.
--- @param buffer integer
--- @param text string
function M.add(buffer, text)
  local last = vim.api.nvim_buf_line_count(buffer)
  local following = vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_cursor(window)[1] >= last
  end, vim.fn.win_findbuf(buffer))
  write(buffer, function()
    vim.api.nvim_buf_set_text(buffer, -1, -1, -1, -1, vim.split(text, "\n"))
  end)
  for _, window in ipairs(following) do
    vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(buffer), 0 })
  end
end

--- Says above an answer what it is, how far it is and what it cost.
--- @param answer backend_expert.Answer
function M.title(answer)
  local right = { STATES[answer.state], answer.cost }
  if answer.proposal then
    table.insert(right, "d: diff")
  end
  right = vim.tbl_filter(function(words)
    return words ~= nil and words ~= ""
  end, right)
  local plain = function(words)
    return (words:gsub("%%", "%%%%"))
  end
  local bar = " " .. plain(answer.title) .. "%=" .. plain(table.concat(right, " · ")) .. " "
  for _, window in ipairs(vim.fn.win_findbuf(answer.buffer)) do
    vim.api.nvim_set_option_value("winbar", bar, { scope = "local", win = window })
  end
end

return M
