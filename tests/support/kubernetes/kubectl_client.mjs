import process from "node:process";

const [url, ...args] = process.argv.slice(2);
const response = await fetch(url, { method: "POST", body: JSON.stringify(args) });
const { code, stdout, stderr } = await response.json();
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
