/** The projected token for other libraries: read at each call, checked, with or without an argument. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";
import { describe, it, type TestContext } from "node:test";
import {
  type AssertionSource,
  file,
  fromCredential,
  githubActions,
  workloadAssertion,
} from "../../src/assertions/mod.ts";
import { callWithoutContext } from "../../src/assertions/source.ts";
import { ManualClock } from "../../src/testing/mod.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";
import { serve } from "../support/http_service.ts";
import { createWorkload } from "./workload.ts";

const VARIABLE = "AZURE_FEDERATED_TOKEN_FILE";
const [FIRST, SECOND] = [
  "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
  "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIyIn0.c2ln",
];

/** The arguments of other libraries, and others that are not a context of this package. */
const ARGUMENTS: Record<string, unknown[]> = {
  "no argument": [],
  "undefined": [undefined],
  "null": [null],
  "a text": ["client"],
  "@azure/msal-node's": [{
    clientId: "client",
    tokenEndpoint: "https://login.example/token",
    fmiPath: "agent",
  }],
  "better-auth's": [{
    clientId: "client",
    tokenEndpoint: "https://login.example/token",
    grantType: "refresh_token",
  }],
  "a part of a context": [{ env: () => assert.fail("it was called"), signal: AbortSignal.abort() }],
};

async function createFile(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(`${tmpdir()}/assertion-`);
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(`${folder}/token`, text);
  return `${folder}/token`;
}

/** Sets variables of this process until the test ends. */
function setVariables(t: TestContext, variables: Record<string, string | undefined>): void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(variables)) set(name, value);
  t.after(() => before.forEach(([name, value]) => set(name, value)));
}

const SOURCES: Record<string, (path: string) => AssertionSource> = {
  "workloadAssertion": (path) => workloadAssertion({ tokenFilePath: path }),
  "file": file,
};

for (const [name, create] of Object.entries(SOURCES)) {
  describe(name, () => {
    for (const [what, args] of Object.entries(ARGUMENTS)) {
      it(`reads the file at each call, called with ${what}`, async (t) => {
        const path = await createFile(t, `${FIRST}\n`);
        const source = create(path) as (...args: unknown[]) => Promise<string>;
        assert.equal(await source(...args), FIRST);
        await writeFile(path, `\uFEFF${SECOND} `);
        assert.equal(await source(...args), SECOND);
      });
    }

    it("reads the file with the functions of a context", async () => {
      const { context } = createWorkload({});
      const readTextFile = (path: string) => Promise.resolve(path === "/a/path" ? FIRST! : "");
      assert.equal(await create("/a/path")({ ...context, readTextFile }), FIRST);
    });

    const INVALID: [string, string, RegExp][] = [
      ["", "token_file_empty", /is empty\. The file must contain one JWT and nothing else\.$/],
      [" \n", "token_file_empty", /is empty\./],
      ["a.b", "token_file_not_a_jwt", /does not contain a JWT in compact serialization\. The file must/],
      [`${FIRST} ${SECOND}`, "token_file_not_a_jwt", /does not contain a JWT/],
      ["a.b.".padEnd(64 * 1024 + 1, "c"), "token_file_too_large", /is larger than 64 KiB\. The file must/],
    ];
    for (const [text, code, message] of INVALID) {
      it(`fails with ${code} for ${JSON.stringify(text.slice(0, 20))} of ${text.length}`, async (t) => {
        const path = await createFile(t, text);
        for (const args of [[], [createWorkload({}).context]]) {
          await assert.rejects(create(path)(...args), (error: Error & { code: string; details: unknown }) => {
            assert.equal(error.name, "CredentialUnavailableError");
            assert.equal(error.code, code);
            assert.ok(error.message.startsWith(`The token file ${path} `), error.message);
            assert.match(error.message, message);
            assert.deepEqual(error.details, { tokenFilePath: path });
            assert.doesNotMatch(`${error.stack}${error.cause}`, /eyJ/);
            return true;
          });
        }
      });
    }

    it("accepts a token of exactly 64 KiB", async (t) => {
      const token = "a.b.".padEnd(64 * 1024, "c");
      assert.equal(await create(await createFile(t, token))(), token);
    });

    it("fails with token_file_unreadable if there is no file, with the cause", async () => {
      await assert.rejects(create("/nonexistent/token")(), (error: Error & { code: string }) => {
        assert.equal(error.code, "token_file_unreadable");
        assert.match(
          error.message,
          /^The token file \/nonexistent\/token cannot be read: .*(ENOENT|No such file).*\. Check the path, and/,
        );
        assert.ok(error.cause instanceof Error);
        return true;
      });
    });

    it("fails with permission_denied if the runtime denies it", async () => {
      const { context } = createWorkload({});
      const denied = Object.assign(new Error("Requires read access"), { name: "NotCapable" });
      await assert.rejects(create("/a/path")({ ...context, readTextFile: () => Promise.reject(denied) }), {
        code: "permission_denied",
        message: /was denied: grant it with --allow-read=\/a\/path\.$/,
      });
    });

    it("rejects with the reason of a context's signal", async () => {
      const { context, controller } = createWorkload({});
      const reason = new RangeError("enough");
      const readTextFile = () => {
        controller.abort(reason);
        return Promise.reject(new Error("aborted"));
      };
      await assert.rejects(create("/a/path")({ ...context, readTextFile }), /aborted/);
    });
  });
}

describe("workloadAssertion without an option", () => {
  it("reads the variable at each call", async (t) => {
    const source = workloadAssertion();
    for (const token of [FIRST, SECOND]) {
      setVariables(t, { [VARIABLE]: ` ${await createFile(t, token!)}\n` });
      assert.equal(await source(), token);
    }
  });

  it("prefers its option, and the variables of a context", async (t) => {
    const [option, variable] = [await createFile(t, FIRST!), await createFile(t, SECOND!)];
    const { context } = createWorkload({ [VARIABLE]: variable });
    setVariables(t, { [VARIABLE]: "/nonexistent" });
    assert.equal(await workloadAssertion()(context), SECOND);
    assert.equal(await workloadAssertion({ tokenFilePath: option })(context), FIRST);
  });

  for (const value of [undefined, "", " "]) {
    it(`fails with token_file_path_missing if the variable is ${JSON.stringify(value)}`, async (t) => {
      setVariables(t, { [VARIABLE]: value });
      const expected = { name: "CredentialUnavailableError", code: "token_file_path_missing" };
      await assert.rejects(workloadAssertion()(), {
        ...expected,
        message: /^No token file: set the tokenFilePath option or AZURE_FEDERATED_TOKEN_FILE\. On AKS /,
      });
      const { context } = createWorkload({});
      for (const runtimeName of ["deno", "node"]) {
        const failed = workloadAssertion()({ ...context, runtimeName });
        await assert.rejects(failed, ({ message }: Error) => {
          assert.equal(message.includes("--allow-env=AZURE_FEDERATED_TOKEN_FILE"), runtimeName === "deno");
          return true;
        });
      }
    });
  }

  it("throws a TypeError for an option that is not a path", () => {
    for (const tokenFilePath of ["", 1, null, {}]) {
      assert.throws(() => workloadAssertion({ tokenFilePath: tokenFilePath as string }), TypeError);
    }
  });
});

describe("a source of a service", () => {
  for (const [what, args] of Object.entries(ARGUMENTS)) {
    it(`uses the detected runtime, called with ${what}`, async (t) => {
      let tokens = 0;
      const service = await serve(t, ({ headers }, response) => {
        assert.equal(headers.authorization, "Bearer secret");
        response.end(JSON.stringify({ value: `a.b.${++tokens}` }));
      });
      setVariables(t, {
        ACTIONS_ID_TOKEN_REQUEST_URL: service.url,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret",
      });
      const source = githubActions() as (...args: unknown[]) => Promise<string>;
      assert.equal(await source(...args), "a.b.1");
      assert.equal(await source(...args), "a.b.2");
    });
  }
});

describe("fromCredential", () => {
  for (const [what, args] of Object.entries(ARGUMENTS)) {
    it(`returns the credential's token, called with ${what}`, async () => {
      const seen: unknown[] = [];
      const source = fromCredential({
        getToken(...call) {
          seen.push(call);
          return Promise.resolve({ token: FIRST, expiresOnTimestamp: Infinity });
        },
      }) as (...args: unknown[]) => Promise<string>;
      assert.equal(await source(...args), FIRST);
      assert.deepEqual(seen, [["api://AzureADTokenExchange/.default", {}]]);
    });
  }
});

describe("a call without a context", () => {
  const hang = () => new Promise<never>(() => {});

  it("fails with timeout after 10 s, and ends what it started", async () => {
    const clock = new ManualClock();
    const signals: AbortSignal[] = [];
    const failed = callWithoutContext(({ signal }) => {
      signals.push(signal);
      return hang();
    }, { ...detectRuntime(), clock }).catch((error) => error);
    await clock.advance(9_999);
    assert.equal(signals[0]!.aborted, false);
    await clock.advance(1);
    const error = await failed;
    assert.equal(error.name, "CredentialUnavailableError");
    assert.equal(error.code, "timeout");
    assert.match(error.message, /^Obtaining the assertion took longer than 10 s\. Check /);
    assert.equal(signals[0]!.aborted, true);
    assert.equal(clock.pendingTimers, 0);
  });

  it("keeps the process alive only while it runs", async () => {
    const holds: string[] = [];
    const clock = Object.assign(new ManualClock(), {
      hold() {
        holds.push("held");
        return () => void holds.push("released");
      },
    });
    const runtime = { ...detectRuntime(), clock };
    assert.equal(await callWithoutContext(() => Promise.resolve("a.b.c"), runtime), "a.b.c");
    await assert.rejects(callWithoutContext(() => Promise.reject(new RangeError("no")), runtime), RangeError);
    assert.deepEqual(holds, ["held", "released", "held", "released"]);
    assert.equal(clock.pendingTimers, 0);
  });

  it("waits between attempts, and passes on the runtime's functions", async () => {
    const clock = new ManualClock();
    const runtime = {
      ...detectRuntime(),
      name: "custom",
      clock,
      env: (name: string) => `env ${name}`,
      readTextFile: (path: string) => Promise.resolve(`file ${path}`),
    };
    const result = callWithoutContext(async ({ sleep, env, readTextFile, runtimeName, wasRejected }) => {
      await sleep(500);
      return [await readTextFile("a"), env("b"), runtimeName, wasRejected].join();
    }, runtime);
    await clock.advance(500);
    assert.equal(await result, "file a,env b,custom,false");
  });
});
