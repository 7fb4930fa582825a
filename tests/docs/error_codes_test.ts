import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";
import { ERROR_TEMPLATES } from "../../src/core/diagnosis/error_codes.ts";
import { templateForCode } from "../../src/core/diagnosis/aadsts_codes.ts";
import { AADSTS_CODES } from "../../src/core/diagnosis/aadsts_codes.ts";
import { RULES } from "../../src/core/diagnosis/rules.ts";

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext, true);
}

/** The members of a union of strings in the contract. */
function listUnion(name: string): string[] {
  const alias = parse("src/core/contract/errors.ts").statements.filter(ts.isTypeAliasDeclaration)
    .find((statement) => statement.name.text === name);
  return [...alias!.type.getText().matchAll(/"(\w+)"/g)].map(([, code]) => code!);
}

/** Returns the codes in the `@throws` of a member of the credential's class. */
function listThrown(member: (node: ts.ClassElement) => boolean): string[] {
  const credential = parse("src/core/credential.ts").statements.filter(ts.isClassDeclaration)[0]!;
  const tags = ts.getJSDocTags(credential.members.find(member)!).map((tag) => tag.getText());
  const thrown = tags.filter((tag) => tag.includes("{CredentialUnavailableError}")).join("\n");
  return [...thrown.matchAll(/`([a-z]+(?:_[a-z]+)+|timeout)`/g)].map(([, code]) => code!);
}

function section(page: string, heading: string): string {
  const text = readFileSync(page, "utf8").split(`\n## ${heading}\n`)[1];
  assert.ok(text, `${page} has no section ${heading}`);
  return text.split("\n## ")[0]!;
}

function headings(text: string): string[] {
  return [...text.matchAll(/^### `(\w+)`/gm)].map(([, code]) => code!);
}

const sorted = (codes: readonly string[]) => [...new Set(codes)].sort();

const configurationCodes = listUnion("ConfigurationCode");
const errorCodes = [...configurationCodes, ...listUnion("ErrorCode")];
const fromConstructor = listThrown(ts.isConstructorDeclaration);
const fromGetToken = listThrown((node) => node.name?.getText() === "getToken");

test("@throws of constructor and getToken together name every error code", () => {
  assert.ok(errorCodes.length > 20);
  assert.deepEqual(sorted([...fromConstructor, ...fromGetToken]), sorted(errorCodes));
});

test("@throws of the constructor names every code of a setting", () => {
  const others = fromConstructor.filter((code) => !configurationCodes.includes(code));
  assert.deepEqual(sorted(fromConstructor), sorted([...configurationCodes, ...others]));
  assert.deepEqual(others, ["identity_binding_invalid"], "also found later, when the CA's file is read");
});

test("docs/errors.md has every code, each in the section of where it is thrown", () => {
  const constructor = headings(section("docs/errors.md", "From the constructor"));
  const getToken = headings(section("docs/errors.md", "From `getToken`"));
  assert.deepEqual(sorted(constructor), sorted([...configurationCodes, "no_variables"]));
  assert.deepEqual(sorted(getToken), sorted(fromGetToken));
});

test("the README's table has every code once", () => {
  const rows = section("README.md", "Errors").match(/^\| `.+$/gm)!;
  const codes = rows.flatMap((row) => [...row.split("|")[1]!.matchAll(/`(\w+)`/g)].map(([, code]) => code!));
  assert.deepEqual(codes.toSorted(), sorted(errorCodes));
});

test("every source of advice is a whole address", () => {
  const templates = [...Object.values(ERROR_TEMPLATES), ...RULES, ...AADSTS_CODES.map(templateForCode)];
  for (const { source } of templates) {
    assert.ok(URL.canParse(source) && !source.endsWith("="), source);
  }
});
