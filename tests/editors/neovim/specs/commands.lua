-- The command completes its subcommands, takes what is selected, and offers what fits to choose from.
local h = require("harness")
local s = require("scripted")

s.start({
  ["backendExpert.tasks"] = { { id = "explain", title = "Explain this code", kind = "refactor" } },
  ["backendExpert.map"] = {
    nodes = {
      { id = "e", kind = "endpoint", title = "GET /products" },
      { id = "f", kind = "function", title = "list_products" },
      { id = "t", kind = "table", title = "products" },
    },
    edges = { { from = "e", to = "f" }, { from = "f", to = "t" }, { from = "t", to = "f" } },
  },
})
h.edit("api/shop/reporting.py")
h.client()

h.equal(vim.fn.getcompletion("BackendExpert re", "cmdline"), {
  "regenerate",
  "restart",
  "review",
  "rewrite",
})
vim.cmd("BackendExpert nonsense")
h.contains(h.notified[1], "there is no nonsense; there is answers, apply, ask")

-- Lines, and a part of lines, in which the letters before count as the client counts.
vim.cmd("8,10BackendExpert review")
h.equal(s.asked[1].arguments[1].range, {
  start = { line = 7, character = 0 },
  ["end"] = { line = 10, character = 0 },
})
vim.api.nvim_buf_set_lines(0, 0, 1, false, { "é = 'Figures', 1" })
vim.api.nvim_win_set_cursor(0, { 1, 5 })
vim.cmd("normal! v8l\27")
vim.cmd("'<,'>BackendExpert ask why this?")
h.equal(s.asked[2].arguments[1], {
  uri = vim.uri_from_bufnr(0),
  task = "ask",
  words = "why this?",
  range = { start = { line = 0, character = 5 }, ["end"] = { line = 0, character = 14 } },
})

-- Without words there is a choice: the tasks that the server says fit, and a free question.
h.choose("Explain this code")
vim.cmd("BackendExpert ask")
h.equal(s.asked[#s.asked].arguments[1].task, "explain")
h.choose("of your own")
vim.ui.input = function(_, decide)
  decide("is it quick?")
end
vim.cmd("BackendExpert")
h.equal(s.asked[#s.asked].arguments[1].words, "is it quick?")

vim.cmd("BackendExpert map")
h.wait("the map", function()
  return h.text() == "endpoint GET /products\n  function list_products\n    table products\n      function list_products …"
end)
vim.cmd("BackendExpert would-send")
h.contains(h.notified[#h.notified], "this version of the server has no backendExpert.showWouldSend")
