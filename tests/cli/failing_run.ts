/** Fails with an error that nothing catches, while its temporary folder exists. */
import { execFileSync } from "node:child_process";
import { createTemporaryFolder } from "../../src/cli/run/temporary_folder.ts";

const { path } = await createTemporaryFolder();
console.log(execFileSync("ls", ["-ld", path], { encoding: "utf8" }));
setTimeout(() => {
  throw new Error("unexpected");
}, 0);
