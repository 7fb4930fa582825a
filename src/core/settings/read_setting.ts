/** Settings that an option or a variable provides; the option wins. */
import { type ConfigurationCode, CredentialUnavailableError } from "../contract/errors.ts";
import type { Runtime } from "../contract/runtime.ts";
import { checkType, quote } from "./check_option.ts";

/** A setting and where it comes from. */
export interface Setting {
  /** The name of the option or the variable. */
  readonly name: string;
  readonly value: string;
  readonly fromEnvironment: boolean;
}

/** A setting that every credential needs. */
export interface RequiredSetting {
  readonly what: string;
  readonly option: string;
  readonly variable: string;
  readonly missingCode: ConfigurationCode;
}

/** Returns a setting without the spaces around it, or undefined if neither option nor variable has a value. */
export function readSetting(
  runtime: Runtime,
  option: string,
  value: unknown,
  variable: string,
): Setting | undefined {
  checkType(option, value, "string");
  const given = (value as string | undefined)?.trim();
  if (given) return { name: option, value: given, fromEnvironment: false };
  const found = runtime.env(variable)?.trim();
  return found ? { name: variable, value: found, fromEnvironment: true } : undefined;
}

/** @throws {CredentialUnavailableError | TypeError} there are quotes around the value, which some tools keep */
export function rejectQuotes(setting: Setting | undefined, code: ConfigurationCode): void {
  if (!setting || !/^(".*"|'.*')$/s.test(setting.value)) return;
  throw invalidSetting(setting, code, "has quotes around its value: remove them");
}

/** Makes the error for a setting with an invalid value: a `TypeError` if it is an option. */
export function invalidSetting(setting: Setting, code: ConfigurationCode, problem: string): Error {
  const { name, value, fromEnvironment } = setting;
  const message = `${name} ${problem}: ${quote(value)}`;
  return fromEnvironment ? new CredentialUnavailableError(`${message}.`, code) : new TypeError(message);
}

/** Makes the error for settings that are missing, all of which it names. Its code is that of the first. */
export function missingSettings(missing: readonly RequiredSetting[], runtime: Runtime): Error {
  const variables = missing.map(({ variable }) => variable);
  const empty = variables.filter((name) => runtime.env(name) !== undefined);
  const denied = variables.filter((name) => runtime.isEnvDenied?.(name));
  const sentences = [
    `No ${list(missing.map(({ what }) => what))}: set ${
      list(missing.map(({ option }) => `the ${option} option`))
    }, ` +
    `or ${list(variables)}.`,
    empty.length > 0 && `${list(empty)} ${empty.length > 1 ? "are" : "is"} set, but empty.`,
    variables.length === 1 && variables[0] === "AZURE_CLIENT_ID" && runtime.env("AZURE_FEDERATED_TOKEN_FILE")
      ? "On AKS, the webhook takes it from the annotation azure.workload.identity/client-id of the pod's service " +
        "account when the pod is created."
      : 'On AKS, the webhook sets the variables in pods with the label azure.workload.identity/use: "true"; recreate ' +
        "the pod if it was created before the label or the webhook.",
    denied.length > 0 && `Deno reads variables only with --allow-env=${denied.join(",")}.`,
  ];
  return new CredentialUnavailableError(
    sentences.filter((sentence) => typeof sentence === "string").join(" "),
    missing[0]!.missingCode,
  );
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
