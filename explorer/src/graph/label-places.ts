/** Where labels go so that none lies on another: right of the node, else left, above or below, else nowhere. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Labelled {
  x: number;
  y: number;
  size: number;
  /** Its label is written even over another. */
  forced: boolean;
}

const GAP = 4;

export class LabelPlaces {
  private readonly taken: Box[] = [];

  constructor(private readonly width: number) {}

  /** Take a place for a label; null when there is none that is free. */
  take(node: Labelled, width: number, height: number): Box | null {
    const places = around(node, width, height).filter((box) => box.left > 0 && box.right < this.width);
    const free = places.find((box) => !this.taken.some((other) => meet(box, other)));
    const box = free ?? (node.forced ? (places[0] ?? around(node, width, height)[0] ?? null) : null);
    if (box) this.taken.push(box);
    return box;
  }
}

function around({ x, y, size }: Labelled, width: number, height: number): Box[] {
  const at = (left: number, top: number) => ({ left, top, right: left + width, bottom: top + height });
  return [
    at(x + size + GAP, y - height / 2),
    at(x - size - GAP - width, y - height / 2),
    at(x - width / 2, y - size - GAP - height + 2),
    at(x - width / 2, y + size + GAP - 2),
  ];
}

function meet(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
