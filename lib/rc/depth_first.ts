// Walking a graph depth first, without recursion: definitions may be nested deeper than a stack is.

/** A circle that a walk has met. */
export interface Circle {
  /** Where the walk began. */
  readonly from: number;
  /** The node that leads to itself: the first of the path, which comes back to it behind its last. */
  readonly involving: number;
  readonly path: readonly number[];
}

interface Frame {
  readonly node: number;
  next: number;
}

const ENTERED = 1;
const LEFT = 2;

/**
 * Visits what can be reached, each node once.
 * @param edge the node that the edge of this index leads to; undefined behind the last one
 * @param leave called when all that a node leads to has been left
 * @returns a circle, with which the walk ends
 */
export function depthFirst(
  nodes: number,
  roots: Iterable<number>,
  edge: (node: number, index: number) => number | undefined,
  leave: (node: number) => void = () => {},
): Circle | undefined {
  const marks = new Uint8Array(nodes);
  for (const root of roots) {
    const involving = walkFrom(root, marks, edge, leave);
    if (involving !== undefined) return { from: root, ...involving };
  }
  return undefined;
}

function walkFrom(
  root: number,
  marks: Uint8Array,
  edge: (node: number, index: number) => number | undefined,
  leave: (node: number) => void,
): Omit<Circle, "from"> | undefined {
  const frames: Frame[] = [];
  const enter = (node: number): void => {
    marks[node] = ENTERED;
    frames.push({ node, next: 0 });
  };
  if (marks[root] !== LEFT) enter(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const target = edge(frame.node, frame.next++);
    if (target === undefined) {
      marks[frame.node] = LEFT;
      frames.pop();
      leave(frame.node);
    } else if (marks[target] === ENTERED) {
      const path = frames.map(({ node }) => node);
      return { involving: target, path: path.slice(path.indexOf(target)) };
    } else if (marks[target] !== LEFT) enter(target);
  }
  return undefined;
}

/** A circle of services that need one another, as the original looks for it: from the last one on. */
export function dependencyCircle(needs: readonly (readonly number[])[]): Circle | undefined {
  const roots = needs.map((_, number) => needs.length - 1 - number);
  return depthFirst(needs.length, roots, (number, index) => {
    const list = needs[number]!;
    return list[list.length - 1 - index];
  });
}
