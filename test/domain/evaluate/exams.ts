import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

const FOLDER = '../shared/exams';

/** Whether the exams are there. They are cases from outside, kept beside the project. */
export const haveExams = existsSync(FOLDER);
if (!haveExams) console.log(`no ${FOLDER}: the exams are skipped`);

/** The text of one file of the exams. */
export function examText(path: string): string {
  return readFileSync(`${FOLDER}/${path}`, 'utf8');
}

/** The folders of one folder of the exams. */
export function examFolders(path: string): string[] {
  return haveExams
    ? readdirSync(`${FOLDER}/${path}`).filter((name) => statSync(`${FOLDER}/${path}/${name}`).isDirectory())
    : [];
}

/** All manifests below a folder, as one stream. */
export function examManifests(path: string): string {
  return examFiles(path)
    .filter((file) => /\.(ya?ml|json)$/.test(file))
    .map(examText)
    .join('\n---\n');
}

/** All files below a folder. */
export function examFiles(path: string): string[] {
  const names = readdirSync(`${FOLDER}/${path}`).sort();
  return names.flatMap((name) =>
    statSync(`${FOLDER}/${path}/${name}`).isDirectory() ? examFiles(`${path}/${name}`) : [`${path}/${name}`],
  );
}

/** The lines of an expected file, without those of ingress controllers, which are not read here. */
export function examLines(path: string): string[] {
  return examText(path)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('{ingress-controller}'));
}

/** One line a family, so that a run shows how many cases were held. */
export function report(family: string, held: number, of: number): void {
  console.log(`exam ${family}: ${held}/${of}`);
}
