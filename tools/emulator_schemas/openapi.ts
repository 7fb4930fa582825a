/** The OpenAPI description of the control API. */
import { CLOCK_SCHEMA, FAULTS_SCHEMA, ROTATE_SCHEMA } from "../../src/testing/control/operations.ts";

const TEXT = { type: "string" };
const TIME = { type: "string", format: "date-time" };
const NAMES = { type: "object", additionalProperties: TEXT };

const REQUEST = {
  type: "object",
  description: "A request that the emulator received, without assertions, secrets and credentials.",
  properties: {
    at: { ...TIME, description: "When it arrived, by Entra's clock." },
    method: TEXT,
    url: TEXT,
    headers: { ...NAMES, description: "By lower-case name." },
    endpoint: {
      enum: ["token", "imds", "app-service", "keys", "metadata", "resource-manager", "other"],
      description: "What it is for.",
    },
    form: { ...NAMES, description: "The form, or the query of a GET." },
    claims: { type: "object", description: "The claims of the client assertion, if it is a JWT." },
    status: { type: "integer", description: "The status of the response." },
    errorCode: { type: "integer", description: "The AADSTS code of an error response." },
  },
  required: ["at", "method", "url", "headers", "endpoint", "form"],
  additionalProperties: false,
};
const REQUESTS = list("requests", REQUEST);
const PROBLEM = {
  type: "object",
  properties: { error: { type: "string", description: "What is wrong." } },
  required: ["error"],
  additionalProperties: false,
};

const PROBLEMS = {
  400: response("The query or the body is invalid.", PROBLEM),
  403: response("The host is not allowed, or a web page sent the request.", PROBLEM),
  404: response("The token is missing or wrong, or the server is not on loopback and has none.", PROBLEM),
  413: response("The body is larger than 64 KiB.", PROBLEM),
  415: response("The content type is not application/json.", PROBLEM),
};

export const CONTROL_OPENAPI: object = {
  openapi: "3.1.0",
  info: {
    title: "Control API of the Entra emulator",
    version: "1",
    description:
      "Reads and changes a running emulator. Requests with an Origin header are rejected; writes need a JSON body.",
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "http://127.0.0.1:8400/_emulator" }],
  security: [{}, { controlToken: [] }],
  paths: {
    "/healthz": {
      get: {
        operationId: "getHealth",
        summary: "Whether the emulator responds. Needs no token.",
        security: [],
        responses: {
          200: response("It responds.", {
            type: "object",
            properties: { status: { enum: ["ok"] } },
            required: ["status"],
            additionalProperties: false,
          }),
          403: PROBLEMS[403],
        },
      },
    },
    "/requests": {
      get: {
        operationId: "listRequests",
        summary: "The requests that the emulator received, newest first.",
        parameters: [
          filter("endpoint", REQUEST.properties.endpoint),
          filter("clientId", TEXT),
          filter("subject", TEXT),
          filter("scope", TEXT),
          filter("status", { type: "integer" }),
          filter("errorCode", { type: "integer" }),
          filter("limit", { type: "integer", minimum: 0, maximum: 1000, default: 100 }),
        ],
        responses: { 200: response("The requests.", REQUESTS), ...pick(400, 403, 404) },
      },
      delete: {
        operationId: "clearRequests",
        summary: "Forgets the requests. Needs the content type application/json, and no body.",
        responses: { 200: response("No requests are left.", REQUESTS), ...pick(403, 404, 413, 415) },
      },
    },
    "/faults": {
      post: operation(
        "setFaults",
        "Replaces the planned faults. An empty list removes them.",
        FAULTS_SCHEMA,
        {
          description: "The planned faults.",
          schema: FAULTS_SCHEMA,
        },
      ),
    },
    "/rotate": {
      post: operation(
        "rotate",
        "Replaces the projected token, or the keys of an issuer. Tokens keep their keys' signatures.",
        ROTATE_SCHEMA,
        {
          description: "It is replaced.",
          schema: {
            type: "object",
            properties: { rotated: ROTATE_SCHEMA.properties!.what },
            required: ["rotated"],
            additionalProperties: false,
          },
        },
      ),
    },
    "/clock": {
      post: operation("setClock", "Moves Entra's clock.", CLOCK_SCHEMA, {
        description: "The clock.",
        schema: {
          type: "object",
          properties: { ...CLOCK_SCHEMA.properties, now: TIME },
          required: ["offsetInMs", "now"],
          additionalProperties: false,
        },
      }),
    },
  },
  components: {
    securitySchemes: {
      controlToken: {
        type: "http",
        scheme: "bearer",
        description: "The content of --control-token-file, if it is given.",
      },
    },
  },
};

function list(name: string, items: unknown): object {
  return {
    type: "object",
    properties: { [name]: { type: "array", items } },
    required: [name],
    additionalProperties: false,
  };
}

function response(description: string, schema: object): object {
  return { description, content: { "application/json": { schema } } };
}

function pick(...statuses: (keyof typeof PROBLEMS)[]): object {
  return Object.fromEntries(statuses.map((status) => [status, PROBLEMS[status]]));
}

function filter(name: string, schema: object): object {
  return { name, in: "query", schema };
}

function operation(
  operationId: string,
  summary: string,
  body: object,
  result: { description: string; schema: object },
): object {
  return {
    operationId,
    summary,
    requestBody: { required: true, content: { "application/json": { schema: body } } },
    responses: {
      200: response(result.description, result.schema),
      ...pick(400, 403, 404, 413, 415),
    },
  };
}
