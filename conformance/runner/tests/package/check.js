// Prints what publint and attw find in a package: the folder of these tools, the folder of the package.
"use strict";

const { execFileSync } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { createRequire } = require("node:module");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const [tools, pkgDir] = process.argv.slice(2);
const { resolve } = createRequire(join(tools, "package.json"));

/** The package is for modules alone, as `exports` and its engines say. */
const OTHERS = ["node10", "node16-cjs"];

/** What would be published, as npm packs it. */
function packed() {
  const folder = mkdtempSync(join(tmpdir(), "witgen-pack-"));
  try {
    const words = ["pack", "--json", "--ignore-scripts", "--pack-destination"];
    const said = execFileSync("npm", [...words, folder], {
      cwd: pkgDir,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [{ filename }] = JSON.parse(said);
    return new Uint8Array(readFileSync(join(folder, filename)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main() {
  const { publint } = await import(resolve("publint"));
  const { formatMessage } = await import(resolve("publint/utils"));
  const { checkPackage, createPackageFromTarballData } = await import(
    resolve("@arethetypeswrong/core")
  );
  const { messages, pkg } = await publint({
    pkgDir,
    pack: false,
    strict: true,
  });
  const lint = messages.map((message) =>
    formatMessage(message, pkg, { color: false }),
  );
  const { problems } = await checkPackage(
    createPackageFromTarballData(packed()),
  );
  const types = problems
    .filter(({ resolutionKind }) => !OTHERS.includes(resolutionKind))
    .map((problem) => JSON.stringify(problem));
  console.log([...lint, ...types, "done"].join("\n"));
}

main();
