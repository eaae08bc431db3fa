import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { SluiceError } from '../../domain/errors.js';

/** Graphviz takes most drawings in well under a second, but a dense graph without end: nobody waits longer than this. */
const PATIENCE_MS = 20_000;
const TOO_LONG = `the diagram takes longer than ${PATIENCE_MS / 1000} s to draw: ask for txt, md, mmd or dot instead of svg`;

/** Plain JavaScript in a text, so that it starts the same from the sources and from the build. */
const DRAW_ON_MESSAGE = `
  for (const stream of [process.stdout, process.stderr]) stream.write = () => true; // remarks on shapes that are hard to draw
  const { parentPort, workerData } = require('node:worker_threads');
  const graphviz = require(workerData.library).instance();
  parentPort.on('message', async (dot) => {
    try {
      parentPort.postMessage({ svg: (await graphviz).renderString(dot, { format: 'svg' }) });
    } catch (error) {
      parentPort.postMessage({ error: String(error) });
    }
  });
`;

type Answer = { readonly svg: string } | { readonly error: string };

let worker: Worker | undefined;
let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * Lays out a DOT graph with Graphviz in WebAssembly and gives the SVG document. It runs in a thread of its own, started by the
 * first call and kept: start-up does not pay for it, and a large graph holds up nobody but the next drawing. Refuses DOT that
 * Graphviz cannot read (`internal`: it is ours) and a graph that takes longer than 20 s (`unavailable`).
 * @example await renderSvg('digraph { a -> b }') // '<?xml version="1.0" ...'
 */
export async function renderSvg(dot: string): Promise<string> {
  const turn = lastTurn.then(() => draw(dot));
  lastTurn = turn.catch(() => undefined);
  return withFallbackFonts(await turn);
}

async function draw(dot: string): Promise<string> {
  const thread = (worker ??= startWorker());
  thread.ref();
  try {
    const answer = await answerOf(thread, dot);
    if ('svg' in answer) return answer.svg;
    throw new SluiceError('internal', 'the diagram could not be drawn', [], { cause: answer.error });
  } finally {
    thread.unref(); // an idle thread must not keep the process alive
  }
}

function startWorker(): Worker {
  const library = createRequire(import.meta.url).resolve('@viz-js/viz');
  const started = new Worker(DRAW_ON_MESSAGE, { eval: true, workerData: { library } });
  const forget = () => {
    if (worker === started) worker = undefined;
  };
  return started.on('error', forget).on('exit', forget); // an error that nobody hears would end the process
}

function answerOf(thread: Worker, dot: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answered = (answer: Answer) => settle(() => resolve(answer));
    const died = (cause: unknown) =>
      giveUp(new SluiceError('internal', 'the diagram could not be drawn', [], { cause }));
    const timer = setTimeout(() => giveUp(new SluiceError('unavailable', TOO_LONG)), PATIENCE_MS);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      thread.off('message', answered).off('error', died).off('exit', died);
      act();
    };
    const giveUp = (error: SluiceError) => {
      if (worker === thread) worker = undefined;
      settle(() => reject(error));
      void thread.terminate();
    };
    thread.on('message', answered).on('error', died).on('exit', died);
    thread.postMessage(dot);
  });
}

/** A machine without Verdana takes a font of the same widths, or at least one without serifs. Text content has no quotes left. */
function withFallbackFonts(svg: string): string {
  return svg.replaceAll(
    'font-family="Verdana"',
    'font-family="Verdana,DejaVu Sans,Bitstream Vera Sans,Geneva,sans-serif"',
  );
}
