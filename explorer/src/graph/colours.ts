/** Colours of types: those of the style for Neo4j Browser, so that a graph looks alike in both. */

const COLOURS: Record<string, string> = {
  artist: '#d1495b',
  person: '#edae49',
  album: '#00798c',
  track: '#30a5bf',
  podcast: '#6a4c93',
  episode: '#9b7ec4',
  work: '#4f6d9a',
  label: '#8c5e3c',
  organization: '#b08968',
  place: '#4c956c',
  event: '#90a955',
  genre: '#c86fa6',
  topic: '#e29ac2',
};
const UNTYPED = '#8a909b';
const OTHERS = ['#3d85c6', '#a64d79', '#6aa84f', '#cc8400', '#674ea7', '#45818e', '#b45f06', '#85200c'];

export function colourOf(type: string): string {
  return type ? (COLOURS[type] ?? OTHERS[hash(type) % OTHERS.length] ?? UNTYPED) : UNTYPED;
}

/** A number of 32 bits that a text always gives again (FNV-1a). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    value ^= text.charCodeAt(place);
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}
