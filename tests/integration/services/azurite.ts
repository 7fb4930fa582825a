import { spawn } from "node:child_process";
import { createRequire } from "node:module";

/** Starts Azurite's blob service over https, with OAuth, and returns its URL. It checks times, issuer and audience. */
export function startAzurite(keyFile: string, certFile: string): Promise<string> {
  const main = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const options = ["--blobPort", "0", "--oauth", "basic", "--key", keyFile, "--cert", certFile];
  // Its clients use a newer version of the API.
  const more = ["--skipApiVersionCheck", "--inMemoryPersistence", "--silent", "--disableTelemetry"];
  const azurite = spawn(process.execPath, [main, ...options, ...more], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => azurite.kill());
  return new Promise((resolve, reject) => {
    let text = "";
    azurite.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const url = /successfully listens on (https:\/\/[\w.:]+)/.exec(text)?.[1];
      if (url) resolve(url);
    });
    azurite.on("error", reject);
    azurite.on("close", () => reject(new Error(`Azurite did not start: ${text}`)));
  });
}
