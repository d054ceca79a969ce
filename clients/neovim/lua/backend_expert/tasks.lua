-- The expert's tasks that fit a place, to choose from.

local asking = require("backend_expert.asking")
local session = require("backend_expert.session")

local M = {}

-- What every version of the server has.
M.KNOWN = {
  { id = "explain", title = "Explain this code" },
  { id = "rewrite", title = "Rewrite this code" },
  { id = "notes", title = "Architecture notes" },
  { id = "review", title = "Review this code" },
  { id = "tests", title = "Write tests" },
}
M.FREE = { id = "ask", title = "A question of your own …" }

--- Hands the tasks that fit a place to `use`.
local function fitting(client, place, use)
  if not session.has(client, "backendExpert.tasks") then
    return use(M.KNOWN)
  end
  session.execute(client, "backendExpert.tasks", { place }, function(err, tasks)
    use(not err and type(tasks) == "table" and tasks or M.KNOWN)
  end)
end

--- Asks in the person's own words.
function M.free(question)
  vim.ui.input({ prompt = "Ask backend expert: " }, function(words)
    if words and words ~= "" then
      asking.ask(vim.tbl_extend("force", question, { task = "ask", words = words }))
    end
  end)
end

--- Lets the person choose what to ask about a place.
--- @param question { range: table, buffer: integer }
function M.choose(question)
  local client = session.client(question.buffer)
  if not client then
    return session.warn("the server does not run here (:checkhealth backend_expert)")
  end
  local place = { uri = vim.uri_from_bufnr(question.buffer), range = question.range }
  fitting(client, place, function(tasks)
    local offered = vim.tbl_filter(function(task)
      return task.id ~= M.FREE.id
    end, tasks)
    table.insert(offered, M.FREE)
    vim.ui.select(offered, {
      prompt = "Ask backend expert",
      format_item = function(task)
        return task.title
      end,
    }, function(task)
      if task == M.FREE then
        M.free(question)
      elseif task then
        asking.ask(vim.tbl_extend("force", question, { task = task.id }))
      end
    end)
  end)
end

return M
