import '#server-only'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { audit } from './acts.ts'

/** Writes that a command has loaded a reference table: the entry says by its hash what the table is now (ADR 131). */
export const noteLoaded = (set: 'tacs' | 'areas', rows: number, now: Instant): Promise<void> =>
  transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'reference.loaded',
      subject: { kind: 'reference', id: set },
      facts: { sets: set, rows },
      at: now,
    }),
  )
