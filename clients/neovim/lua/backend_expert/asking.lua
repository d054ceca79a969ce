-- Questions on their way: sent, asked further, asked again, stopped.

local place = require("backend_expert.place")
local session = require("backend_expert.session")

local M = {}

local under_way = {} --- @type table<integer, vim.lsp.Client> by request

--- Sends a question as the server takes it.
--- @param question { uri: string, task: string, range?: table, span?: integer[], words?: string }
--- @param buffer? integer
function M.send(question, buffer)
  M.run("backendExpert.ask", { question }, session.client(buffer))
end

--- Asks about a buffer.
--- @param question { task?: string, words?: string, range?: table, buffer?: integer }
function M.ask(question)
  local client = session.client(question.buffer)
  if not client then
    return session.warn("the server does not run here (:checkhealth backend_expert)")
  end
  local buffer = question.buffer or vim.api.nvim_get_current_buf()
  M.send({
    uri = vim.uri_from_bufnr(buffer),
    task = question.task or "explain",
    range = question.range or place.cursor(client),
    words = question.words,
  }, buffer)
end

--- Runs a command on the last answer.
local function on_latest(command, argument)
  local answer = require("backend_expert.answers").latest()
  if not answer then
    return session.warn("there is no answer yet")
  end
  argument.id = answer.id
  M.run(command, { argument }, vim.lsp.get_client_by_id(answer.client))
end

--- Asks more about the last answer.
function M.follow_up(words)
  on_latest("backendExpert.followUp", { words = words })
end

--- Asks the question of the last answer anew, about the code as it is now.
function M.regenerate()
  on_latest("backendExpert.regenerate", {})
end

--- Has the edits made that an answer proposed, in the text as it is now.
--- @param answer backend_expert.Answer
function M.apply(answer)
  local client = vim.lsp.get_client_by_id(answer.client)
  M.run("backendExpert.apply", { { id = answer.id } }, client, function(is_made)
    if is_made == true then
      answer.proposal = nil
      require("backend_expert.split").title(answer)
    end
  end)
end

--- Runs a command, and remembers it until it is answered.
--- @param done? fun(result: any)
function M.run(command, arguments, client, done)
  if not client then
    return session.warn("the server does not run here (:checkhealth backend_expert)")
  end
  if not session.has(client, command) then
    return session.warn("this version of the server has no " .. command)
  end
  local request
  request = session.execute(client, command, arguments, function(err, result)
    if request then
      under_way[request] = nil
    end
    local cancelled = err and (err.code == -32800 or err.code == -32801)
    if err and not cancelled then
      session.warn(err.message)
    elseif done and not err then
      done(result)
    end
  end)
  if request then
    under_way[request] = client
  end
end

--- Stops every answer that is still being written.
function M.stop()
  local stopped = 0
  for request, client in pairs(under_way) do
    if session.has(client, "backendExpert.stop") then
      session.execute(client, "backendExpert.stop", { vim.empty_dict() }, function() end)
    end
    session.cancel(client, request)
    under_way[request] = nil
    stopped = stopped + 1
  end
  if stopped == 0 then
    session.warn("nothing is being answered")
  end
end

--- How many answers are under way.
function M.count()
  return vim.tbl_count(under_way)
end

return M
