-- An answer is stopped in the middle: the split says so, and the next question is answered.
local h = require("harness")

h.edit("api/shop/worker/notify.py")
h.finding("errors/http-call-no-timeout")
h.go("requests.post(")
h.choose("Send what I ask about")
vim.cmd("BackendExpert review")
h.shown("It hands")
h.wait("what the server is doing", function()
  return require("backend_expert").status() == "backend-expert: Review this code"
end)
vim.cmd("BackendExpert stop")
h.titled("stopped")
h.shown("It hands")
h.wait("the server to be idle", function()
  return require("backend_expert").status() == ""
end)
h.equal(require("backend_expert.asking").count(), 0)
h.equal(h.notified, {})

-- From the list of what fits here, as the server or the plugin knows it.
h.choose("Rewrite this code")
vim.cmd("BackendExpert")
h.wait("the diff", require("backend_expert.review").is_open)
vim.cmd("BackendExpert discard")
h.shown("The call waits for ever.")
h.quiet()
h.equal(h.notified, {})
