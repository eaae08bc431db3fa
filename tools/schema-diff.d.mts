export function schemaDiff(url: string, schema: string): Promise<string>;

export interface MigrationStatus {
  readonly history: object | null;
  readonly failedMigrationNames: string[];
  readonly editedMigrationNames: string[];
  readonly hasMigrationsTable: boolean;
}
export function migrationStatus(
  url: string,
  schema: string,
  migrations: readonly { name: string; sql: string }[],
): Promise<MigrationStatus>;
