import type { OverviewModel } from '../../domain/overview/overview-model.js';
import { writeDot } from '../../domain/overview/write-dot.js';
import { writeMarkdown } from '../../domain/overview/write-markdown.js';
import { writeMermaid } from '../../domain/overview/write-mermaid.js';
import { writeText } from '../../domain/overview/write-text.js';
import { renderSvg } from '../../platform/svg/render-svg.js';

/** Each format of an overview: its media type, and how it is written. */
export const OVERVIEW_FORMATS = {
  txt: { type: 'text/plain; charset=utf-8', write: writeText },
  md: { type: 'text/markdown; charset=utf-8', write: writeMarkdown },
  mmd: { type: 'text/vnd.mermaid; charset=utf-8', write: writeMermaid },
  dot: { type: 'text/vnd.graphviz; charset=utf-8', write: writeDot },
  svg: { type: 'image/svg+xml', write: (model: OverviewModel) => renderSvg(writeDot(model)) },
} as const;

export type OverviewFormat = keyof typeof OVERVIEW_FORMATS;

export function isOverviewFormat(text: string): text is OverviewFormat {
  return Object.hasOwn(OVERVIEW_FORMATS, text);
}
