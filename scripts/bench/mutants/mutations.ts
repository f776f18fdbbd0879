import { parse } from "@babel/parser";
import * as t from "@babel/types";
import { type Mutation, mutationsOf } from "./operators.ts";

/**
 * All mutations of the text of a TypeScript file, in the order of the text.
 *
 * Left out: types, imports, names of properties, and what is said to people — calls of a log, text for a schema's
 * `describe`, what an error is made with, and all text with a space in it.
 */
export function mutationsIn(text: string): Mutation[] {
  const tree = parse(text, { sourceType: "module", plugins: ["typescript"], createParenthesizedExpressions: true });
  const found = new Map<string, Mutation>();
  const visit = (node: t.Node, parents: t.Node[]) => {
    if (isLeftOut(node)) return;
    for (const mutation of mutationsOf(node, { parents, text })) {
      const key = `${mutation.start} ${mutation.end} ${mutation.replacement}`;
      if (!found.has(key)) found.set(key, mutation);
    }
    for (const child of childrenOf(node)) visit(child, [node, ...parents]);
  };
  visit(tree.program, []);
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text with one mutation in it. */
export function mutate(text: string, { start, end, replacement }: Mutation): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function isLeftOut(node: t.Node): boolean {
  if (node.type === "ImportDeclaration" || (node.type.startsWith("TS") && !("expression" in node))) return true;
  if (node.type === "StringLiteral") return /\s/.test(node.value);
  if (node.type === "TemplateLiteral") return node.quasis.some(({ value }) => /\s/.test(value.raw));
  if (node.type === "ExpressionStatement") return isLeftOut(node.expression);
  if (node.type === "NewExpression") return node.callee.type === "Identifier" && node.callee.name.endsWith("Error");
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object } = node.callee;
  return nameOf(object) === "log" || (object.type === "MemberExpression" && nameOf(object.property) === "log");
}

const nameOf = (node: t.Node) => node.type === "Identifier" ? node.name : "";

function childrenOf(node: t.Node): t.Node[] {
  const keys = (t.VISITOR_KEYS[node.type] ?? []).filter((key) => {
    if (key === "key") return "computed" in node && node.computed;
    if (key === "source") return false;
    // the text that `describe` is given
    if (key === "arguments" && node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      return nameOf(node.callee.property) !== "describe";
    }
    return true;
  });
  return keys.flatMap((key) => (node as unknown as Record<string, t.Node | (t.Node | null)[] | null>)[key] ?? [])
    .filter((child) => child !== null);
}
