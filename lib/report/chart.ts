import { html } from './html.ts';

/** Values of one kind, oldest first; a run that does not tell it has none. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
}

const WIDTH = 720;
const HEIGHT = 160;
const LEFT = 48;
const TOP = 10;
const BOTTOM = 20;
const COLORS = ['#0b62d6', '#b3470b', '#18794e', '#8e2d9c', '#8a6d00', '#c4213d'];

/** A line for each series over the runs, in equal steps, from 0 to `most`, as SVG with a legend. Pure. */
export function chart(title: string, series: readonly Series[], most: number, unit: string) {
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most);
  const grid = [0, most / 2, most].map(
    (value) =>
      html`<line x1="${LEFT}" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}" class="grid"/><text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${rounded(value)}</text>`,
  );
  const lines = series.map(({ values }, index) => lineOf(values, y, COLORS[index % COLORS.length]));
  const legend = series.map(
    ({ name, values }, index) =>
      html`<span><i style="background:${COLORS[index % COLORS.length] ?? ''}"></i>${name}: ${lastOf(values)} ${unit}</span>`,
  );
  return `<figure>${html`<figcaption>${title}</figcaption>`}<svg viewBox="0 0 ${WIDTH + 8} ${HEIGHT}" role="img" aria-label="${html`${title}`}">${grid.join('')}${lines.join('')}${html`<text x="${LEFT}" y="${HEIGHT - 4}">oldest</text><text x="${WIDTH}" y="${HEIGHT - 4}" text-anchor="end">newest</text>`}</svg><div class="legend">${legend.join('')}</div></figure>`;
}

function lineOf(values: readonly (number | undefined)[], y: (value: number) => number, color = '') {
  const step = values.length > 1 ? (WIDTH - LEFT - 8) / (values.length - 1) : 0;
  const points = values.flatMap((value, index) =>
    value === undefined ? [] : [[rounded(LEFT + 4 + index * step), rounded(y(value))] as const],
  );
  const path = points.map((point) => point.join(',')).join(' ');
  const dots = points.map(
    ([cx, cy]) => html`<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`,
  );
  return `${html`<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`}${dots.join('')}`;
}

function lastOf(values: readonly (number | undefined)[]): string {
  const last = values.findLast((value) => value !== undefined);
  return last === undefined ? '–' : String(rounded(last));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
