-- Without the plugin: an answer grows in a file that opens, and its edit waits for a yes.
local h = require("harness")

local code = h.edit("api/shop/worker/notify.py")
h.finding("errors/http-call-no-timeout")
local before = h.text()
h.go("requests.post(")

local decided = {}
vim.ui.select = function(items, options, decide)
  local function choose(words)
    for index, item in ipairs(items) do
      if options.format_item(item):find(words, 1, true) then
        return decide(item, index)
      end
    end
  end
  if options.kind == "codeaction" then
    return choose("Ask backend expert: rewrite")
  end
  table.insert(decided, { prompt = options.prompt, text = h.text(code) })
  if options.prompt:find("would send", 1, true) then
    return choose("Send what I ask about")
  end
  decided.apply = function()
    choose("Apply")
  end
end
vim.lsp.buf.code_action()

local answer = h.wait("the answer as a file", function()
  return vim.iter(vim.api.nvim_list_wins()):map(vim.api.nvim_win_get_buf):find(function(buffer)
    return vim.api.nvim_buf_get_name(buffer):find("backend%-expert.*%.md$")
  end)
end)
h.equal(vim.bo[answer].filetype, "markdown")
local function grown(part)
  return h.wait("an answer file with " .. part, function()
    vim.cmd.checktime()
    return h.text(answer):find(part, 1, true) and h.text(answer)
  end)
end
local half = grown("The call waits")
assert(not half:find("for ever", 1, true), half)
grown("The call waits for ever.")

-- Nothing is changed before the yes.
h.wait("the request to apply", function()
  return decided.apply
end)
h.contains(decided[2].prompt, "Wait at most five seconds")
h.equal(h.text(code), before)
h.contains(grown("+        timeout=5,"), "Proved:")
decided.apply()
h.wait("the edit", function()
  return h.text(code) ~= before
end)
h.contains(h.text(code), "service_key},\n        timeout=5,\n    )")
vim.api.nvim_buf_call(code, vim.cmd.undo)
h.equal(h.text(code), before)
