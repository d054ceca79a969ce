-- A rewrite is asked for, answered in the split, reviewed as a diff, applied and undone in one step.
local h = require("harness")

local code = h.edit("api/shop/reporting.py")
h.finding("database/null-comparison")
local before = h.text()
local window = vim.api.nvim_get_current_win()
h.go("def active_products")
vim.cmd("BackendExpert rewrite")

local review = require("backend_expert.review")
h.wait("the diff", review.is_open)
h.equal(#vim.api.nvim_list_tabpages(), 2)
local panes = vim.api.nvim_tabpage_list_wins(0)
h.equal(#panes, 2)
for _, pane in ipairs(panes) do
  assert(vim.wo[pane].diff, "a pane is no diff")
end
h.contains(h.text(), "archived_at IS NULL")
h.equal(h.text(code), before)

vim.api.nvim_feedkeys("a", "xt", false)
h.wait("the edit", function()
  return h.text(code) ~= before
end)
h.equal(#vim.api.nvim_list_tabpages(), 1)
h.equal(vim.api.nvim_get_current_win(), window)
h.contains(h.text(code), "WHERE archived_at IS NULL")
h.gone("database/null-comparison")
vim.cmd.undo()
h.equal(h.text(code), before)

-- The answer is in a split beside the code, as Markdown, and cannot be typed into.
local split = h.wait("the answer", function()
  return vim.iter(vim.api.nvim_list_wins()):find(function(each)
    return vim.w[each].backend_expert
  end)
end)
local answer = vim.api.nvim_win_get_buf(split)
h.equal(vim.bo[answer].filetype, "markdown")
h.contains(h.text(answer), "IS NULL")
h.wait("the end of the answer", function()
  return require("backend_expert.asking").count() == 0
end)

-- A diff that is discarded changes nothing.
vim.cmd("BackendExpert rewrite")
h.wait("the diff", review.is_open)
vim.cmd("BackendExpert discard")
h.equal(h.text(code), before)
h.equal(#vim.api.nvim_list_tabpages(), 1)
h.wait("the end of the answer", function()
  return require("backend_expert.asking").count() == 0
end)

-- What was typed just before is a step of undo of its own; the edit finds its place all the same.
vim.cmd("BackendExpert rewrite")
h.wait("the diff", review.is_open)
vim.api.nvim_buf_set_lines(code, 0, 0, false, { "# typed meanwhile" })
vim.cmd("BackendExpert apply")
h.wait("the edit further down", function()
  return h.text(code):find("WHERE archived_at IS NULL", 1, true)
end)
vim.cmd.undo()
h.equal(h.text(code), "# typed meanwhile\n" .. before)
vim.cmd.undo()
h.equal(h.text(code), before)
h.equal(h.notified, {})

-- One whose own lines were changed meanwhile is not made.
h.wait("the end of the answer", function()
  return require("backend_expert.asking").count() == 0
end)
local row, column = h.go("= NULL")
vim.cmd("BackendExpert rewrite")
h.wait("the diff", review.is_open)
vim.api.nvim_buf_set_text(code, row, column, row, column + 1, { "<>" })
local changed = h.text(code)
vim.cmd("BackendExpert apply")
h.wait("the refusal", function()
  -- Neovim 0.10 keeps what servers say among its messages.
  local told = table.concat(h.notified, "\n") .. vim.fn.execute("messages")
  return told:find("The text has changed since", 1, true)
end)
h.equal(h.text(code), changed)
