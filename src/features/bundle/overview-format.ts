import { renderSvg } from '../../platform/svg/render-svg.js';

/** Each format of an overview: its media type, what it is written as, and what is made of that. */
export const OVERVIEW_FORMATS = {
  txt: { type: 'text/plain; charset=utf-8', written: 'txt', drawn: asWritten },
  md: { type: 'text/markdown; charset=utf-8', written: 'md', drawn: asWritten },
  mmd: { type: 'text/vnd.mermaid; charset=utf-8', written: 'mmd', drawn: asWritten },
  dot: { type: 'text/vnd.graphviz; charset=utf-8', written: 'dot', drawn: asWritten },
  svg: { type: 'image/svg+xml', written: 'dot', drawn: asSvg },
} as const;

export type OverviewFormat = keyof typeof OVERVIEW_FORMATS;

export function isOverviewFormat(text: string): text is OverviewFormat {
  return Object.hasOwn(OVERVIEW_FORMATS, text);
}

function asWritten(written: Uint8Array): Promise<Uint8Array> {
  return Promise.resolve(written);
}

async function asSvg(dot: Uint8Array): Promise<Uint8Array> {
  return Buffer.from(await renderSvg(textOf(dot)));
}

/** Bytes that were written as text. */
export function textOf(written: Uint8Array): string {
  return Buffer.from(written.buffer, written.byteOffset, written.byteLength).toString();
}
