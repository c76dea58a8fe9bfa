/** Holds what the comments at the head of a migration tell the migrator and the lint. */
export interface Header {
  /** `-- contract: since 1.4.0`: it takes away what no version from that one on uses. */
  readonly contract: string | null
  /** `-- statement_timeout: 10min`, for a migration that was measured and blocks no other work. */
  readonly statementTimeout: string | null
  /** `-- accepted: RULE: why`: what the lint would refuse. */
  readonly accepted: readonly string[]
}

const first = (sql: string, pattern: RegExp): string | null => pattern.exec(sql)?.[1] ?? null

export const readHeader = (sql: string): Header => ({
  contract: first(sql, /^-- contract: since (\d+\.\d+\.\d+)\s*$/m),
  statementTimeout: first(sql, /^-- statement_timeout: (\d+(?:s|min|h))\s*$/m),
  accepted: [...sql.matchAll(/^-- accepted: ([a-z-]+): \S.{9,}$/gm)].map(([, rule = '']) => rule),
})

/** Tells whether PostgreSQL refuses a migration inside a transaction: it makes or drops an index beside the running work. */
export const isOutside = (sql: string): boolean =>
  /\bINDEX\s+CONCURRENTLY\b/i.test(sql.replace(/^\s*--.*$/gm, ''))
