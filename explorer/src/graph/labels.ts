/** How labels are written: in the colours of the theme, with a rim, so that they are read over edges too. */

import type { NodeHoverDrawingFunction, NodeLabelDrawingFunction } from 'sigma/rendering';
import { LabelPlaces } from './label-places';
import type { EdgeValues, NodeValues } from './model';

export interface Ink {
  text: string;
  surface: string;
  line: string;
  edge: string;
  faded: string;
  accent: string;
}

/** Read the colours of the theme that is on. */
export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read('--text'),
    surface: read('--canvas'),
    line: read('--line'),
    edge: read('--edge'),
    faded: read('--faded'),
    accent: read('--accent'),
  };
}

export function labelPainter(ink: () => Ink): NodeLabelDrawingFunction<NodeValues, EdgeValues> {
  const frames = new WeakMap<CanvasRenderingContext2D, LabelPlaces>();
  const placesOf = (context: CanvasRenderingContext2D) => {
    const known = frames.get(context);
    if (known) return known;
    const places = new LabelPlaces(context.canvas.clientWidth || context.canvas.width);
    frames.set(context, places);
    // a frame is drawn in one go, and the next one begins with no label
    queueMicrotask(() => frames.delete(context));
    return places;
  };
  return (context, data, settings) => {
    if (!data.label) return;
    context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    const { x, y, size } = data;
    const forced = 'forceLabel' in data && data.forceLabel === true;
    const width = context.measureText(data.label).width;
    const box = placesOf(context).take({ x, y, size, forced }, width, settings.labelSize * 1.25);
    if (!box) return;
    context.lineJoin = 'round';
    context.lineWidth = 3.5;
    context.strokeStyle = ink().surface;
    context.fillStyle = ink().text;
    const line = (box.top + box.bottom) / 2 + settings.labelSize / 3;
    context.strokeText(data.label, box.left, line);
    context.fillText(data.label, box.left, line);
  };
}

/** A chosen node, or the one under the pointer: a ring, and its label on a plate. */
export function hoverPainter(ink: () => Ink): NodeHoverDrawingFunction<NodeValues, EdgeValues> {
  return (context, data, settings) => {
    const { text, surface, accent } = ink();
    context.beginPath();
    context.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
    context.lineWidth = 2.5;
    context.strokeStyle = accent;
    context.stroke();
    if (!data.label) return;
    const size = settings.labelSize;
    context.font = `650 ${size}px ${settings.labelFont}`;
    const width = context.measureText(data.label).width;
    const x = beside(context, data, data.size + 8);
    context.fillStyle = surface;
    context.beginPath();
    context.roundRect(x - 4, data.y - size / 2 - 5, width + 10, size + 10, 6);
    context.fill();
    context.lineWidth = 1;
    context.stroke();
    context.fillStyle = text;
    context.fillText(data.label, x + 1, data.y + size / 3);
  };
}

/** Where a label begins: right of its node, or left of it where the canvas ends before the label does. */
function beside(context: CanvasRenderingContext2D, data: { x: number; label: string | null }, gap: number): number {
  const width = context.measureText(data.label ?? '').width;
  const right = context.canvas.clientWidth - 6;
  return data.x + gap + width > right && data.x - gap - width > 0 ? data.x - gap - width : data.x + gap;
}
