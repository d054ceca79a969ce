-- Documents of the server in the split: answers as files, what would be sent, what was sent.

local highlight = require("backend_expert.highlight")
local session = require("backend_expert.session")
local split = require("backend_expert.split")

local M = {}

--- Shows a file in the split of answers.
--- @param path string
function M.show(path)
  local buffer = vim.fn.bufadd(path)
  -- A plugin that fails on Markdown does not hide the answer.
  pcall(vim.fn.bufload, buffer)
  pcall(vim.api.nvim_buf_call, buffer, vim.cmd.checktime)
  vim.bo[buffer].bufhidden = "hide"
  highlight.markdown(buffer)
  vim.keymap.set("n", "q", "<Cmd>close<CR>", { buffer = buffer, nowait = true })
  split.show(buffer)
end

--- Shows the document that a command of the server names.
function M.of_command(command, arguments)
  session.run(command, arguments, function(result)
    if type(result) == "table" and result.uri then
      M.show(vim.uri_to_fname(result.uri))
    else
      session.warn("there is nothing to show yet")
    end
  end)
end

--- Lets the person choose one of the answers that are kept, of this session and of earlier ones.
function M.history()
  session.run("backendExpert.history", {}, function(past)
    if #past == 0 then
      return session.warn("nothing was asked here yet")
    end
    vim.ui.select(past, {
      prompt = "Earlier answers",
      format_item = function(answer)
        return answer.time:sub(1, 16):gsub("T", " ") .. "  " .. answer.title
      end,
    }, function(answer)
      if answer then
        M.show(vim.uri_to_fname(answer.uri))
      end
    end)
  end)
end

--- Shows the page of a rule: the one named, else that of the finding under the cursor.
--- @param rule? string
function M.rule(rule)
  local here = vim.diagnostic.get(0, { lnum = vim.fn.line(".") - 1 })
  rule = rule or (here[1] and here[1].code)
  if not rule then
    return session.warn("there is no finding in this line; name a rule")
  end
  session.run("backendExpert.explainRule", { { rule = rule } }, function(page)
    local buffer = split.buffer("rule/" .. rule)
    split.add(buffer, page.markdown)
    highlight.markdown(buffer)
    split.show(buffer)
  end)
end

--- Opens Neovim's log, in which the server's own words are.
function M.log()
  local path = vim.lsp.log and vim.lsp.log.get_filename and vim.lsp.log.get_filename()
  vim.cmd.split(vim.fn.fnameescape(path or vim.lsp.get_log_path()))
  vim.cmd("normal! G")
end

return M
