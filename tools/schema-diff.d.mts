export function schemaDiff(url: string, schema: string): Promise<string>;
