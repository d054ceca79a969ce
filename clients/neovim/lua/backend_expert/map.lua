-- The architecture map as text: what each endpoint leads to, with the way to the code.

local session = require("backend_expert.session")

local M = {}

local function words_of(node, again)
  local words = { node.kind, node.label }
  if node.detail and node.detail ~= "" then
    table.insert(words, "· " .. node.detail)
  end
  if (node.findings or 0) > 0 then
    table.insert(words, ("(%d)"):format(node.findings))
  end
  return table.concat(words, " ") .. (again and " …" or "")
end

--- What each node leads to, and which nodes something leads to.
local function connected(edges)
  local leads, entered = {}, {}
  for _, edge in ipairs(edges) do
    leads[edge.from] = leads[edge.from] or {}
    table.insert(leads[edge.from], edge.to)
    entered[edge.to] = true
  end
  return leads, entered
end

--- The map's lines, and which node each line is of. What stands above already is not unfolded again.
--- @param map { nodes: table[], edges: table[] }
--- @return string[] lines
--- @return table[] nodes
function M.lines(map)
  local leads, entered = connected(map.edges)
  local by_id, unfolded, lines, nodes = {}, {}, {}, {}
  for _, node in ipairs(map.nodes) do
    by_id[node.id] = node
  end
  local function add(node, depth)
    local again = unfolded[node.id] and leads[node.id] ~= nil
    table.insert(lines, ("  "):rep(depth) .. words_of(node, again))
    table.insert(nodes, node)
    if not unfolded[node.id] then
      unfolded[node.id] = true
      for _, id in ipairs(leads[node.id] or {}) do
        if by_id[id] then
          add(by_id[id], depth + 1)
        end
      end
    end
  end
  for _, node in ipairs(map.nodes) do
    if node.kind == "endpoint" or not entered[node.id] then
      add(node, 0)
    end
  end
  return lines, nodes
end

--- Goes to the code in the window that the map was opened from, so that the map stays.
local function jump(node, encoding, window)
  if node and node.uri and node.range then
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
    end
    vim.lsp.util.show_document({ uri = node.uri, range = node.range }, encoding, { focus = true })
  end
end

--- Shows the map in a tab of its own; Enter goes to the code.
function M.show()
  session.run("backendExpert.map", {}, function(map)
    local lines, nodes = M.lines(map)
    local encoding = session.client().offset_encoding
    local window = vim.api.nvim_get_current_win()
    vim.cmd.tabnew()
    local buffer = vim.api.nvim_get_current_buf()
    vim.bo[buffer].buftype, vim.bo[buffer].bufhidden = "nofile", "wipe"
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
    vim.bo[buffer].modifiable = false
    vim.keymap.set("n", "<CR>", function()
      jump(nodes[vim.fn.line(".")], encoding, window)
    end, { buffer = buffer, desc = "Backend Expert: go to the code" })
    vim.keymap.set("n", "q", "<Cmd>tabclose<CR>", { buffer = buffer, nowait = true })
    vim.cmd([[syntax match Keyword /^\s*\w\+/ | syntax match String /\/\S*/]])
  end)
end

return M
