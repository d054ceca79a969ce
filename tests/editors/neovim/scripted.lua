-- A server inside the editor that says what a spec has it say, for what a real one says only at
-- moments that no spec can choose.

local M = { asked = {}, told = {}, waiting = {} }

local COMMANDS = { "ask", "followUp", "regenerate", "stop", "apply", "map", "explainRule" }

--- Takes the place of the real server. `answers` has what commands answer at once; of the commands
--- that not every version has, the server has those that stand there.
function M.start(answers)
  local names = vim.tbl_map(function(name)
    return "backendExpert." .. name
  end, COMMANDS)
  vim.list_extend(names, answers and answers["backendExpert.tasks"] and { "backendExpert.tasks" } or {})
  local offer = {
    positionEncoding = "utf-8",
    textDocumentSync = { openClose = true, change = 2 },
    executeCommandProvider = {
      commands = names,
    },
  }
  local count, closing = 0, false
  local function connect(dispatchers)
    M.tell, M.request = dispatchers.notification, dispatchers.server_request
    return {
      request = function(method, params, reply)
        count = count + 1
        local command = params and params.command
        if method == "initialize" then
          M.initialize = params
          reply(nil, { capabilities = offer, serverInfo = { name = "scripted", version = "0" } })
        elseif command then
          table.insert(M.asked, params)
          if answers and answers[command] then
            reply(nil, answers[command])
          else
            M.waiting[count] = reply
          end
        else
          reply(nil, vim.NIL)
        end
        return true, count
      end,
      notify = function(method, params)
        table.insert(M.told, { method = method, params = params })
        if method == "$/cancelRequest" then
          M.waiting[params.id]({ code = -32800, message = "cancelled" })
        end
        return true
      end,
      is_closing = function()
        return closing
      end,
      terminate = function()
        closing = true
        dispatchers.on_exit(0, 0)
      end,
    }
  end
  vim.lsp.config("backend_expert", { cmd = connect })
end

--- Sends a part of an answer.
function M.answer(part)
  M.tell("backendExpert/answer", part)
end

return M
