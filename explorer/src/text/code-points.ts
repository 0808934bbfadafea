/** Offsets of the API count code points; those of JavaScript count halves of UTF-16. */

export class CodePoints {
  private readonly places: Uint32Array | null;

  constructor(readonly text: string) {
    // without a surrogate both counts are the same
    this.places = /[\ud800-\udbff]/.test(text) ? placesOf(text) : null;
  }

  /** The text between two places in code points, half-open. */
  slice(start: number, end: number): string {
    return this.text.slice(this.place(start), this.place(end));
  }

  get length(): number {
    return this.places ? this.places.length - 1 : this.text.length;
  }

  private place(codePoint: number): number {
    if (!this.places) return codePoint;
    return this.places[Math.min(codePoint, this.places.length - 1)] ?? this.text.length;
  }
}

function placesOf(text: string): Uint32Array {
  const places: number[] = [];
  let at = 0;
  for (const sign of text) {
    places.push(at);
    at += sign.length;
  }
  places.push(at);
  return Uint32Array.from(places);
}
