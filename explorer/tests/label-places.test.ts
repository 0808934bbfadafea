import { expect, it } from 'vitest';
import { type Box, LabelPlaces } from '../src/graph/label-places';

const meet = (one: Box, other: Box) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

it('lays no label on another, unless it is forced to', () => {
  const places = new LabelPlaces(400);
  const boxes: Box[] = [];
  for (let number = 0; number < 200; number++) {
    const node = { x: (number * 37) % 400, y: (number * 53) % 90, size: 6, forced: false };
    const box = places.take(node, 60, 16);
    if (box) boxes.push(box);
  }
  expect(boxes.length).toBeGreaterThan(15);
  expect(boxes.length).toBeLessThan(200);
  boxes.forEach((one, place) => {
    for (const other of boxes.slice(place + 1)) expect(meet(one, other)).toBe(false);
    expect(one.left).toBeGreaterThan(0);
    expect(one.right).toBeLessThan(400);
  });
  expect(places.take({ x: 200, y: 45, size: 6, forced: true }, 60, 16)).not.toBeNull();
});

it('goes left of a node at the right rim', () => {
  expect(new LabelPlaces(100).take({ x: 90, y: 50, size: 5, forced: false }, 40, 16)?.right).toBeLessThan(90);
});
