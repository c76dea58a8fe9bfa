/** Compares versions (1.2.3). A text that is not a version is older than all others. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10) || 0),
  )
  for (let at = 0; at < 3; at++) {
    const difference = (one?.[at] ?? 0) - (other?.[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/**
 * Returns what is wrong with a database's schema for this code, as sentences. A newer schema is right if migrations only added
 * to it.
 *
 * @param expected names of this code's migrations
 * @param applied the database's migrations; for each contract step `since` is the oldest version of the product that works with
 * it
 */
export function schemaFaults(
  version: string,
  expected: readonly string[],
  applied: readonly { readonly name: string; readonly since: string | null }[],
): string[] {
  const has = new Set(applied.map(({ name }) => name))
  const missing = expected.filter((name) => !has.has(name))
  const beyond = applied
    .flatMap(({ since }) => (since !== null && isOlder(version, since) ? [since] : []))
    .at(-1)
  return [
    ...(missing.length > 0
      ? [
          `the database is older than this version ${version}: it lacks ${missing.join(', ')} (run npm run db:migrate)`,
        ]
      : []),
    ...(beyond
      ? [`the database was contracted for version ${beyond}, and this is ${version}: start that one`]
      : []),
  ]
}
