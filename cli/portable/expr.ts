// s6-expr: arithmetic with integers of 64 bits, one word a token. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

const NO_EXPRESSION = 2;
const BITS = 64;

export const expr: Applet = utility({
  name: "s6-expr",
  usage: "expression...",
  summary: "compute with integers",
  exits: { 1: "the value is 0", 2: "the expression is not valid, or there is none" },
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  run: (context, { args }) => {
    if (args.length === 0) return NO_EXPRESSION;
    const value = valueOf(args);
    context.print(`${value}\n`);
    return value === 0n ? 1 : 0;
  },
});

interface Operator {
  /** The higher binds the tighter. */
  readonly rank: number;
  readonly apply: (left: bigint, right: bigint) => bigint;
}

function comparison(holds: (left: bigint, right: bigint) => boolean): Operator {
  return { rank: 3, apply: (left, right) => holds(left, right) ? 1n : 0n };
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  "|": { rank: 1, apply: (left, right) => left !== 0n ? left : right },
  "&": { rank: 2, apply: (left, right) => left !== 0n && right !== 0n ? left : 0n },
  "=": comparison((left, right) => left === right),
  "!=": comparison((left, right) => left !== right),
  "<": comparison((left, right) => left < right),
  "<=": comparison((left, right) => left <= right),
  ">": comparison((left, right) => left > right),
  ">=": comparison((left, right) => left >= right),
  "+": { rank: 4, apply: (left, right) => left + right },
  "-": { rank: 4, apply: (left, right) => left - right },
  "*": { rank: 5, apply: (left, right) => left * right },
  "/": { rank: 5, apply: (left, right) => left / divisor(right) },
  "%": { rank: 5, apply: (left, right) => left % divisor(right) },
};

function divisor(value: bigint): bigint {
  if (value === 0n) throw invalid("division by zero", NO_EXPRESSION);
  return value;
}

function fault(): never {
  throw invalid("invalid expression", NO_EXPRESSION);
}

/**
 * The value of an expression. Two stacks rather than recursion, as words may nest as deep as they are many.
 * @throws Failure 2 if it is none
 */
export function valueOf(words: readonly ByteString[]): bigint {
  const values: bigint[] = [];
  // undefined is an open parenthesis
  const pending: (Operator | undefined)[] = [];
  const settle = (rank: number): void => {
    for (let top = pending.at(-1); top !== undefined && top.rank >= rank; top = pending.at(-1)) {
      pending.pop();
      const right = values.pop()!;
      values.push(BigInt.asIntN(BITS, top.apply(values.pop()!, right)));
    }
  };
  let wantsOperand = true;
  for (const word of words) {
    const operator = Object.hasOwn(OPERATORS, word) ? OPERATORS[word] : undefined;
    if (wantsOperand) {
      if (word === "(") pending.push(undefined);
      else {
        values.push(integer(word));
        wantsOperand = false;
      }
    } else if (operator !== undefined) {
      settle(operator.rank);
      pending.push(operator);
      wantsOperand = true;
    } else {
      settle(0);
      // What is left below is an open parenthesis, or nothing.
      if (word !== ")" || pending.length === 0) fault();
      pending.pop();
    }
  }
  if (wantsOperand) fault();
  settle(0);
  return pending.length > 0 ? fault() : values[0]!;
}

function integer(word: ByteString): bigint {
  const value = /^[+-]?[0-9]+$/.test(word) ? BigInt(word.replace("+", "")) : fault();
  return value === BigInt.asIntN(BITS, value) ? value : fault();
}
