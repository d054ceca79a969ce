-- The health check says that all is well, and what to do when the program is missing.
local h = require("harness")

local function report()
  vim.cmd("checkhealth backend_expert")
  return h.wait("the report", function()
    local text = h.text()
    return text:find("code in answers", 1, true) and text
  end)
end

h.edit("api/shop/reporting.py")
h.client()
local good = report()
h.contains(good, "backend-expert (backend-expert")
h.contains(good, "positions in utf-8")
assert(not good:find("WARNING") and not good:find("ERROR"), good)
vim.lsp.config("backend_expert", { cmd = { "no-such-program", "serve" } })
h.contains(report(), "no-such-program is not on PATH")

-- The manual is there.
vim.cmd("helptags " .. vim.api.nvim_get_runtime_file("doc/backend_expert.txt", false)[1]:match(".*/"))
vim.cmd("help backend_expert-0.10")
h.contains(h.text(), ":BackendExpert")
