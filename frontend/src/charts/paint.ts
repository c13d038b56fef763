/** Lines of pictures: outlines of bars and slices, and how much room there is. */

import type { Part } from "./stack";

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The room of an element and the size of its text, px. */
export function measured(element: HTMLElement, least: number): { width: number; height: number; text: number } {
  const { width, height } = element.getBoundingClientRect();
  const text = Number.parseFloat(getComputedStyle(element).fontSize) || 12;
  return { width: Math.floor(width), height: Math.max(Math.floor(height), least), text };
}

/** A part of a bar; where it ends its stack, with round corners. */
export function outline(part: Part, x: number, width: number, y: (value: number) => number): string {
  const start = y(part.from);
  const end = y(part.to);
  const round = part.outer ? Math.min(3, width / 3, Math.abs(end - start)) : 0;
  const inward = end < start ? round : -round;
  const px = (value: number): string => value.toFixed(1);
  const right = x + width;
  return (
    `M${px(x)} ${px(start)}V${px(end + inward)}Q${px(x)} ${px(end)} ${px(x + round)} ${px(end)}` +
    `H${px(right - round)}Q${px(right)} ${px(end)} ${px(right)} ${px(end + inward)}V${px(start)}Z`
  );
}

/** A slice of a ring around 0, 0; `from` and `to` in turns, clockwise from the top. */
export function slice(from: number, to: number, outer: number, inner: number): string {
  // A whole turn has no outline of its own: both ends would be the same point.
  const end = Math.min(to, from + 0.99999);
  const large = end - from > 0.5 ? 1 : 0;
  const at = (turn: number, radius: number): string => {
    const angle = 2 * Math.PI * (turn - 0.25);
    return `${(radius * Math.cos(angle)).toFixed(3)} ${(radius * Math.sin(angle)).toFixed(3)}`;
  };
  return (
    `M${at(from, outer)}A${outer} ${outer} 0 ${large} 1 ${at(end, outer)}` +
    `L${at(end, inner)}A${inner} ${inner} 0 ${large} 0 ${at(from, inner)}Z`
  );
}
