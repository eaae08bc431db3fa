/**
 * Loaded before a server whose clock is to be wrong: all that JavaScript there asks for the time of day is told another one. Timers and what is
 * measured are not touched, as they are not where a machine's clock is set wrong.
 */
const shift = Number(process.env['SLUICE_FAULTS_CLOCK_MS'] ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...words: unknown[]) {
    if (words.length === 0) super(RealDate.now() + shift);
    else super(...(words as [string]));
  }

  static override now(): number {
    return RealDate.now() + shift;
  }
} as DateConstructor;
