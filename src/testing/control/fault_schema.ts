import type { JsonSchema } from "../json_schema.ts";

const OPTIONAL_TEXT: JsonSchema = { type: "string", minLength: 1 };

/** A fault in JSON. It has the members of `PlannedFault`. */
export const FAULT_SCHEMA: JsonSchema = {
  type: "object",
  description: "A fault in a response: what goes wrong, for which token requests, and how often.",
  properties: {
    delayInMs: {
      type: "integer",
      minimum: 0,
      maximum: 2_147_483_647,
      description: "Waits before the response.",
    },
    code: {
      type: "integer",
      minimum: 10_000,
      maximum: 999_999_999,
      description: "Rejects with this AADSTS code.",
    },
    status: { type: "integer", minimum: 200, maximum: 599, description: "Responds with this HTTP status." },
    headers: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Headers to add to the response.",
    },
    body: { description: "Replaces the body: a string as it is, anything else as JSON." },
    redirectTo: { ...OPTIONAL_TEXT, description: "Redirects there with status 307." },
    ending: {
      enum: ["reset", "cut", "endless"],
      description:
        "How the response ends: reset before the first byte, cut in the middle of the body, or never ending.",
    },
    times: {
      anyOf: [{ type: "integer", minimum: 1, maximum: 1_000_000 }, { enum: ["always"] }],
      default: 1,
      description: "How many requests get the fault.",
    },
    match: {
      type: "object",
      description: "Which token requests get the fault (default: all).",
      properties: {
        endpoint: { enum: ["token", "imds", "app-service"], description: "The endpoint of the request." },
        clientId: { ...OPTIONAL_TEXT, description: "The client ID of the request." },
        scope: { ...OPTIONAL_TEXT, description: "The scope of the request, or its resource." },
        subject: { ...OPTIONAL_TEXT, description: "The subject of the client assertion." },
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};
