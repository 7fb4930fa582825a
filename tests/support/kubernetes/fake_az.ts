/** An Azure CLI that handles the calls of the command, and rejects every other argument. */
import type { FederatedCredential } from "../../../src/cli/doctor/cluster/azure_cli.ts";
import type { CapturedOutput } from "../../../src/cli/support/programs.ts";

export interface FakeAzureCli {
  readonly isSignedIn?: boolean;
  readonly clientId: string;
  /** The client is a managed identity unless this is true. */
  readonly isApplication?: boolean;
  readonly credentials: readonly FederatedCredential[];
}

/** Handles one call. */
export function handleAz(cli: FakeAzureCli, args: readonly string[]): CapturedOutput {
  if (cli.isSignedIn === false) {
    return { code: 1, stdout: "", stderr: "ERROR: Please run 'az login' to setup account.\n" };
  }
  const line = args.join(" ");
  const of = `--identity-name checkout --resource-group shop-rg`;
  switch (line) {
    case `identity list --query [?clientId=='${cli.clientId}'].[name,resourceGroup] -o json`:
      return print(cli.isApplication ? [] : [["checkout", "shop-rg"]]);
    case `identity federated-credential list ${of} -o json`:
    case `ad app federated-credential list --id ${cli.clientId} -o json`:
      return print(cli.credentials);
    default:
      return { code: 64, stdout: "", stderr: `fake az: unexpected arguments: ${line}\n` };
  }
}

function print(value: unknown): CapturedOutput {
  return { code: 0, stdout: JSON.stringify(value), stderr: "" };
}
