-- What the server says it is doing, for a status line.

local M = {}

local told = { state = "idle", detail = "" }

--- Takes the server's word and lets status lines draw it.
--- @param status { state: string, detail?: string }
function M.tell(status)
  told = { state = status.state or "idle", detail = status.detail or "" }
  vim.api.nvim_exec_autocmds("User", { pattern = "BackendExpertStatus", data = told })
  vim.cmd.redrawstatus()
end

--- The state as a few words; empty when there is nothing to say.
function M.text()
  if told.state == "idle" or not require("backend_expert.session").client() then
    return ""
  end
  return "backend-expert: " .. (told.detail ~= "" and told.detail or told.state)
end

return M
