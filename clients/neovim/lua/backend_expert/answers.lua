-- The answers of this session, as the server's notifications make them.

local highlight = require("backend_expert.highlight")
local split = require("backend_expert.split")

local M = {}

local by_id = {} --- @type table<any, backend_expert.Answer>
local order = {} --- @type any[]

--- @class backend_expert.Answer a conversation: further answers stand below the first
--- @field id any
--- @field client integer
--- @field title string
--- @field buffer integer
--- @field state "writing"|"done"|"stopped"|"failed"
--- @field cost string
--- @field proposal? table

local RULE = "\n\n---\n\n" -- between two answers

local function opened(part, client)
  local answer = by_id[part.id]
  -- The numbers of a server that was started again begin anew: that is another conversation.
  local goes_on = answer and answer.client == client
  if goes_on and vim.api.nvim_buf_is_valid(answer.buffer) then
    split.add(answer.buffer, RULE)
    return answer
  end
  return { id = part.id, client = client, buffer = split.buffer(part.id) }
end

local function begin(part, client)
  local answer = opened(part, client)
  answer.title = part.title or answer.title or "Backend Expert"
  answer.state, answer.cost, answer.proposal = "writing", "", nil
  by_id[part.id] = answer
  order = vim.tbl_filter(function(id)
    return id ~= part.id
  end, order)
  table.insert(order, part.id)
  highlight.markdown(answer.buffer)
  split.show(answer.buffer)
  return answer
end

local function cost_of(part)
  local words = { part.model }
  if type(part.tokens) == "number" then
    table.insert(words, part.tokens .. " tokens")
  end
  if type(part.cost) == "number" then
    table.insert(words, ("$%.4f"):format(part.cost))
  end
  return table.concat(words, " · ")
end

--- An answer that failed says why at its end.
local function ended(answer, part)
  answer.state = ({ cancelled = "stopped", failed = "failed" })[part.outcome] or "done"
  if answer.state == "failed" and part.text and part.text ~= "" then
    split.add(answer.buffer, "\n\n**" .. part.text .. "**")
  end
end

--- Takes one notification. What belongs to no answer, such as one that was closed, is passed by.
--- @param part table
--- @param client integer
function M.take(part, client)
  local answer = part.kind == "begin" and begin(part, client) or by_id[part.id]
  if not answer or not vim.api.nvim_buf_is_valid(answer.buffer) then
    return
  end
  if part.kind == "text" then
    split.add(answer.buffer, part.text)
  elseif part.kind == "usage" then
    answer.cost = cost_of(part)
  elseif part.kind == "proposal" then
    answer.proposal = part.proposal
    require("backend_expert.review").offer(answer)
  elseif part.kind == "end" then
    ended(answer, part)
  end
  split.title(answer)
  vim.api.nvim_exec_autocmds("User", { pattern = "BackendExpertAnswer", data = part })
end

--- The answer that began last.
--- @return backend_expert.Answer?
function M.latest()
  return by_id[order[#order]]
end

--- All answers whose buffers are still there, the newest first.
--- @return backend_expert.Answer[]
function M.all()
  local found = {}
  for index = #order, 1, -1 do
    local answer = by_id[order[index]]
    if vim.api.nvim_buf_is_valid(answer.buffer) then
      table.insert(found, answer)
    end
  end
  return found
end

return M
