export function writeSbom(folder: string, options?: { omit?: readonly 'optional'[] }): void;
