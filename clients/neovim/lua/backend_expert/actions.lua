-- Commands of light-bulb entries and code lenses that we run ourselves, so that they can be stopped.

return {
  ["backendExpert.ask"] = function(command, context)
    require("backend_expert.asking").send(command.arguments[1], context.bufnr)
  end,
}
