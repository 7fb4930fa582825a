/** Telemetry that fails changes no call, and no other signal. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, describe, it } from "node:test";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { withTelemetry } from "../../src/opentelemetry/mod.ts";
import { entraError, Harness, rejection, SCOPE } from "../support/harness.ts";
import { type Method, Recorder } from "./recorder.ts";

const METHODS: Method[] = [
  "startSpan",
  "setAttributes",
  "setStatus",
  "addEvent",
  "addLink",
  "end",
  "add",
  "record",
];
const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => void unhandled.push(reason));
after(async () => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(unhandled, []);
});

/** A cold call, one that joins it, a hit, and a call that is retried and fails; returns what callers see. */
async function runCalls(recorder: Recorder): Promise<unknown[]> {
  const harness = new Harness();
  const credential = withTelemetry(
    harness.credential({ retryOptions: { maxRetries: 1, retryDelayInMs: 2000 } }),
    { ...recorder, clock: harness.clock },
  );
  const tracingOptions = { tracingContext: ROOT_CONTEXT };
  const tokens = await Promise.all([
    credential.getToken(SCOPE),
    credential.getToken(SCOPE, { tracingOptions }),
  ]);
  tokens.push(await credential.getToken(SCOPE));
  harness.respond = (_, index) => index === 1 ? entraError(90033, { status: 503 }) : entraError(7000215);
  const failed = rejection(credential.getToken("https://storage.azure.com/.default"));
  await harness.clock.advance(2000);
  const { name, code } = await failed;
  return [tokens.map((token) => token === tokens[0]), name, code];
}

describe("telemetry whose provider", () => {
  const failures: Record<string, () => unknown> = {
    throws: () => {
      throw new Error("exporter");
    },
    rejects: () => Promise.reject(new Error("exporter")),
  };
  for (const [how, fail] of Object.entries(failures)) {
    for (const method of METHODS) {
      // A tracer that returns a promise instead of a span is not a tracer.
      if (how === "rejects" && method === "startSpan") continue;
      it(`${how} in ${method} changes neither a call nor another signal`, async () => {
        const sound = new Recorder();
        const broken = new Recorder((called) => called === method ? fail() : undefined);
        assert.deepEqual(await runCalls(broken), await runCalls(sound));
        assert.deepEqual(broken.measurements, sound.measurements);
        if (method !== "startSpan") {
          const comparable = ({ spans }: Recorder) =>
            spans.map(({ attributes: { "workload_id.correlation_id": _, ...attributes }, ...span }) => ({
              ...span,
              attributes,
            }));
          assert.deepEqual(comparable(broken), comparable(sound));
        }
      });
    }
  }

  it("has a clock that throws changes no call", async () => {
    const clock = {
      now: () => {
        throw new Error("clock");
      },
    };
    const harness = new Harness();
    const credential = withTelemetry(harness.credential(), { ...new Recorder(), clock });
    assert.equal((await credential.getToken(SCOPE)).tokenType, "Bearer");
  });

  it("gets a hostile error or hostile scopes changes no call", async () => {
    const hostile = Object.defineProperty(new Error(), "name", {
      get() {
        throw new Error("name");
      },
    });
    const recorder = new Recorder();
    const credential = withTelemetry(
      { getToken: () => Promise.reject(hostile), subscribe: () => () => {} },
      recorder,
    );
    for (const scopes of [SCOPE, [Symbol("scope")] as unknown as string[]]) {
      await assert.rejects(credential.getToken(scopes), (error) => error === hostile);
    }
  });

  it("has a tracing context that throws changes no call, and counts no hit", async () => {
    const fail = () => {
      throw new Error("context");
    };
    const tracingContext = { getValue: fail, setValue: fail, deleteValue: fail };
    const harness = new Harness();
    const recorder = new Recorder();
    const credential = withTelemetry(harness.credential(), { ...recorder, clock: harness.clock });
    for (let call = 0; call < 2; call++) {
      assert.equal(
        (await credential.getToken(SCOPE, { tracingOptions: { tracingContext } })).tokenType,
        "Bearer",
      );
    }
    assert.equal(recorder.measured("workload_id.calls").length, 2);
    assert.equal(recorder.measured("workload_id.cache.hits").length, 0);
  });
});
