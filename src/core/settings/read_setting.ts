/** Settings from an option or a variable; the option takes precedence. */
import { type ConfigurationCode, CredentialUnavailableError } from "../contract/errors.ts";
import type { Runtime } from "../contract/runtime.ts";
import { checkType, quote } from "./check_option.ts";

/** The names of a setting. */
export interface SettingSource {
  readonly option: string;
  readonly variable: string;
  /** The error's code if the variable is invalid. */
  readonly invalidCode: ConfigurationCode;
}

/** A setting that every credential needs. */
export interface RequiredSetting extends SettingSource {
  readonly what: string;
  readonly missingCode: ConfigurationCode;
}

/** A setting that has been found. */
export interface Setting {
  readonly source: SettingSource;
  readonly value: string;
  readonly fromEnvironment: boolean;
}

/**
 * Returns a setting, trimmed, or undefined if neither option nor variable has a value.
 *
 * @throws {CredentialUnavailableError | TypeError} the value has quotes around it, which some tools keep
 */
export function readSetting(runtime: Runtime, source: SettingSource, given: unknown): Setting | undefined {
  checkType(source.option, given, "string");
  const option = (given as string | undefined)?.trim();
  const value = option || runtime.env(source.variable)?.trim();
  if (!value) return undefined;
  const setting = { source, value, fromEnvironment: !option };
  if (/^(".*"|'.*')$/s.test(value)) throw invalidSetting(setting, "must not be in quotes");
  return setting;
}

/** Creates the error of an invalid setting: a `TypeError` if it is an option. */
export function invalidSetting({ source, value, fromEnvironment }: Setting, problem: string): Error {
  const { option, variable, invalidCode } = source;
  const message = `${fromEnvironment ? variable : option} ${problem}: ${quote(value)}`;
  return fromEnvironment
    ? new CredentialUnavailableError(`${message}.`, invalidCode)
    : new TypeError(message);
}

/** Creates the error that names all missing settings. Its code is that of the first. */
export function missingSettings(missing: readonly RequiredSetting[], runtime: Runtime): Error {
  const variables = missing.map(({ variable }) => variable);
  const empty = variables.filter((name) => runtime.env(name) !== undefined);
  const denied = variables.filter((name) => runtime.isEnvDenied?.(name));
  const sentences = [
    `No ${list(missing.map(({ what }) => what), "or")}: set ${list(missing.map(({ option }) => option))}, ` +
    `or ${list(variables)}.`,
    empty.length > 0 && `Set, but empty: ${list(empty)}.`,
    variables.length === 1 && variables[0] === "AZURE_CLIENT_ID" && runtime.env("AZURE_FEDERATED_TOKEN_FILE")
      ? "On AKS, annotate the pod's service account with azure.workload.identity/client-id, and recreate the pod."
      : 'On AKS, set the label azure.workload.identity/use: "true" on the pod, and recreate the pod.',
    denied.length > 0 && `Deno reads variables only with --allow-env=${denied.join(",")}.`,
  ];
  return new CredentialUnavailableError(
    sentences.filter((sentence) => typeof sentence === "string").join(" "),
    missing[0]!.missingCode,
  );
}

function list(words: readonly string[], last = "and"): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
