-- Proposed edits as a diff in a tab of their own, to accept or to refuse.

local edits = require("backend_expert.edits")
local session = require("backend_expert.session")

local M = {}

--- @class backend_expert.Review
--- @field answer backend_expert.Answer
--- @field proposal { title: string, reason?: string, edits: table, after: string }
--- @field tabs integer[]

local current --- @type backend_expert.Review?
local last --- @type backend_expert.Review?

--- Makes a window a pane of the diff, with a line above it.
local function pane(window, left, right)
  local plain = function(words)
    return (words:gsub("%%", "%%%%"))
  end
  local bar = " " .. plain(left) .. "%=" .. plain(right) .. " "
  vim.api.nvim_set_option_value("winbar", bar, { scope = "local", win = window })
  vim.api.nvim_set_option_value("cursorline", false, { scope = "local", win = window })
  vim.api.nvim_win_call(window, vim.cmd.diffthis)
end

--- A buffer with what a file would be, in the colours of the file.
local function proposed(file, review, filetype)
  local buffer = vim.api.nvim_create_buf(false, true)
  local name = vim.fn.fnamemodify(vim.uri_to_fname(file.uri), ":t")
  vim.api.nvim_buf_set_name(buffer, ("backend-expert://%d/%s"):format(buffer, name))
  local after = review.proposal.after:gsub("\r\n", "\n"):gsub("\n$", "")
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(after, "\n"))
  vim.bo[buffer].bufhidden = "wipe"
  vim.bo[buffer].modifiable = false
  if not pcall(vim.treesitter.start, buffer, vim.treesitter.language.get_lang(filetype)) then
    vim.bo[buffer].syntax = filetype
  end
  for key, choice in pairs({ a = "apply", ["<CR>"] = "apply", q = "discard" }) do
    local command = ("<Cmd>BackendExpert %s<CR>"):format(choice)
    vim.keymap.set("n", key, command, { buffer = buffer, nowait = true })
  end
  return buffer
end

--- Shows a file as it is and as it would be, in a tab of its own.
local function show(file, review)
  vim.cmd.tabnew()
  local filler, left = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(left, vim.uri_to_bufnr(file.uri))
  vim.api.nvim_buf_delete(filler, { force = true })
  local after = proposed(file, review, vim.bo.filetype)
  local right = vim.api.nvim_open_win(after, true, { split = "right", win = left })
  pane(left, vim.fn.fnamemodify(vim.uri_to_fname(file.uri), ":~:."), "")
  pane(right, review.proposal.title, "a: apply · q: discard")
  vim.cmd("normal! gg]c")
  table.insert(review.tabs, vim.api.nvim_get_current_tabpage())
end

local function close(review)
  current = nil
  for _, tab in ipairs(review.tabs) do
    if vim.api.nvim_tabpage_is_valid(tab) then
      for _, window in ipairs(vim.api.nvim_tabpage_list_wins(tab)) do
        vim.api.nvim_win_call(window, vim.cmd.diffoff)
      end
      vim.cmd.tabclose({ vim.api.nvim_tabpage_get_number(tab) })
    end
  end
end

--- Has the edits of an answer decided: shown at once, or later by `:BackendExpert diff` to one who
--- is typing.
--- @param answer backend_expert.Answer
function M.offer(answer)
  if current then
    close(current)
  end
  last = { answer = answer, proposal = answer.proposal, tabs = {} }
  if vim.api.nvim_get_mode().mode:sub(1, 1) == "n" then
    M.open()
  else
    vim.notify("Backend Expert proposes: " .. last.proposal.title .. " (:BackendExpert diff)")
  end
end

--- Shows the last edits that were proposed and not made.
function M.open()
  local review = current or last
  if not review then
    return session.warn("no edits are proposed")
  end
  if current and vim.api.nvim_tabpage_is_valid(current.tabs[1]) then
    return vim.api.nvim_set_current_tabpage(current.tabs[1])
  end
  local reason = edits.stale(review.proposal.edits)
  if reason then
    return session.warn(reason .. ", so there is no diff (:BackendExpert apply)")
  end
  current, review.tabs = review, {}
  for _, file in ipairs(edits.files(review.proposal.edits)) do
    show(file, review)
  end
  vim.api.nvim_create_autocmd("TabClosed", {
    callback = function()
      if current == review and not vim.api.nvim_tabpage_is_valid(review.tabs[1]) then
        close(review)
      end
      return current ~= review
    end,
  })
end

--- Has the server make the edits: it carries them over to text that has changed elsewhere meanwhile.
function M.apply()
  local review = current or last
  if not review then
    return session.warn("no edits are proposed")
  end
  close(review)
  last = nil
  require("backend_expert.asking").apply(review.answer)
end

--- Leaves everything as it is.
function M.discard()
  if not current then
    return session.warn("no diff is shown")
  end
  close(current)
end

--- Whether a diff is shown.
function M.is_open()
  return current ~= nil
end

return M
