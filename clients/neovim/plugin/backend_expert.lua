-- The command `:BackendExpert`; the rest is loaded when it is first needed.
if vim.g.loaded_backend_expert then
  return
end
vim.g.loaded_backend_expert = true

vim.api.nvim_create_user_command("BackendExpert", function(call)
  require("backend_expert.commands").run(call)
end, {
  nargs = "*",
  range = true,
  desc = "Ask Backend Expert",
  complete = function(lead, line)
    return require("backend_expert.commands").complete(lead, line)
  end,
})
