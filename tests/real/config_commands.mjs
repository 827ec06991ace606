// One process instead of one for each file: OpenClaw's own `config` command, as its package registers it, run again and
// again. A line in: {"file", "words", "env"}; a line out: {"code", "out"}. Usage: node config_commands.mjs PACKAGE
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const home = process.argv[2];
const dist = path.join(home, "dist");
const { Command } = createRequire(path.join(home, "package.json"))("commander");

let register;
for (const name of readdirSync(dist).filter((name) => /^config-cli-[\w-]+\.m?js$/.test(name))) {
  const module = await import(pathToFileURL(path.join(dist, name)).href);
  register ??= module.registerConfigCli;
}

const say = process.stdout.write.bind(process.stdout);
const exit = process.exit.bind(process);
process.exit = (code) => {
  throw Object.assign(new Error("exit"), { code: code ?? process.exitCode ?? 0 });
};

async function answer({ file, words, env }) {
  const before = { ...process.env };
  Object.assign(process.env, env, { OPENCLAW_CONFIG_PATH: file });
  let out = "";
  process.stdout.write = (text, ...more) => {
    out += text;
    more.find((one) => typeof one === "function")?.();
    return true;
  };
  process.exitCode = undefined;
  let code = 0;
  try {
    const program = new Command();
    register(program);
    await program.parseAsync(["node", "openclaw", "config", ...words]);
    code = process.exitCode ?? 0;
  } catch (error) {
    if (typeof error.code !== "number") throw error;
    code = error.code;
  } finally {
    process.stdout.write = say;
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
  return { code, out };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  say(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
exit(0);
