/** Parts of the command that depend on the platform. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeEnvironment } from "../../src/cli/support/environment.ts";
import { command, toPowerShell } from "../../src/cli/support/shell_words.ts";
import { spawnArguments } from "../../src/cli/support/windows_program.ts";

const WINDOWS = {
  Path: "C:\\node;C:\\tools",
  PATHEXT: ".COM;.EXE;.BAT;.CMD",
  ComSpec: "C:\\Windows\\System32\\cmd.exe",
};

function startOnWindows(line: string[], files: string[]) {
  return spawnArguments(line, "win32", WINDOWS, (path) => files.includes(path));
}

test("a program is started as it is, on Windows too", () => {
  const asItIs = { file: "kubectl", args: ["get", "a b; c"] };
  assert.deepEqual(spawnArguments(["kubectl", "get", "a b; c"], "linux", {}), asItIs);
  assert.deepEqual(startOnWindows(["kubectl", "get", "a b; c"], ["C:\\tools\\kubectl.exe"]), asItIs);
  assert.deepEqual(startOnWindows(["nowhere"], []), { file: "nowhere", args: [] });
});

test("a batch file on Windows goes through cmd.exe, and every argument is escaped twice", () => {
  assert.deepEqual(
    startOnWindows(["npx", "@workload-id/entra", 'a "b" & %PATH%', "c\\"], ["C:\\node\\npx.cmd"]),
    {
      file: WINDOWS.ComSpec,
      args: [
        "/d",
        "/s",
        "/c",
        '"C:\\node\\npx.cmd ^^^"@workload-id/entra^^^" ^^^"a^^^ \\^^^"b\\^^^"^^^ ^^^&^^^ ^^^%PATH^^^%^^^" ^^^"c\\\\^^^""',
      ],
      windowsVerbatimArguments: true,
    },
  );
});

test("a variable is removed on Windows whatever its case, and elsewhere by its exact name", () => {
  const environment = { Azure_Client_Secret: "hush", Path: "p" };
  const changes = { AZURE_CLIENT_SECRET: undefined, PATH: "q" };
  assert.deepEqual(changeEnvironment(environment, changes, "win32"), { PATH: "q" });
  assert.deepEqual(changeEnvironment(environment, changes, "linux"), { ...environment, PATH: "q" });
});

test("values in printed commands are quoted if a shell would read more than a word", () => {
  assert.equal(command`kubectl get ${"pods"} --context ${"a b"}`, "kubectl get pods --context 'a b'");
  assert.equal(command`echo ${"o'neil; $(id)"}`, "echo 'o'\\''neil; $(id)'");
});

test("printed commands are rewritten for PowerShell", () => {
  assert.equal(toPowerShell("az account show --query tenantId"), "az account show --query tenantId");
  assert.equal(toPowerShell(command`echo ${"o'neil; $(id)"}`), "echo 'o''neil; $(id)'");
  assert.equal(
    toPowerShell(`az identity list --query "[?clientId=='1'].[name,resourceGroup]"`),
    "az identity list --query '[?clientId==''1''].[name,resourceGroup]'",
  );
  assert.equal(
    toPowerShell(`kubectl patch deployment D --patch '{"spec":{"azure.workload.identity/use":"true"}}'`),
    "kubectl patch deployment D --patch 'spec: {''azure.workload.identity/use'':''true''}'",
  );
});
