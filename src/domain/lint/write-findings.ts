import type { Finding } from '../finding.js';

/**
 * Findings as text: a line each, and below it what to do.
 * @example writeFindings([{ code: 'no-dns', severity: 'warning', path: 'profile/dns', message: 'the profile has no DNS', mend: 'Name it.' }])
 * // 'warning no-dns profile/dns: the profile has no DNS\n  mend: Name it.\n'
 */
export function writeFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ code, severity, path, message, mend }) => {
      const line = `${severity} ${code} ${path}: ${message}\n`;
      return mend === undefined ? line : `${line}  mend: ${mend}\n`;
    })
    .join('');
}
