// Bundles the extension and its two pages; `--watch` goes on, `--tests` bundles the tests instead.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as esbuild from "esbuild";

const watch = process.argv.includes("--watch");
const common = { bundle: true, minify: !watch, metafile: true, sourcemap: watch ? "inline" : false, target: "es2022", legalComments: "none", logLevel: "warning" };

const extension = {
  ...common,
  // The language client is a file of its own: activation does not wait for it to be read.
  entryPoints: { extension: "src/extension.ts", languageClient: "src/server/languageClient.ts" },
  outdir: "dist",
  platform: "node",
  format: "cjs",
  external: ["vscode", "./languageClient"],
  supported: { "dynamic-import": false }, // as `require`, which every editor has
};
const pages = {
  ...common,
  entryPoints: { answers: "src/answers/page.ts", map: "src/map/page.ts" },
  outdir: "dist",
  platform: "browser",
  format: "iife",
};
const tests = {
  ...common,
  minify: false,
  entryPoints: readdirSync("test").filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`),
  outdir: "dist/test",
  outExtension: { ".js": ".mjs" },
  platform: "node",
  format: "esm",
};

if (process.argv.includes("--tests")) {
  await esbuild.build(tests);
} else if (watch) {
  for (const options of [extension, pages]) await (await esbuild.context(options)).watch();
} else {
  const built = await Promise.all([esbuild.build(extension), esbuild.build(pages)]);
  writeFileSync("dist/licenses.txt", licenses(built.flatMap((one) => Object.keys(one.metafile.inputs))));
}

/** The licences of the packages that went into the bundles. */
function licenses(inputs) {
  const packages = inputs.map((path) => /^(?:.*node_modules)\/((?:@[^/]+\/)?[^/]+)\//.exec(path));
  const folders = new Map(packages.filter(Boolean).map((found) => [found[1], found[0]]));
  return [...folders].sort().map(([name, folder]) => {
    const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file && existsSync(folder + file) ? readFileSync(folder + file, "utf8").trim() : "";
    return `${name} ${version} (${license})\n\n${text}\n`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}
