/** Names beside nodes, none over another: the largest nodes come first, and who finds no room goes without. */

import type { Tints } from "./tints";

export interface Named {
  x: number;
  y: number;
  size: number;
  label: string;
  /** Of its community. */
  letter: string;
  /** Named although it lies over another. */
  must: boolean;
}
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const LINE = 15;
const GAP = 4;
const LETTER_FROM = 7.5; // smaller nodes have no room for one
const CELL = 60;

/** Draw the names of nodes, given the most important first. */
export function drawNames(context: CanvasRenderingContext2D, nodes: Named[], tints: Tints): void {
  const { width, height } = context.canvas.getBoundingClientRect();
  context.clearRect(0, 0, width, height);
  const taken = new Taken();
  const inside = nodes.filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20);
  for (const node of inside) taken.add(around(node));
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const node of inside) {
    if (node.letter && node.size >= LETTER_FROM) drawLetter(context, node, tints);
    context.font = `600 12.5px ${tints.font}`;
    const box = roomFor(node, context.measureText(node.label).width, width, taken);
    if (!box) continue;
    taken.add(box);
    context.textAlign = "left";
    context.lineWidth = 4; // a halo of the ground, so that names can be read over lines
    context.strokeStyle = tints.ground;
    context.strokeText(node.label, box.left, node.y);
    context.fillStyle = tints.ink;
    context.fillText(node.label, box.left, node.y);
  }
}

function drawLetter(context: CanvasRenderingContext2D, node: Named, tints: Tints): void {
  context.font = `700 ${Math.min(13, node.size)}px ${tints.font}`;
  context.textAlign = "center";
  context.fillStyle = tints.onNode;
  context.fillText(node.letter, node.x, node.y + 0.5);
}

const around = ({ x, y, size }: Named): Box => ({
  left: x - size, right: x + size, top: y - size * 0.6, bottom: y + size * 0.6,
}); // prettier-ignore

/** Room to the right of a node, else to its left; undefined where there is none. */
function roomFor(node: Named, wide: number, width: number, taken: Taken): Box | undefined {
  const [top, bottom] = [node.y - LINE / 2, node.y + LINE / 2];
  const right = { left: node.x + node.size + GAP, right: node.x + node.size + GAP + wide, top, bottom };
  const left = { left: node.x - node.size - GAP - wide, right: node.x - node.size - GAP, top, bottom };
  const fits = (box: Box) => box.left >= 2 && box.right <= width - 2 && taken.isFree(box);
  if (fits(right)) return right;
  if (fits(left)) return left;
  return node.must ? (right.right > width && left.left > 0 ? left : right) : undefined;
}

/** Which rectangles are taken, in cells so that looking is quick. */
class Taken {
  readonly #cells = new Map<string, Box[]>();

  add(box: Box): void {
    for (const key of this.#keys(box)) {
      const held = this.#cells.get(key);
      if (held) held.push(box);
      else this.#cells.set(key, [box]);
    }
  }

  isFree(box: Box): boolean {
    for (const key of this.#keys(box))
      for (const other of this.#cells.get(key) ?? [])
        if (
          box.left < other.right &&
          other.left < box.right &&
          box.top < other.bottom &&
          other.top < box.bottom
        )
          return false;
    return true;
  }

  *#keys(box: Box): Generator<string> {
    for (let i = Math.floor(box.left / CELL); i <= box.right / CELL; i++)
      for (let k = Math.floor(box.top / CELL); k <= box.bottom / CELL; k++) yield `${i},${k}`;
  }
}
