/**
 * Runs a command while eight processes keep the machine busy.
 *
 * `deno run -A tools/busy.ts npm test`; `BUSY_PROCESSES=2` sets another number.
 */
const PROCESSES = Number(Deno.env.get("BUSY_PROCESSES") || 8);

const [name, ...args] = Deno.args;
if (!name) {
  console.error("usage: deno run -A tools/busy.ts COMMAND [ARGUMENT...]");
  Deno.exit(2);
}
const loops = Array.from(
  { length: PROCESSES },
  () => new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"], stdin: "null" }).spawn(),
);
const start = Date.now();
const { code } = await new Deno.Command(name, { args }).spawn().status;
for (const loop of loops) loop.kill("SIGKILL");
console.log(
  `\nexit code ${code} after ${Math.round((Date.now() - start) / 1000)} s beside ${PROCESSES} busy processes`,
);
Deno.exit(code);
