/** Names beside nodes and the letter of their community in them. */

import type { Tints } from "./tints";

interface Drawn {
  x: number;
  y: number;
  size: number;
  label: string | null;
  letter?: string;
}

const SIZE = 12.5;
const LETTER_FROM = 9; // smaller nodes have no room for one

export function drawLabel(context: CanvasRenderingContext2D, data: object, tints: Tints): void {
  const { x, y, size, label, letter } = data as Drawn;
  if (!label) return;
  if (letter && size >= LETTER_FROM) {
    context.font = `700 ${Math.min(13, size)}px ${tints.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = tints.onNode;
    context.fillText(letter, x, y + 0.5);
  }
  context.font = `600 ${SIZE}px ${tints.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  // A halo of the ground, so that names can be read over lines.
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = tints.ground;
  context.strokeText(label, x + size + 4, y);
  context.fillStyle = tints.ink;
  context.fillText(label, x + size + 4, y);
}

export function drawHover(context: CanvasRenderingContext2D, data: object, tints: Tints): void {
  const { x, y, size } = data as Drawn;
  context.beginPath();
  context.arc(x, y, size + 3, 0, Math.PI * 2);
  context.lineWidth = 2;
  context.strokeStyle = tints.ink;
  context.stroke();
  drawLabel(context, data, tints);
}
