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
--- @field last integer the line, from 0, that the last answer begins in
--- @field anew? boolean whether the last answer is to be replaced
--- @field proposal? table

local RULE = "\n\n---\n\n" -- between two answers

local function opened(part, client)
  local answer = by_id[part.id]
  if not answer or not vim.api.nvim_buf_is_valid(answer.buffer) then
    return { id = part.id, client = client, buffer = split.buffer(part.id), last = 0 }
  end
  if answer.anew then
    split.cut(answer.buffer, answer.last)
  else
    split.add(answer.buffer, RULE)
    answer.last = vim.api.nvim_buf_line_count(answer.buffer) - 1
  end
  return answer
end

local function begin(part, client)
  local answer = opened(part, client)
  answer.title = part.title or answer.title or "Backend Expert"
  answer.state, answer.cost, answer.proposal, answer.anew = "writing", "", nil, nil
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
    M.review(answer)
  elseif part.kind == "end" then
    ended(answer, part)
  end
  split.title(answer)
  vim.api.nvim_exec_autocmds("User", { pattern = "BackendExpertAnswer", data = part })
end

--- Shows the edits that an answer proposes, as a diff.
--- @param answer backend_expert.Answer
function M.review(answer)
  local client = vim.lsp.get_client_by_id(answer.client)
  if answer.proposal and client then
    require("backend_expert.review").offer(answer.proposal, client.offset_encoding)
  end
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
