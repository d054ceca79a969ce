/** The server is found where it is looked for, in order, and nothing untrusted is started. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { locate, type Wishes } from "../src/server/locate";

const WISHES: Wishes = {
  configured: "",
  trusted: true,
  interpreter: "/envs/one/bin/python",
  folders: ["/work/shop"],
  path: ["/usr/bin", "relative", "/work/shop/bin"],
  environment: "/storage/server-1",
  home: "/home/me",
  platform: "linux",
};

function there(...files: string[]) {
  const asked: string[] = [];
  const isProgram = async (file: string) => {
    asked.push(file);
    return files.includes(file);
  };
  return { asked, isProgram };
}

test("the places are looked at in order", async () => {
  const { asked, isProgram } = there();
  const located = await locate(WISHES, isProgram);
  const order = [
    "/envs/one/bin/backend-expert",
    "/work/shop/.venv/bin/backend-expert",
    "/usr/bin/backend-expert",
    "/work/shop/bin/backend-expert",
    "/storage/server-1/bin/backend-expert",
  ];
  assert.deepEqual(asked, order);
  assert.deepEqual(located, { kind: "missing", looked: order });
});

test("the first that is there is taken", async () => {
  const { isProgram } = there("/usr/bin/backend-expert", "/storage/server-1/bin/backend-expert");
  const located = await locate(WISHES, isProgram);
  assert.deepEqual(located, { kind: "found", command: "/usr/bin/backend-expert", source: "path" });
});

test("a setting stands above all, with ~ for the home folder", async () => {
  const { isProgram } = there("/home/me/bin/server", "/usr/bin/backend-expert");
  const located = await locate({ ...WISHES, configured: "~/bin/server" }, isProgram);
  assert.deepEqual(located, { kind: "found", command: "/home/me/bin/server", source: "setting" });
});

test("a setting that leads nowhere is said, not passed over", async () => {
  const { isProgram } = there("/usr/bin/backend-expert");
  for (const [configured, words] of [["/gone", "no program"], ["server", "absolute path"]] as const) {
    const located = await locate({ ...WISHES, configured }, isProgram);
    assert.equal(located.kind, "missing");
    assert.match(located.kind === "missing" ? (located.complaint ?? "") : "", new RegExp(words));
  }
});

test("nothing of a workspace that is not trusted is started", async () => {
  const inside = { ...WISHES, trusted: false, interpreter: "/work/shop/.venv/bin/python" };
  const { asked, isProgram } = there();
  await locate(inside, isProgram);
  assert.deepEqual(asked, ["/usr/bin/backend-expert", "/storage/server-1/bin/backend-expert"]);
});

test("an interpreter outside the workspace may be used without trust", async () => {
  const { isProgram } = there("/envs/one/bin/backend-expert");
  const located = await locate({ ...WISHES, trusted: false }, isProgram);
  assert.equal(located.kind, "found");
});

test("Windows has its own names", async () => {
  const { asked, isProgram } = there();
  const only = { ...WISHES, interpreter: undefined, folders: [], path: [] };
  await locate({ ...only, platform: "win32" }, isProgram);
  assert.deepEqual(asked, ["/storage/server-1/Scripts/backend-expert.exe"]);
});
