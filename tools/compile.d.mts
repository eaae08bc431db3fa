export function compile(root?: string): Promise<{ generated: boolean; compiled: number; removed: number }>;
