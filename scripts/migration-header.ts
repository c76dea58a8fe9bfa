/** Instructions to the migrator and the lint, from the comments at the head of a migration. */
export interface Header {
  /** `-- contract: since 1.4.0`: it removes things that versions from this one on do not use. */
  readonly contract: string | null
  /** `-- statement_timeout: 10min`, for a migration that was measured and blocks no other work. */
  readonly statementTimeout: string | null
  /** `-- accepted: RULE: why`: rules that the lint lets pass. */
  readonly accepted: readonly string[]
}

const first = (sql: string, pattern: RegExp): string | null => pattern.exec(sql)?.[1] ?? null

export const readHeader = (sql: string): Header => ({
  contract: first(sql, /^-- contract: since (\d+\.\d+\.\d+)\s*$/m),
  statementTimeout: first(sql, /^-- statement_timeout: (\d+(?:s|min|h))\s*$/m),
  accepted: [...sql.matchAll(/^-- accepted: ([a-z-]+): \S.{9,}$/gm)].map(([, rule = '']) => rule),
})

/**
 * Returns whether PostgreSQL refuses the migration inside a transaction because it creates or drops an index
 * concurrently.
 */
export const isOutside = (sql: string): boolean =>
  /\bINDEX\s+CONCURRENTLY\b/i.test(sql.replace(/^\s*--.*$/gm, ''))
