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

-- What was typed just before is another step.
local edits = require("backend_expert.edits")
local row, column = h.go("= NULL")
vim.api.nvim_buf_set_text(code, row, column, row, column + 1, { "==" })
local there = { line = row, character = column }
local change = { range = { start = there, ["end"] = there }, newText = "!" }
edits.make({ changes = { [vim.uri_from_bufnr(code)] = { change } } }, "utf-8")
h.contains(h.text(code), "archived_at !== NULL")
vim.cmd.undo()
h.contains(h.text(code), "archived_at == NULL")
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

-- One whose file is edited meanwhile is not applied.
vim.cmd("BackendExpert rewrite")
h.wait("the diff", review.is_open)
vim.api.nvim_buf_set_lines(code, 0, 0, false, { "# typed meanwhile" })
vim.cmd("BackendExpert apply")
h.equal(h.text(code), "# typed meanwhile\n" .. before)
h.contains(table.concat(h.notified, "\n"), "has changed since")
