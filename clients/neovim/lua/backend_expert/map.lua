-- The architecture map as text: what each endpoint leads to, with the way to the code.

local session = require("backend_expert.session")

local M = {}

local ROOTS = { endpoint = true, consumer = true, workload = true }

--- The map's lines, and which node each line is of.
--- @param map { nodes: table[], edges: table[] }
--- @return string[] lines
--- @return table[] nodes
function M.lines(map)
  local by_id, leads = {}, {}
  for _, node in ipairs(map.nodes) do
    by_id[node.id] = node
  end
  local entered = {}
  for _, edge in ipairs(map.edges) do
    leads[edge.from] = leads[edge.from] or {}
    table.insert(leads[edge.from], edge.to)
    entered[edge.to] = true
  end
  local lines, nodes = {}, {}
  local function add(node, depth, above)
    local again = above[node.id]
    local name = node.title or node.name or node.id
    table.insert(lines, ("%s%s %s%s"):format(("  "):rep(depth), node.kind, name, again and " …" or ""))
    table.insert(nodes, node)
    if again then
      return
    end
    above[node.id] = true
    for _, id in ipairs(leads[node.id] or {}) do
      if by_id[id] then
        add(by_id[id], depth + 1, above)
      end
    end
    above[node.id] = nil
  end
  for _, node in ipairs(map.nodes) do
    if ROOTS[node.kind] or not entered[node.id] then
      add(node, 0, {})
    end
  end
  return lines, nodes
end

local function jump(node, encoding)
  if node and node.uri and node.range then
    vim.lsp.util.show_document({ uri = node.uri, range = node.range }, encoding, { focus = true })
  end
end

--- Shows the map in a tab; Enter goes to the code.
function M.show()
  session.run("backendExpert.map", {}, function(map)
    local lines, nodes = M.lines(map)
    local encoding = session.client().offset_encoding
    vim.cmd.tabnew()
    local buffer = vim.api.nvim_get_current_buf()
    vim.bo[buffer].buftype, vim.bo[buffer].bufhidden = "nofile", "wipe"
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
    vim.bo[buffer].modifiable = false
    vim.keymap.set("n", "<CR>", function()
      jump(nodes[vim.fn.line(".")], encoding)
    end, { buffer = buffer, desc = "Backend Expert: go to the code" })
    vim.keymap.set("n", "q", "<Cmd>tabclose<CR>", { buffer = buffer, nowait = true })
    vim.cmd([[syntax match Keyword /^\s*\w\+/ | syntax match String /\/\S*/]])
  end)
end

return M
