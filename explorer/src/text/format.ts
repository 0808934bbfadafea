const NUMBERS = new Intl.NumberFormat('en');

export function number(value: number): string {
  return NUMBERS.format(value);
}

/** A count that fits a label: 950, 1.2k, 34k. */
export function short(value: number): string {
  if (value < 1000) return String(value);
  return value < 10_000 ? `${(value / 1000).toFixed(1)}k` : `${Math.round(value / 1000)}k`;
}

/** A share as a percentage; never 100 % for what is not certain, nor 0 % for what is possible. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return '–';
  if (share > 0.995 && share < 1) return '>99 %';
  if (share < 0.005 && share > 0) return '<1 %';
  return `${Math.round(share * 100)} %`;
}

export function time(milliseconds: number | null): string {
  if (milliseconds === null) return '';
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** PERFORMED_BY as it is read: performed by. */
export function words(relation: string): string {
  return relation === 'CO_MENTIONED' ? 'co-mentioned' : relation.toLowerCase().replaceAll('_', ' ');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Who decided: a person, or a model by the first digits of its version. */
export function decider(decidedBy: string): string {
  return /^[0-9a-f]{12,}$/.test(decidedBy) ? `model ${decidedBy.slice(0, 8)}` : decidedBy;
}

/** When something happened, in the reader's zone. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
