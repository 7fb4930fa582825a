/** Which rule or row explains a failure: every row of the tables, and every boundary. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AssertionClaims, ErrorCode } from "../../src/core/mod.ts";
import { AADSTS_CODES } from "../../src/core/diagnosis/aadsts_codes.ts";
import { describeAssertion, type DiagnosisContext } from "../../src/core/diagnosis/context.ts";
import { ERROR_TEMPLATES } from "../../src/core/diagnosis/error_codes.ts";
import { diagnose, diagnoseAssertion, fixByReason } from "../../src/core/diagnosis/mod.ts";

const NOW = 1_900_000_000;
const HOUR = 3600;
const NO_MATCH = [70021, 700211, 700212, 700213];
const CLAIMS = {
  iss: "https://oidc.example/",
  sub: "system:serviceaccount:shop:checkout",
  aud: ["api://AzureADTokenExchange"],
  iat: NOW - 60,
  exp: NOW + HOUR,
  alg: "RS256",
};

interface Facts extends Partial<Omit<DiagnosisContext, "assertion">> {
  /** Changes of the claims; null if no assertion was read. */
  readonly claims?: { [Claim in keyof AssertionClaims]?: AssertionClaims[Claim] | undefined } | null;
}

function contextOf({ claims, ...facts }: Facts): DiagnosisContext {
  return {
    authority: "https://login.microsoftonline.com",
    tenantId: "t",
    clientId: "c",
    scopes: ["https://vault.azure.net/.default"],
    tokenFilePath: "/token",
    usesIdentityBinding: false,
    assertion: claims === null ? undefined : { ...CLAIMS, ...claims } as AssertionClaims,
    now: NOW * 1000,
    clockSkewInMs: undefined,
    env: () => undefined,
    ...facts,
  };
}

const explain = (code: number, facts: Facts = {}) => diagnose("entra_rejected", code, contextOf(facts));

/** Rule, AADSTS codes that it explains, facts with which it applies, and facts with which it does not. */
const RULES: [name: string, codes: number[], isCertain: boolean, applies: Facts[], applyNot: Facts[]][] = [
  ["identity_binding_off", NO_MATCH, true, [
    { claims: { aud: "api://AKSIdentityBinding" } },
    { claims: { aud: ["api://other", "api://AKSIdentityBinding"] } },
  ], [{ claims: { aud: undefined } }, { claims: { aud: [] } }]],
  ["identity_binding_audience", NO_MATCH, false, [
    { usesIdentityBinding: true },
    { usesIdentityBinding: true, claims: { aud: undefined } },
  ], [
    { usesIdentityBinding: true, claims: { aud: ["api://AKSIdentityBinding"] } },
    { usesIdentityBinding: true, claims: null },
  ]],
  ["default_token", [...NO_MATCH, 70023, 70025, 50027, 90061], true, [
    { tokenFilePath: "/var/run/secrets/kubernetes.io/serviceaccount/token" },
    { claims: { iss: "kubernetes/serviceaccount" } },
    { claims: { aud: "https://kubernetes" } },
    { claims: { aud: ["api://a", "https://kubernetes.default.svc"] } },
    { claims: { aud: "https://a-1.hcp.westeurope.azmk8s.io" } },
    { claims: { aud: "https://a.azmk8s.io:443" } },
  ], [
    { claims: null, tokenFilePath: "/var/run/secrets/kubernetes.io/serviceaccount/token" },
    { claims: { aud: "https://kubernetes2.example" } },
    { claims: { aud: "https://.azmk8s.io" } },
    { claims: { aud: "https://a.azmk8s.iot" } },
    { claims: { aud: "x https://kubernetes" } },
  ]],
  ["clock_skew", [700024], true, [
    { clockSkewInMs: 2 * HOUR * 1000, claims: { iat: NOW - 60 } },
    { clockSkewInMs: -2 * HOUR * 1000, claims: { exp: NOW + 1 } },
    { clockSkewInMs: 60_001, claims: { iat: NOW - 60 } },
    { clockSkewInMs: 2 * HOUR * 1000, claims: { nbf: NOW } },
  ], [
    { clockSkewInMs: 60_000, claims: { iat: NOW - 59 } },
    { clockSkewInMs: 61_000, claims: { iat: NOW - 61 } },
    { clockSkewInMs: -2 * HOUR * 1000, claims: { exp: NOW } },
    { clockSkewInMs: -2 * HOUR * 1000, claims: { exp: undefined } },
    { clockSkewInMs: 2 * HOUR * 1000, claims: { nbf: NOW + 1 } },
    { clockSkewInMs: 2 * HOUR * 1000, claims: { iat: undefined } },
  ]],
  ["assertion_expired", [700024], true, [
    { claims: { exp: NOW } },
    { claims: { exp: NOW + HOUR }, clockSkewInMs: -HOUR * 1000 - 1, now: NOW * 1000 + HOUR * 1000 },
  ], [
    { claims: { exp: NOW + 1 } },
    { claims: { exp: undefined } },
    { claims: null },
    { claims: { exp: NOW }, tokenFilePath: "" },
  ]],
  ["assertion_not_yet_valid", [700024], true, [
    { claims: { nbf: NOW + 1 } },
    { claims: { iat: NOW + 1 } },
    { claims: { nbf: NOW - 1 }, clockSkewInMs: 2000 },
  ], [{ claims: { iat: NOW } }, { claims: { nbf: NOW, iat: NOW + 1 } }, { claims: null }]],
  ["AADSTS5002730", [5002730, 700027], true, [{ claims: { alg: "ES256" } }], []],
  ["AADSTS70023", [70023], true, [
    { claims: { exp: CLAIMS.iat + 25 * HOUR + 1 } },
    { claims: { exp: undefined } },
    { claims: { iat: undefined } },
  ], []],
  ["agent_mismatch", [700016, 700211, 700213, 7002137, 7002138], false, [
    { claims: { sub: "/eid1/c/pub/t/MyIRAFVEd2aImaq7zN3u_w/a/eFY0Erya8N4SNFZ4mrze8A/c" }, tokenFilePath: "" },
  ], [{ claims: { sub: "eid1/" } }, { claims: { sub: undefined } }, { claims: null }]],
  ["github_subject", [700213, 7002131], false, [{ claims: { sub: "repo:a/b:ref:refs/heads/main" } }], [
    { claims: { sub: "a:repo:a/b" } },
    { claims: { sub: undefined } },
    { claims: null },
  ]],
  [
    "wrong_cloud",
    [
      ...[70021, 700212, 50001, 500011, 70011, 700016, 90002, 90038, 900382, 900432, 900439, 50049],
    ],
    false,
    [
      { claims: { aud: "api://AzureADTokenExchangeUSGov" } },
      { claims: { aud: "api://AzureADTokenExchangeChina" } },
      { scopes: ["https://vault.azure.net/.default", "https://vault.azure.cn/.default"] },
      { claims: null, scopes: ["https://graph.microsoft.us/.default"] },
      { authority: "https://login.chinacloudapi.cn" },
    ],
    [
      { scopes: ["api://mine/.default", "https://mine.example/.default", "no URL"] },
      { authority: "https://login.example", claims: { aud: "api://AzureADTokenExchangeUSGov" } },
      { authority: "https://login.microsoftonline.us", scopes: [] },
      {
        authority: "https://login.microsoftonline.us",
        claims: { aud: "api://AzureADTokenExchangeUSGov" },
        scopes: ["https://a.usgovcloudapi.net/.default"],
      },
    ],
  ],
];
for (const [name, codes, isCertain, applies, applyNot] of RULES) {
  describe(name, () => {
    test("explains its codes", () => {
      for (const facts of applies) {
        for (const code of codes) assert.equal(explain(code, facts).name, name, JSON.stringify(facts));
      }
    });
    test("explains nothing else", () => {
      for (const facts of applyNot) {
        for (const code of codes) assert.notEqual(explain(code, facts).name, name, JSON.stringify(facts));
      }
      for (const code of [70025, 999999]) {
        if (!codes.includes(code)) assert.equal(explain(code, applies[0]).name, `AADSTS${code}`);
      }
    });
    test(`is ${isCertain ? "" : "not "}found before a request is sent`, () => {
      for (const facts of applies) {
        assert.equal(diagnoseAssertion(contextOf(facts))?.name === name, isCertain, JSON.stringify(facts));
      }
    });
  });
}

test("a good assertion has no certain mistake", () => {
  for (const claims of [{}, { exp: CLAIMS.iat + 25 * HOUR }, { alg: undefined }]) {
    assert.equal(diagnoseAssertion(contextOf({ claims })), undefined);
  }
});

test("Entra's code explains a rejection, the error code everything else", () => {
  const CASES: [ErrorCode, number | undefined, name: string][] = [
    ["entra_rejected", 700016, "AADSTS700016"],
    ["entra_rejected", 999999, "AADSTS999999"],
    ["entra_throttled", 90055, "AADSTS90055"],
    ["entra_throttled", 999999, "entra_throttled"],
    ["network_failed", undefined, "network_failed"],
  ];
  for (const [code, aadstsCode, name] of CASES) {
    assert.equal(diagnose(code, aadstsCode, contextOf({})).name, name);
  }
});

test("every code has a cause, a fix and a page", () => {
  const codes = Object.keys(ERROR_TEMPLATES) as ErrorCode[];
  const diagnoses = [
    ...codes.map((code) => diagnose(code, undefined, contextOf({}))),
    ...AADSTS_CODES.map((code) => explain(code)),
  ];
  for (const { name, cause, fix, source } of diagnoses) {
    for (const text of [cause, fix]) assert.match(text, /^\S.+\.$/, name);
    assert.match(source, /^https:\/\//, name);
  }
});

test("a fix of the case replaces the general one of the error code", () => {
  const { fix, ...rest } = diagnose("network_failed", undefined, contextOf({}));
  assert.notEqual(fix, "Do this.");
  assert.deepEqual(diagnose("network_failed", undefined, contextOf({}), "Do this."), {
    ...rest,
    fix: "Do this.",
  });
});

test("the fix by a reason is the flag that it contains, or the rest of a directory's path", () => {
  for (
    const [reason, fix] of [
      [
        "Network access to h was denied: grant it with --allow-net=h:443",
        "Start Deno with --allow-net=h:443.",
      ],
      ["Read access was denied: grant it with --allow-read=/a b", "Start Deno with --allow-read=/a b."],
      ["Requires env access, run again with the --allow-env flag", "Start Deno with --allow-env."],
      ["access was denied", undefined],
      [
        "The token file path /t is a directory, not a file",
        "Add the file's name to the path: the webhook sets one that ends in /azure-identity-token.",
      ],
    ] as const
  ) {
    assert.equal(fixByReason(reason), fix);
  }
});

test("durations have their two largest units", () => {
  for (
    const [seconds, text] of [
      [0, "less than 1 s"],
      [1, "1 s"],
      [59, "59 s"],
      [60, "1 min"],
      [61, "1 min 1 s"],
      [HOUR, "1 h"],
      [2 * HOUR - 1, "1 h 59 min"],
      [24 * HOUR, "1 d"],
      [26 * HOUR + 59 * 60, "1 d 2 h"],
      [48 * HOUR + 59, "2 d"],
    ] as const
  ) {
    const { cause } = explain(700024, { claims: { exp: NOW - seconds } });
    assert.ok(cause.includes(` expired ${text} ago`), cause);
  }
  const { cause } = explain(700024, { claims: { nbf: NOW + 90 } });
  assert.ok(cause.includes(" in 1 min 30 s"), cause);
});

test("a clock that is wrong in addition is noted, with its direction", () => {
  for (
    const [clockSkewInMs, note] of [
      [60_001, "This machine's clock is 1 min ahead of Entra's."],
      [-60_001, "This machine's clock is 1 min behind Entra's."],
      [60_000, undefined],
      [undefined, undefined],
    ] as const
  ) {
    assert.deepEqual(explain(700016, { clockSkewInMs }).notes, note ? [note] : []);
  }
  const skewed: Facts = { clockSkewInMs: 2 * HOUR * 1000 };
  const { name, cause, notes } = explain(700024, skewed);
  assert.equal(name, "clock_skew");
  assert.match(cause, /clock is 2 h ahead of Entra's/);
  assert.deepEqual(notes, []);
});

test("each secret that other SDKs prefer is noted", () => {
  for (const secret of ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_PASSWORD"]) {
    const { notes } = explain(700016, { env: (name) => name === secret ? "x" : undefined });
    assert.match(notes.join("\n"), new RegExp(`^${secret} is set\\. [^\n]+$`));
  }
});

test("an authority that differs from a known one by one character is noted", () => {
  for (
    const [host, meant] of [
      ["login.microsoftonlin.com", "login.microsoftonline.com"],
      ["login.microsoftonlinee.com", "login.microsoftonline.com"],
      ["login.microsoftonlina.com", "login.microsoftonline.com"],
      ["login.microsoftonlien.com", "login.microsoftonline.com"],
      ["ogin.microsoftonline.com", "login.microsoftonline.com"],
      ["login.microsoftonline.co", "login.microsoftonline.com"],
      ["login.sovcloud-identity.fx", "login.sovcloud-identity.fr"],
      ["login.microsoftonline.com", undefined],
      ["login.microsoftonli.com", undefined],
      ["olgin.microsoftonlien.com", undefined],
      ["lgoin.microsoftonline.de", undefined],
      ["login.microsoftonlinexy.com", undefined],
    ] as const
  ) {
    const { notes } = explain(700016, { authority: `https://${host}` });
    assert.equal(notes.join().includes("differs by one character"), meant !== undefined, host);
    if (meant) assert.match(notes.join(), new RegExp(`host ${host} differs by one character from ${meant}:`));
  }
});

test("the cloud of an audience or a scope is named with its authority", () => {
  for (
    const [facts, text, authority] of [
      [
        { claims: { aud: "api://AzureADTokenExchangeUSGov" } },
        "to the public cloud, but the assertion (api://AzureADTokenExchangeUSGov) belongs to Azure Government.",
        "https://login.microsoftonline.us/",
      ],
      [
        { scopes: ["https://vault.azure.cn/.default"] },
        "to the public cloud, but the scope https://vault.azure.cn/.default belongs to Azure in China.",
        "https://login.partner.microsoftonline.cn/",
      ],
      [
        { authority: "https://login.chinacloudapi.cn", claims: null },
        "to Azure in China, but the scope https://vault.azure.net/.default belongs to the public cloud.",
        "https://login.microsoftonline.com/",
      ],
    ] as const
  ) {
    const { cause, fix } = explain(700016, facts);
    assert.ok(cause.endsWith(text), cause);
    assert.ok(fix.includes(authority), fix);
  }
});

test("a GitHub subject is shown in its other form", () => {
  for (
    const [subject, other] of [
      ["repo:octo@123/app@456:ref:x", "repo:octo/app:ref:x"],
      ["repo:octo/app:ref:x", "repo:octo@OWNER_ID/app@REPO_ID:ref:x"],
      ["repo:o@x/app@1:ref:x", "repo:o@x@OWNER_ID/app@1@REPO_ID:ref:x"],
      ["repo:o@1/app@x:ref:x", "repo:o@1@OWNER_ID/app@x@REPO_ID:ref:x"],
      ["repo:octo:ref:x", "repo:octo:ref:x"],
    ] as const
  ) {
    const { fix } = explain(700213, { claims: { sub: subject } });
    assert.ok(fix.includes(`subject ${subject}; one with ${other} does not`), fix);
  }
});

/** The command that creates a federated credential for a subject and an audience. */
function createCommand(sub: string, aud: string | string[] = "api://a"): string {
  const { commands } = explain(700213, { claims: { sub, aud } });
  return commands.find((command) => command.includes(" create "))!;
}

test("the name of a federated credential is made of namespace and service account", () => {
  for (
    const [sub, name] of [
      ["system:serviceaccount:shop:checkout", "shop-checkout"],
      ["system:serviceaccount:shop.blue:check_out.1", "shop-blue-check_out-1"],
      [`system:serviceaccount:${"n".repeat(63)}:${"s".repeat(100)}`, `${"n".repeat(63)}-${"s".repeat(56)}`],
      ["system:serviceaccount:shop", "CREDENTIAL_NAME"],
      ["system:serviceaccount:shop:check out", "CREDENTIAL_NAME"],
      ["x:system:serviceaccount:shop:checkout", "CREDENTIAL_NAME"],
      ["spiffe://shop/checkout", "CREDENTIAL_NAME"],
    ] as const
  ) {
    assert.ok(createCommand(sub).includes(` --name ${name} `), createCommand(sub));
  }
});

test("the federated credential of an Entra token has the audience by name, not the application ID in the token", () => {
  const claims = { aud: "fb60f99c-7a34-4190-8149-302f77469936" };
  const { commands } = explain(700213, { claims });
  assert.match(commands[1]!, / --audiences api:\/\/AzureADTokenExchange$/);
  const government = explain(700213, { claims, authority: "https://login.microsoftonline.us" });
  assert.match(government.commands[1]!, / --audiences api:\/\/AzureADTokenExchangeUSGov$/);
});

test("a value with a character that a shell interprets is quoted; an unknown one is named in capitals", () => {
  for (
    const [sub, quoted] of [
      ["a_b@c%d+e:f,g.h/i-j", "a_b@c%d+e:f,g.h/i-j"],
      ["a b", "'a b'"],
      ["a;", "'a;'"],
      ["$a", "'$a'"],
      ["it's", `'it'\\''s'`],
      ["", "SUBJECT"],
    ] as const
  ) {
    assert.ok(createCommand(sub).includes(` --subject ${quoted} --audiences api://a`), createCommand(sub));
  }
  assert.match(createCommand("s", ["api://first", "api://second"]), /--audiences api:\/\/first$/);
  assert.match(createCommand("s", []), /--audiences AUDIENCE$/);
});

test("inside quotes of a command, only a plain value is filled in", () => {
  for (const [clientId, shown] of [["a-1_b", "a-1_b"], ["a'b", "CLIENT_ID"], ["'", "CLIENT_ID"]] as const) {
    const [command] = explain(70025, { clientId }).commands;
    assert.ok(command!.includes(`clientId=='${shown}'`), command);
  }
});

test("an assertion is described by what it contains", () => {
  const times = { iat: NOW, exp: NOW + HOUR };
  for (
    const [claims, text] of [
      [
        { iss: "i", sub: "s", aud: ["a", "b"], ...times },
        "issuer i, subject s, audience a and b, valid for 1 h until 2030-03-17 18:46:40Z",
      ],
      [
        { exp: NOW + HOUR },
        "issuer none, subject none, audience none, valid until 2030-03-17 18:46:40Z",
      ],
      [{ aud: "a", iat: NOW }, "issuer none, subject none, audience a, without an expiry time"],
    ] as const
  ) {
    assert.equal(describeAssertion(claims), text);
  }
});

test("unknown facts of a text are named in capitals, and long scopes are cut", () => {
  assert.match(explain(700211, { claims: null }).cause, /ISSUER/);
  assert.match(explain(700212, { claims: null }).cause, /audience AUDIENCE/);
  assert.match(explain(700212, { claims: null }).fix, /api:\/\/AzureADTokenExchange\b/);
  const unknown = explain(700212, { claims: { aud: "api://wrong" }, authority: "https://login.example" });
  assert.match(unknown.commands.join(), /--audiences api:\/\/AzureADTokenExchange$/);
  const authority = "https://login.chinacloudapi.cn";
  assert.match(
    explain(700212, { claims: null, scopes: [], authority }).fix,
    /api:\/\/AzureADTokenExchangeChina/,
  );
  const scopes = ["x".repeat(200), "y".repeat(200)];
  assert.match(explain(70011, { scopes }).cause, /x{200} y{99}(?!y)/);
});
