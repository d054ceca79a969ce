-- The command completes its subcommands, takes what is selected, and offers what fits to choose from.
local h = require("harness")
local s = require("scripted")

s.start({
  ["backendExpert.tasks"] = { { id = "index", title = "Design an index", kind = "refactor" } },
  ["backendExpert.explainRule"] = { markdown = "# A page" },
  ["backendExpert.map"] = {
    nodes = {
      { id = "e", kind = "endpoint", label = "GET /products", findings = 2 },
      { id = "f", kind = "function", label = "list_products" },
      { id = "t", kind = "table", label = "products", detail = "9 columns" },
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
h.choose("Design an index")
vim.cmd("BackendExpert ask")
h.equal(s.asked[#s.asked].arguments[1].task, "index")
h.choose("of your own")
vim.ui.input = function(_, decide)
  decide("is it quick?")
end
vim.cmd("BackendExpert")
h.equal(s.asked[#s.asked].arguments[1].words, "is it quick?")

vim.cmd("BackendExpert map")
h.wait("the map", function()
  return h.text()
    == table.concat({
      "endpoint GET /products (2)",
      "  function list_products",
      "    table products · 9 columns",
      "      function list_products …",
    }, "\n")
end)
vim.cmd("tabclose | BackendExpert rule database/null-comparison")
h.wait("the page of a rule", function()
  return vim.iter(vim.api.nvim_list_bufs()):any(function(buffer)
    return h.text(buffer) == "# A page"
  end)
end)
vim.cmd("BackendExpert would-send")
h.contains(h.notified[#h.notified], "this version of the server has no backendExpert.showWouldSend")
