/** The part of Azure OpenAI that a chat completion needs. */
import type { VerifyBearer } from "./bearer.ts";
import { type Handler, respond } from "./serve.ts";

const AUDIENCE = "https://cognitiveservices.azure.com";

/** Responds to `/openai/deployments/{name}/chat/completions`, with the caller's identity. */
export function createOpenAI(verify: VerifyBearer): Handler {
  return async (request, url, response) => {
    const claims = await verify(request, AUDIENCE);
    if (!claims) {
      return respond(response, 401, { error: { code: "401", message: "Unauthorized" } });
    }
    const deployment = /^\/openai\/deployments\/([^/]+)\/chat\/completions$/
      .exec(url.pathname)?.[1];
    if (
      !deployment || !url.searchParams.has("api-version") ||
      request.headers["api-key"]
    ) {
      return respond(response, 404, { error: { code: "404", message: "Resource not found" } });
    }
    const message = { role: "assistant", content: `Hello, ${claims.appid}.` };
    respond(response, 200, {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: Math.floor(Date.now() / 1000),
      model: deployment,
      choices: [{ index: 0, finish_reason: "stop", message }],
    });
  };
}
