export function compile(root?: string): Promise<{ generated: boolean; compiled: number; removed: number }>;
export const COMPILED: readonly string[];
export function outputOf(root: string, file: string): string;
