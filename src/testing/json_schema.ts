/** Checks a JSON value against the part of JSON Schema that the emulator's own schemas use. */

/** @see https://json-schema.org/draft/2020-12/json-schema-validation */
export interface JsonSchema {
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
}

/** Returns the problems of a value, each with the path of the member; empty for a valid value. */
export function findProblems(value: unknown, schema: JsonSchema, path = ""): string[] {
  const { anyOf } = schema;
  if (anyOf) {
    if (anyOf.some((branch) => findProblems(value, branch).length === 0)) return [];
    return [problem(path, `must be ${anyOf.map(describe).join(" or ")}`)];
  }
  if (schema.enum && !schema.enum.includes(value)) return [problem(path, `must be ${describe(schema)}`)];
  if (schema.type && !hasType(value, schema.type)) return [problem(path, `must be ${describe(schema)}`)];
  if (typeof value === "string") return checkString(value, schema, path);
  if (typeof value === "number") return checkNumber(value, schema, path);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => findProblems(item, schema.items ?? {}, `${path}[${index}]`));
  }
  if (typeof value === "object" && value !== null) return checkObject(value, schema, path);
  return [];
}

function checkObject(value: object, schema: JsonSchema, path: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const member = (name: string) => path === "" ? name : `${path}.${name}`;
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => problem(member(name), "is missing")),
    ...Object.entries(value).flatMap(([name, item]) => {
      const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      if (known !== false) return findProblems(item, known ?? {}, member(name));
      return [problem(member(name), `is unknown; known are ${Object.keys(properties).join(", ")}`)];
    }),
  ];
}

function checkString(value: string, { minLength = 0, pattern }: JsonSchema, path: string): string[] {
  if (value.length < minLength) return [problem(path, "must not be empty")];
  if (pattern === undefined || new RegExp(pattern, "u").test(value)) return [];
  return [problem(path, `must match ${pattern}`)];
}

function checkNumber(value: number, schema: JsonSchema, path: string): string[] {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (value < minimum) return [problem(path, `must be at least ${minimum}`)];
  return value > maximum ? [problem(path, `must be at most ${maximum}`)] : [];
}

function hasType(value: unknown, type: NonNullable<JsonSchema["type"]>): boolean {
  switch (type) {
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean";
  }
}

function describe(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  return `${/^[aio]/.test(schema.type ?? "") ? "an" : "a"} ${schema.type}`;
}

function problem(path: string, text: string): string {
  return `${path || "the document"} ${text}`;
}
