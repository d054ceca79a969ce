-- What a spec needs: to open files of the shop, to wait for events, to look and to measure.

local M = { notified = {} }

local PATIENCE = 30000 -- milliseconds

--- Waits until `seen` returns something true, and returns it.
function M.wait(what, seen)
  local found
  local came = vim.wait(PATIENCE, function()
    found = seen()
    return found
  end, 2)
  if not came then
    error("this never came: " .. what .. "\nnotified: " .. vim.inspect(M.notified), 2)
  end
  return found
end

--- Opens a file of the shop, whose folder is the current one.
function M.edit(path)
  vim.cmd.edit(path)
  return vim.api.nvim_get_current_buf()
end

--- The server's client, once it has started for the current buffer.
function M.client()
  return M.wait("the server", function()
    local client = vim.lsp.get_clients({ name = "backend_expert", bufnr = 0 })[1]
    return client and client.initialized and client
  end)
end

--- The diagnostics of a rule in the current buffer.
function M.found(rule)
  return vim.tbl_filter(function(diagnostic)
    return diagnostic.code == rule
  end, vim.diagnostic.get(0))
end

--- The first diagnostic of a rule, once it is there.
function M.finding(rule)
  return M.wait("a finding of " .. rule, function()
    return M.found(rule)[1]
  end)
end

--- Waits until a rule finds nothing in the current buffer any more.
function M.gone(rule)
  M.wait(rule .. " to go", function()
    return #M.found(rule) == 0
  end)
end

--- Puts the cursor at the first place of a text, and returns its line and byte column from 0.
function M.go(text)
  for row, line in ipairs(M.lines()) do
    local at = line:find(text, 1, true)
    if at then
      vim.api.nvim_win_set_cursor(0, { row, at - 1 })
      return row - 1, at - 1
    end
  end
  error("there is no " .. text)
end

function M.lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end

function M.text(buffer)
  return table.concat(M.lines(buffer), "\n")
end

--- Fails unless a text contains another one, as it stands there.
function M.contains(text, part)
  if not text:find(part, 1, true) then
    error(("no %q in:\n%s"):format(part, text), 2)
  end
end

function M.equal(seen, wanted)
  if not vim.deep_equal(seen, wanted) then
    error(("%s is not %s"):format(vim.inspect(seen), vim.inspect(wanted)), 2)
  end
end

--- Answers the next `vim.ui.select` with the first item whose text contains `words`.
function M.choose(words)
  local own = vim.ui.select
  vim.ui.select = function(items, options, decide)
    vim.ui.select = own
    for index, item in ipairs(items) do
      local shown = (options.format_item or tostring)(item)
      if shown:find(words, 1, true) then
        return decide(item, index)
      end
    end
    error("nothing to choose has " .. words)
  end
end

--- The split of answers, once it is there.
function M.split()
  return M.wait("the split", function()
    return vim.iter(vim.api.nvim_list_wins()):find(function(window)
      return vim.w[window].backend_expert
    end)
  end)
end

--- Waits until the split of answers shows a text, and returns all that it shows.
function M.shown(part)
  return M.wait("an answer with " .. part, function()
    local text = M.text(vim.api.nvim_win_get_buf(M.split()))
    return text:find(part, 1, true) and text
  end)
end

--- Waits until the line above the answer has some words.
function M.titled(words)
  return M.wait(words .. " above the answer", function()
    return vim.wo[M.split()].winbar:find(words, 1, true)
  end)
end

--- Waits until nothing is being answered.
function M.quiet()
  M.wait("the end of the answer", function()
    return require("backend_expert.asking").count() == 0
  end)
end

--- Keeps times in milliseconds for the report.
function M.figure(name, times)
  print("\nFIGURE " .. vim.json.encode({ name = name, times = times }))
end

--- Runs a spec and leaves the editor with what came of it.
function M.run(path)
  vim.notify = function(words)
    table.insert(M.notified, words)
  end
  local good, trouble = xpcall(dofile, debug.traceback, path)
  if not good then
    io.stderr:write("\n" .. trouble .. "\n")
  end
  vim.cmd(good and "qall!" or "cquit!")
end

return M
