/** The effects that `examples/aks` would have on a cluster and a subscription. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { succeed } from "../../tools/run.ts";
import { RUNTIMES, type Stage } from "./stage.ts";

/** Records its arguments, and responds as `az` would. */
const AZ = `#!/usr/bin/env bash
printf '%s\\n' "az $*" >> "$LOG"
case "$*" in
  *oidcIssuerProfile*) echo https://eastus.oic.prod-aks.azure.com/tenant/cluster/ ;;
  *"--query clientId"*) echo 11111111-2222-3333-4444-555555555555 ;;
  *"--query principalId"*) echo 99999999-2222-3333-4444-555555555555 ;;
  *vaultUri*) echo https://my-vault.vault.azure.net/ ;;
  *primaryEndpoints*) echo https://myaccount.blob.core.windows.net/ ;;
  *"--query id"*) echo /subscriptions/s/resourceGroups/rg/providers/x ;;
esac
`;
/** Keeps the manifests. */
const KUBECTL = `#!/usr/bin/env bash
printf '%s\\n' "kubectl $*" >> "$LOG"
if [ "$1" = apply ]; then echo --- >> "$MANIFESTS"; cat >> "$MANIFESTS"; fi
`;

/** Checks the manifests as they are written, and what the script makes of them. */
export function testAks(stage: () => Stage): void {
  const validate = async (manifests: string) => {
    const { folder } = stage();
    await succeed([...RUNTIMES.Node!, "programs/manifests.ts", manifests, "manifests_as_types.ts"], {
      cwd: folder,
    });
    await succeed(["deno", "check", "manifests_as_types.ts"], { cwd: folder });
  };
  test("the manifests are valid by the schemas of Kubernetes, with no unknown member", async () => {
    const { folder } = stage();
    await validate("aks/manifests");
    const text = await Deno.readTextFile(`${folder}/aks/manifests/deployment.yaml`);
    for (const [good, bad] of [["replicas: 2", "replicas: two"], ["replicas: 2", "replica: 2"]] as const) {
      await Deno.mkdir(`${folder}/broken`, { recursive: true });
      await Deno.writeTextFile(`${folder}/broken/deployment.yaml`, text.replace(good, bad));
      await assert.rejects(validate("broken"), `${bad} must not pass`);
    }
  });
  test(
    "create.sh trusts the service account of the deployment, and fills in every value",
    async () => {
      const { folder } = stage();
      const bin = `${folder}/bin`;
      await Deno.mkdir(bin);
      for (const [name, text] of Object.entries({ az: AZ, kubectl: KUBECTL })) {
        await Deno.writeTextFile(`${bin}/${name}`, text, { mode: 0o755 });
      }
      const [LOG, MANIFESTS] = [`${folder}/commands`, `${folder}/applied.yaml`];
      const settings = {
        RESOURCE_GROUP: "rg",
        CLUSTER: "c",
        KEY_VAULT: "my-vault",
        STORAGE_ACCOUNT: "myaccount",
        IMAGE: "i/m:1",
      };
      const env = { PATH: `${bin}:${Deno.env.get("PATH")}`, LOG, MANIFESTS, ...settings };
      await assert.rejects(succeed(["aks/create.sh"], { cwd: folder, env: { ...env, IMAGE: "" } }), /IMAGE/);
      await succeed(["aks/create.sh"], { cwd: folder, env });

      const commands = await Deno.readTextFile(LOG);
      const applied = await Deno.readTextFile(MANIFESTS);
      assert.doesNotMatch(applied, /\$\{/);
      const [, namespace, account] = /--subject system:serviceaccount:([\w-]+):([\w-]+) /.exec(commands)!;
      assert.match(
        applied,
        new RegExp(`kind: ServiceAccount\nmetadata:\n  name: ${account}\n  namespace: ${namespace}\n`),
      );
      assert.match(applied, new RegExp(`serviceAccountName: ${account}\n`));
      assert.match(applied, /azure\.workload\.identity\/client-id: 11111111-2222-3333-4444-555555555555\n/);
      assert.match(applied, /azure\.workload\.identity\/use: "true"\n/);
      assert.match(applied, /value: https:\/\/my-vault\.vault\.azure\.net\/\n/);
      assert.match(commands, /--issuer https:\/\/eastus\.oic\.prod-aks\.azure\.com\/tenant\/cluster\/ /);
      assert.match(commands, /--audiences api:\/\/AzureADTokenExchange /);
      assert.match(commands, /role assignment create .+ --role Key Vault Secrets User /);
      assert.match(commands, /role assignment create .+ --role Storage Blob Data Reader /);
      await Deno.mkdir(`${folder}/applied`);
      await Deno.rename(MANIFESTS, `${folder}/applied/all.yaml`);
      await validate("applied");
    },
  );
}
