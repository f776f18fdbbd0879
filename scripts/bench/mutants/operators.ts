import type * as t from "@babel/types";

/** One change of a file's text that should make a test fail. */
export interface Mutation {
  operator: Operator;
  /** Where the replaced text begins and ends in the file. */
  start: number;
  end: number;
  replacement: string;
  /** From 1 on. */
  line: number;
}

export type Operator = keyof typeof operators;

/** What an operator makes of a node: the changed stretch, and what stands there instead. */
type Change = [start: number, end: number, replacement: string];
/** `parents`: from the nearest outwards. */
type Place = { parents: t.Node[]; text: string };

/** Every operator sees every node outside of types and messages, and answers with the changes it knows for it. */
export const operators = {
  boundary: (node, { text }) => onOperator(node, text, { "<": "<=", "<=": "<", ">": ">=", ">=": ">" }),
  equality: (node, { text }) => onOperator(node, text, { "===": "!==", "!==": "===", "==": "!=", "!=": "==" }),
  logical: (node, { text }) => onOperator(node, text, { "&&": "||", "||": "&&" }),
  arithmetic: (node, { text }) =>
    isText(node) ? [] : onOperator(node, text, {
      "+": "-",
      "-": "+",
      "*": "/",
      "/": "*",
      "%": "*",
      "+=": "-=",
      "-=": "+=",
      "++": "--",
      "--": "++",
    }),
  default: (node, { text }) =>
    node.type === "LogicalExpression" && node.operator === "??" ? [replace(node, of(node.left, text))] : [],
  condition: (node, { text }) => {
    if (node.type !== "IfStatement" && node.type !== "ConditionalExpression" && node.type !== "WhileStatement") {
      return [];
    }
    const { test } = node;
    // its opposite is the mutant of another operator already
    if (test.type === "UnaryExpression" || (test.type === "BinaryExpression" && /^[!=]==?$/.test(test.operator))) {
      return [];
    }
    return [replace(test, `!(${of(test, text)})`)];
  },
  negation: (node, { text }) =>
    node.type === "UnaryExpression" && (node.operator === "!" || node.operator === "-")
      ? [replace(node, of(node.argument, text))]
      : [],
  boolean: (node) => node.type === "BooleanLiteral" ? [replace(node, String(!node.value))] : [],
  number: (node) =>
    node.type === "NumericLiteral"
      ? [
        replace(node, String(node.value + 1)),
        replace(node, node.value < 1 ? `(${node.value - 1})` : `${node.value - 1}`),
      ]
      : [],
  string: (node) => {
    if (node.type === "StringLiteral") return [replace(node, node.value === "" ? '"mutant"' : '""')];
    if (node.type !== "TemplateLiteral") return [];
    return node.quasis.some(({ value }) => value.raw !== "") ? [replace(node, "``")] : [];
  },
  method: (node) => {
    if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return [];
    const other = { some: "every", every: "some", min: "max", max: "min" }[node.property.name];
    return typeof other === "string" ? [replace(node.property, other)] : [];
  },
  element: (node, { text }) => elementsOf(node).map((index) => removal(listOf(node), index, text)),
  return: (node, { parents }) => {
    if (node.type === "ArrowFunctionExpression") {
      return node.body.type === "BlockStatement" || isConstant(node.body) ? [] : [replace(node.body, "undefined")];
    }
    if (node.type !== "ReturnStatement" || !isLast(node, parents)) return [];
    return node.argument && !isConstant(node.argument) ? [replace(node.argument, "undefined")] : [];
  },
  statement: (node, { parents }) => {
    if (node.type === "ReturnStatement") return isLast(node, parents) ? [] : [replace(node, ";")];
    const types = ["ExpressionStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"];
    return types.includes(node.type) ? [replace(node, ";")] : [];
  },
} satisfies Record<string, (node: t.Node, place: Place) => Change[]>;

/** All mutations of one node. */
export function mutationsOf(node: t.Node, place: Place): Mutation[] {
  return (Object.keys(operators) as Operator[]).flatMap((operator) =>
    operators[operator](node, place).map(([start, end, replacement]) => ({
      operator,
      start,
      end,
      replacement,
      line: node.loc!.start.line,
    }))
  );
}

/** The text of an expression put in the place of a larger one. */
const of = (node: t.Node, text: string) => text.slice(node.start!, node.end!);
const replace = (node: t.Node, replacement: string): Change => [node.start!, node.end!, replacement];

function onOperator(node: t.Node, text: string, others: Record<string, string>): Change[] {
  if (node.type === "UpdateExpression") {
    const other = others[node.operator];
    const at = node.prefix ? node.start! : node.end! - 2;
    return other ? [[at, at + 2, other]] : [];
  }
  if (node.type !== "BinaryExpression" && node.type !== "LogicalExpression" && node.type !== "AssignmentExpression") {
    return [];
  }
  const other = others[node.operator];
  if (!other) return [];
  const at = text.indexOf(node.operator, node.left.end!);
  if (node.type !== "LogicalExpression") return [[at, at + node.operator.length, other]];
  // in parentheses, so that the operands stay what they are
  return [replace(node, `(${of(node.left, text)} ${other} ${of(node.right, text)})`)];
}

/** Whether it joins text: no arithmetic then. */
function isText(node: t.Node): boolean {
  if (node.type === "StringLiteral" || node.type === "TemplateLiteral") return true;
  if (node.type === "AssignmentExpression") return isText(node.right);
  return node.type === "BinaryExpression" && node.operator === "+" && (isText(node.left) || isText(node.right));
}

function isConstant({ type, ...node }: t.Node): boolean {
  return /^(String|Boolean|Numeric|Null)Literal$/.test(type) || ("name" in node && node.name === "undefined");
}

/** Whether it ends its function: without it, the function would go on nowhere. */
function isLast(node: t.Node, [block, owner]: t.Node[]): boolean {
  return block?.type === "BlockStatement" && block.body.at(-1) === node && !!owner && "params" in owner;
}

function listOf(node: t.Node): t.Node[] {
  const list = node.type === "ArrayExpression"
    ? node.elements
    : node.type === "ObjectExpression"
    ? node.properties
    : node.type === "CallExpression"
    ? node.arguments
    : [];
  return list.some((element) => element === null) ? [] : list as t.Node[];
}

/** What may be removed of a list: all that is spread, and of short arrays what is no constant. */
function elementsOf(node: t.Node): number[] {
  const list = listOf(node);
  const short = node.type === "ArrayExpression" && list.length <= 8;
  return list.flatMap((element, index) =>
    element.type === "SpreadElement" || (short && !isConstant(element)) ? [index] : []
  );
}

function removal(list: t.Node[], index: number, text: string): Change {
  const [start, end] = [list[index]!.start!, list[index]!.end!];
  if (index + 1 < list.length) return [start, list[index + 1]!.start!, ""];
  if (index > 0) return [list[index - 1]!.end!, end, ""];
  return [start, end + /^(\s*,)?/.exec(text.slice(end))![0].length, ""];
}
