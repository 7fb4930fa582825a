import assert from "node:assert/strict";
import { test } from "node:test";
import { AzureAuthorityHosts } from "../../mod.ts";
import { type Cloud, cloudOfAuthority, cloudOfResource, CLOUDS } from "../../src/core/settings/clouds.ts";

const ROWS: [cloud: Omit<Cloud, "resources">, resources: string[]][] = [
  [{
    name: "the public cloud",
    authority: "https://login.microsoftonline.com",
    scope: "https://management.azure.com/.default",
    hosts: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    audience: "api://AzureADTokenExchange",
  }, ["azure.net", "azure.com", "windows.net", "graph.microsoft.com"]],
  [{
    name: "Azure Government",
    authority: "https://login.microsoftonline.us",
    scope: "https://management.usgovcloudapi.net/.default",
    hosts: ["login.microsoftonline.us", "login-us.microsoftonline.com", "login.usgovcloudapi.net"],
    audience: "api://AzureADTokenExchangeUSGov",
  }, ["usgovcloudapi.net", "azure.us", "graph.microsoft.us"]],
  [{
    name: "Azure in China",
    authority: "https://login.partner.microsoftonline.cn",
    scope: "https://management.chinacloudapi.cn/.default",
    hosts: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    audience: "api://AzureADTokenExchangeChina",
  }, ["chinacloudapi.cn", "azure.cn"]],
  [{
    name: "the sovereign cloud of France",
    authority: "https://login.sovcloud-identity.fr",
    hosts: ["login.sovcloud-identity.fr"],
    audience: "api://AzureADTokenExchangeFrance",
  }, []],
  [{
    name: "the sovereign cloud of Germany",
    authority: "https://login.sovcloud-identity.de",
    hosts: ["login.sovcloud-identity.de"],
    audience: "api://AzureADTokenExchangeGermany",
  }, []],
];

test("the table of clouds has every row", () => {
  assert.deepEqual(CLOUDS.map(({ resources: _, ...cloud }) => cloud), ROWS.map(([cloud]) => cloud));
  assert.deepEqual(Object.values(AzureAuthorityHosts), [
    ...ROWS.map(([{ authority }]) => authority),
    "https://login.sovcloud-identity.sg",
  ]);
});

for (const [{ name, hosts }, resources] of ROWS) {
  test(`${name} is found by the hosts of its authority and of its resources`, () => {
    for (const host of hosts) assert.equal(cloudOfAuthority(`https://${host}/`)?.name, name);
    for (const host of resources) {
      assert.equal(cloudOfResource(`https://${host}/.default`)?.name, name);
      assert.equal(cloudOfResource(`https://a.${host}/.default`)?.name, name);
      assert.equal(cloudOfResource(`https://a${host}/.default`), undefined);
      assert.equal(cloudOfResource(`https://${host}.example/.default`), undefined);
    }
  });
}

test("other hosts belong to no cloud", () => {
  assert.equal(cloudOfAuthority("https://adfs.example/adfs"), undefined);
  assert.equal(cloudOfResource("api://mine/.default"), undefined);
  assert.equal(cloudOfResource("mine"), undefined);
});
