/** A chat completion of Azure OpenAI, by the `openai` package. */
import { getBearerTokenProvider, WorkloadIdentityCredential } from "@workload-id/entra";
import assert from "node:assert/strict";
import { AzureOpenAI } from "openai";
import { variable } from "./environment.ts";

const credential = new WorkloadIdentityCredential();
const client = new AzureOpenAI({
  endpoint: variable("OPENAI_ENDPOINT"),
  apiVersion: "2024-10-21",
  deployment: "gpt-4o",
  azureADTokenProvider: getBearerTokenProvider(credential, "https://cognitiveservices.azure.com/.default"),
  maxRetries: 0,
});
for (let call = 0; call < 3; call++) {
  const { choices } = await client.chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: "Who am I?" }],
  });
  assert.equal(choices[0]?.message.content, `Hello, ${variable("AZURE_CLIENT_ID")}.`);
}
