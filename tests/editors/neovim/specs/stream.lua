-- An answer grows in the split while it is written, can be stopped in the middle, asked further and
-- asked anew; its proposal is a diff.
local h = require("harness")
local s = require("scripted")

s.start()
local code = h.edit("api/shop/reporting.py")
h.client()
assert(s.initialize.capabilities.experimental.backendExpert.answers)
h.go("def active_products")
vim.cmd("BackendExpert explain")
h.equal(s.asked[1].command, "backendExpert.ask")
h.equal(s.asked[1].arguments[1].task, "explain")
h.equal(s.asked[1].arguments[1].range.start, { line = 19, character = 0 })

local home = vim.api.nvim_get_current_win()
s.answer({ id = "7", kind = "begin", title = "Explain 100% of it" })
local split = h.wait("the split", function()
  return vim.iter(vim.api.nvim_list_wins()):find(function(window)
    return vim.w[window].backend_expert
  end)
end)
local function shown()
  return h.text(vim.api.nvim_win_get_buf(split))
end
h.equal(vim.api.nvim_get_current_win(), home)
s.answer({ id = "7", kind = "text", text = "One **que" })
s.answer({ id = "7", kind = "text", text = "ry**.\n\nFrom `products`" })
h.wait("the text", function()
  return shown() == "One **query**.\n\nFrom `products`"
end)
h.equal(vim.api.nvim_win_get_cursor(split)[1], 3)
h.contains(vim.wo[split].winbar, "writing")

-- Stopped in the middle: the server is told in both ways, and what there is stays.
vim.cmd("BackendExpert stop")
h.equal(s.asked[2].command, "backendExpert.stop")
s.answer({ id = "7", kind = "end", outcome = "cancelled" })
h.wait("the end", function()
  return vim.wo[split].winbar:find("stopped", 1, true)
end)
h.wait("the cancelled request", function()
  return vim.iter(s.told):any(function(told)
    return told.method == "$/cancelRequest"
  end)
end)
h.equal(shown(), "One **query**.\n\nFrom `products`")
h.equal(h.notified, {})

-- Asked further, in the same conversation: the new answer stands below.
local first = shown()
vim.cmd("BackendExpert more and the index?")
h.equal(s.asked[3], {
  command = "backendExpert.followUp",
  arguments = { { id = "7", words = "and the index?" } },
})
s.answer({ id = "7", kind = "begin", title = "And the index?" })
s.answer({ id = "7", kind = "text", text = "There is none." })
s.answer({ id = "7", kind = "usage", model = "stand-in", tokens = 12, cost = 0.0021 })
h.wait("the second answer", function()
  return shown() == first .. "\n\n---\n\nThere is none."
end)
h.wait("what it cost", function()
  return vim.wo[split].winbar:find("12 tokens · $0.0021", 1, true)
end)

-- Asked anew: another conversation, whose answer takes the split.
vim.cmd("BackendExpert regenerate")
h.equal(s.asked[4].arguments, { { id = "7" } })
s.answer({ id = "8", kind = "begin", title = "Explain 100% of it" })
s.answer({ id = "8", kind = "text", text = "One on" })
h.wait("the answer made anew", function()
  return shown() == "One on"
end)
s.answer({ id = "8", kind = "end", outcome = "failed", text = "The server is out of memory." })
h.wait("why it failed", function()
  return shown() == "One on\n\n**The server is out of memory.**"
end)
h.equal(#require("backend_expert.answers").all(), 2)

-- A proposal is a diff at once; the server is told to make it, and what it then edits is one step.
local row, column = h.go("= NULL")
local uri = vim.uri_from_bufnr(code)
local before = h.text(code)
local there = { line = row, character = column }
local edit = {
  documentChanges = {
    {
      textDocument = { uri = uri, version = vim.lsp.util.buf_versions[code] },
      edits = {
        {
          range = { start = there, ["end"] = { line = row, character = column + 1 } },
          newText = "IS",
        },
      },
    },
  },
}
local proposal = { title = "Ask with IS", reason = "= NULL is never true", edits = edit }
proposal.after = before:gsub("= NULL", "IS NULL") .. "\n"
s.answer({ id = "8", kind = "proposal", proposal = proposal })
h.wait("the diff", require("backend_expert.review").is_open)
h.equal(h.text(), (before:gsub("= NULL", "IS NULL")))
vim.cmd("BackendExpert apply")
h.equal(s.asked[5], { command = "backendExpert.apply", arguments = { { id = "8" } } })
h.equal(h.text(code), before)
coroutine.wrap(s.request)("workspace/applyEdit", { label = "Ask with IS", edit = edit })
h.wait("the edit", function()
  return h.text(code) == before:gsub("= NULL", "IS NULL")
end)
vim.api.nvim_buf_call(code, vim.cmd.undo)
h.equal(h.text(code), before)

-- One whose lines were changed meanwhile is in the answer alone.
proposal.edits = vim.empty_dict()
s.answer({ id = "8", kind = "proposal", proposal = proposal })
h.wait("why there is no diff", function()
  return table.concat(h.notified):find("has changed since the question was asked", 1, true)
end)
assert(not require("backend_expert.review").is_open())

-- What the server does is told to status lines.
s.tell("backendExpert/status", { state = "asking", detail = "asking · $0.01" })
h.wait("the status", function()
  return require("backend_expert").status() == "backend-expert: asking · $0.01"
end)

-- A server that does not say which tasks fit has the usual ones.
h.choose("Architecture notes")
vim.cmd("BackendExpert")
h.equal(s.asked[6].arguments[1].task, "notes")
