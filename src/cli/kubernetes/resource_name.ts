import { UsageError } from "../support/shell.ts";

export interface ResourceName {
  readonly namespace: string;
  readonly name: string;
}

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const NAMESPACE = new RegExp(`^${LABEL}$`);
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

/**
 * Parses `NAMESPACE/NAME`. Neither part can be read as an option of `kubectl`, since both start with a letter or digit.
 *
 * @throws {UsageError}
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function parseResourceName(option: string, text: string): ResourceName {
  const [namespace = "", name, ...rest] = text.split("/");
  if (name === undefined || rest.length > 0) {
    throw new UsageError(`${option} must be NAMESPACE/NAME, such as shop/checkout, but is '${text}'`);
  }
  if (!NAMESPACE.test(namespace)) {
    throw new UsageError(`${option}: '${namespace}' is not a namespace: use up to 63 of a-z, 0-9 and "-"`);
  }
  if (!NAME.test(name)) {
    throw new UsageError(
      `${option}: '${name}' is not a name: use a-z, 0-9, "-" and ".", starting with a letter or digit`,
    );
  }
  return { namespace, name };
}
