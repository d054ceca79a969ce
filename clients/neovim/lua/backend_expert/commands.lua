-- The subcommands of `:BackendExpert`.

local asking = require("backend_expert.asking")
local place = require("backend_expert.place")
local session = require("backend_expert.session")

local M = {}

local function question_of(call)
  local client = session.client()
  return client and {
    buffer = vim.api.nvim_get_current_buf(),
    range = place.of_call(call, client),
  }
end

local function asks(task)
  return function(call, words)
    local question = question_of(call)
    if not question then
      return session.warn("the server does not run here (:checkhealth backend_expert)")
    end
    question.task, question.words = task, words
    asking.ask(question)
  end
end

local function ask(call, words)
  if words then
    return asks("ask")(call, words)
  end
  local question = question_of(call)
  if not question then
    return session.warn("the server does not run here (:checkhealth backend_expert)")
  end
  require("backend_expert.tasks").choose(question)
end

local function more(_, words)
  if words then
    return asking.follow_up(words)
  end
  vim.ui.input({ prompt = "Ask more: " }, function(typed)
    if typed and typed ~= "" then
      asking.follow_up(typed)
    end
  end)
end

local function would_send(call, task)
  local question = question_of(call)
  local uri = vim.uri_from_bufnr(vim.api.nvim_get_current_buf())
  local argument = { uri = uri, task = task or "explain", range = question and question.range }
  require("backend_expert.documents").of_command("backendExpert.showWouldSend", { argument })
end

local function answers()
  local split = require("backend_expert.split")
  vim.ui.select(require("backend_expert.answers").all(), {
    prompt = "Answers",
    format_item = function(answer)
      return answer.title
    end,
  }, function(answer)
    if answer then
      split.show(answer.buffer)
      split.title(answer)
    end
  end)
end

M.all = {
  ask = ask,
  explain = asks("explain"),
  rewrite = asks("rewrite"),
  notes = asks("notes"),
  review = asks("review"),
  tests = asks("tests"),
  more = more,
  regenerate = asking.regenerate,
  stop = asking.stop,
  answers = answers,
  diff = function()
    require("backend_expert.review").open()
  end,
  apply = function()
    require("backend_expert.review").apply()
  end,
  discard = function()
    require("backend_expert.review").discard()
  end,
  history = function()
    require("backend_expert.documents").history()
  end,
  map = function()
    require("backend_expert.map").show()
  end,
  rule = function(_, words)
    require("backend_expert.documents").rule(words)
  end,
  ["would-send"] = would_send,
  ["show-sent"] = function()
    require("backend_expert.documents").of_command("backendExpert.showSent", {})
  end,
  restart = function()
    require("backend_expert.restart").all()
  end,
  log = function()
    require("backend_expert.documents").log()
  end,
  health = function()
    vim.cmd.checkhealth("backend_expert")
  end,
}

--- Runs a subcommand; without one the person chooses what to ask.
function M.run(call)
  local name = call.fargs[1] or "ask"
  local command = M.all[name]
  if not command then
    local known = vim.tbl_keys(M.all)
    table.sort(known)
    return session.warn(("there is no %s; there is %s"):format(name, table.concat(known, ", ")))
  end
  local words = vim.trim(call.args:sub(#name + 1))
  command(call, words ~= "" and words or nil)
end

--- The subcommands that begin as typed.
function M.complete(lead, line)
  if line:match("BackendExpert%s+%S+%s") then
    return {}
  end
  local found = vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, vim.tbl_keys(M.all))
  table.sort(found)
  return found
end

return M
