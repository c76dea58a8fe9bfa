import '#server-only'
import { createHash } from 'node:crypto'
import { canonicalJson } from '#lib/canonical-json.ts'
import type { Instant } from '#lib/time.ts'
import { sql, type Tx } from '#platform/db.ts'
import { audit } from '../entries/acts.ts'
import { type PublicTable, scopeOf } from './rules.ts'

interface ChangedTable extends PublicTable {
  /** Canonical JSON. */
  readonly text: string
  readonly sha256: Buffer<ArrayBuffer>
  /** The content published before; null if there was none. */
  readonly before: unknown
}

export const hashOf = (text: string): Buffer<ArrayBuffer> =>
  Buffer.from(createHash('sha256').update(text).digest())

/** Lets one transaction publish at a time. Call it before reading the tables. */
export const lockPublished = (tx: Tx): Promise<unknown> =>
  tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtext('published_tables'))`

export async function findChanged(tx: Tx, tables: readonly PublicTable[]): Promise<ChangedTable[]> {
  const rows = await tx.publishedTable.findMany({ where: { name: { in: tables.map(({ name }) => name) } } })
  const known = new Map(rows.map(({ name, sha256 }) => [name, Buffer.from(sha256)]))
  const changed = tables
    .map((table) => {
      const text = canonicalJson(table.content)
      return { ...table, text, sha256: hashOf(text) }
    })
    .filter(({ name, sha256 }) => known.get(name)?.equals(sha256) !== true)
  const kept = await tx.publishedFigures.findMany({
    where: { sha256: { in: changed.flatMap(({ name }) => known.get(name) ?? []) } },
    select: { sha256: true, content: true },
  })
  const contents = new Map(
    kept.map(({ sha256, content }) => [Buffer.from(sha256).toString('hex'), content] as const),
  )
  return changed.map((table) => {
    const content = contents.get(known.get(table.name)?.toString('hex') ?? '')
    return { ...table, before: content ? JSON.parse(new TextDecoder().decode(content)) : null }
  })
}

/** Writes one audit entry per changed table, and stores the contents permanently. */
export async function publishChanged(
  tx: Tx,
  tables: readonly Omit<ChangedTable, 'before'>[],
  now: Instant,
): Promise<void> {
  await tx.publishedFigures.createMany({
    data: tables.map(({ name, sha256, text }) => ({ name, sha256, content: Buffer.from(text) })),
    skipDuplicates: true,
  })
  for (const { name, sha256 } of tables) await notePublished(tx, name, sha256, now)
}

/** Audits a table whose content is stored elsewhere, such as a report's. */
export async function notePublished(
  tx: Tx,
  name: string,
  sha256: Buffer<ArrayBuffer>,
  now: Instant,
): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO published_tables (name, scope, sha256, published_at)
    VALUES (${name}, ${scopeOf(name)}, ${sha256}, ${now})
    ON CONFLICT (name) DO UPDATE SET sha256 = EXCLUDED.sha256, published_at = EXCLUDED.published_at`)
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'figures.published',
    subject: { kind: 'figures', id: name },
    facts: { table: name, sha256: sha256.toString('hex') },
    at: now,
  })
}
