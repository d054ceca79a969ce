-- A model's rewrite streams into the split, its proved edit is a diff, accepted and undone in one step.
local h = require("harness")

local code = h.edit("api/shop/worker/notify.py")
h.finding("errors/http-call-no-timeout")
local before = h.text()
h.go("requests.post(")

-- The person is asked once whether the code may be sent.
local asked = {}
vim.ui.select = function(items, options, decide)
  table.insert(asked, options.prompt)
  h.contains(options.format_item(items[1]), "Send what I ask about")
  decide(items[1], 1)
end
vim.cmd("BackendExpert rewrite")

-- The first half is there while the second is not written yet.
local half = h.shown("The call waits")
assert(not half:find("for ever", 1, true), half)
h.titled("writing")
h.equal(h.text(code), before)
h.equal(#asked, 1)
h.contains(asked[1], "would send the code that you ask about")

local review = require("backend_expert.review")
h.wait("the diff", review.is_open)
h.equal(#vim.api.nvim_tabpage_list_wins(0), 2)
h.contains(h.text(), "timeout=5,")
h.equal(h.text(code), before)
vim.api.nvim_feedkeys("a", "xt", false)
h.wait("the edit", function()
  return h.text(code) ~= before
end)
h.equal(#vim.api.nvim_list_tabpages(), 1)
h.contains(h.text(code), "service_key},\n        timeout=5,\n    )")
h.gone("errors/http-call-no-timeout")
h.quiet()
vim.cmd.undo()
h.equal(h.text(code), before)
h.finding("errors/http-call-no-timeout")

local whole = h.shown("The call waits for ever.")
h.contains(whole, "Proved:")
h.titled("tokens · $")

-- Asked further: in the same split, below, in parts as they come; nobody is asked again.
vim.cmd("BackendExpert more and under load?")
local further = h.shown("Under load")
h.equal(further:sub(1, #whole), whole)
assert(not further:find("holds a worker", 1, true), further)
h.contains(h.shown("each stalled call holds a worker."), "> and under load?")
h.quiet()

-- Asked anew: an answer of its own, and the earlier one is still there. What is typed in other lines
-- while it is written stays, and the edit finds its place, as one step of undo.
vim.cmd("BackendExpert regenerate")
h.wait("the first half of the answer anew", function()
  local text = h.text(vim.api.nvim_win_get_buf(h.split()))
  return text:find("The call waits", 1, true) and not text:find("Under load", 1, true)
end)
vim.api.nvim_buf_set_lines(code, 0, 0, false, { "# typed meanwhile" })
h.wait("the answer anew", review.is_open)
h.equal(h.lines()[1], "# typed meanwhile")
h.contains(h.text(), "timeout=5,")
vim.cmd("BackendExpert discard")
h.quiet()
h.shown("The call waits for ever.")
h.equal(#require("backend_expert.answers").all(), 2)
h.equal(#asked, 1)
vim.cmd("BackendExpert apply")
h.wait("the edit further down", function()
  return h.text(code):find("timeout=5", 1, true)
end)
h.quiet()
vim.cmd.undo()
h.equal(h.text(code), "# typed meanwhile\n" .. before)
vim.cmd.undo()
h.equal(h.text(code), before)
h.equal(h.notified, {})
