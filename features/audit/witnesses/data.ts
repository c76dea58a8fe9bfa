import '#server-only'
import { readWitness } from '#lib/transparency/cosignature.ts'
import type { Verifier } from '#lib/transparency/note.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { sha256 } from '#platform/signatures.ts'

export interface Witness extends Verifier {
  readonly line: string
  readonly url: string
}

export const listWitnesses = (): Promise<Witness[]> =>
  Promise.all(
    env().WITNESSES.map(async ({ line, url }) => {
      const verifier = await readWitness(sha256, line)
      if (!verifier) throw new Error(`WITNESSES: ${line} is no key of a witness`)
      return { ...verifier, line, url }
    }),
  )

/** Returns how many witnesses must sign a checkpoint before it is published; by default more than half. */
export const readQuorum = (): number =>
  env().WITNESS_QUORUM ?? (env().WITNESSES.length === 0 ? 0 : Math.floor(env().WITNESSES.length / 2) + 1)

const names = async (): Promise<string[]> => (await listWitnesses()).map(({ name }) => name)

export async function listCosignatures(size: number) {
  const witness = { in: await names() }
  if (witness.in.length === 0) return []
  return db.auditCosignature.findMany({ where: { size, witness }, orderBy: { witness: 'asc' } })
}

export async function findSignedSize(witness: string): Promise<number> {
  const newest = await db.auditCosignature.findFirst({ where: { witness }, orderBy: { size: 'desc' } })
  return Number(newest?.size ?? 0)
}

export const keepCosignature = (size: number, witness: string, line: string, signedAt: Date) =>
  db.auditCosignature.upsert({
    where: { size_witness: { size, witness } },
    create: { size, witness, line, signedAt },
    update: { line, signedAt },
  })

const withCosignatures = async (size: number, note: string): Promise<string> =>
  note + (await listCosignatures(size)).map(({ line }) => line).join('')

interface FoundHead {
  readonly size: bigint
  readonly note: string
  readonly sealedAt: Date
}

/**
 * Returns the newest head with enough witnesses, or the first such one that covers `entries`, with their signatures; or null.
 * Without witnesses every head counts.
 */
export async function findPublishable(entries?: number) {
  const [quorum, signers] = [readQuorum(), await names()]
  // The condition on `size` skips heads before the first cosignature and after the last.
  const [found] = await (entries === undefined
    ? db.$queryRaw<FoundHead[]>`
        SELECT size, note, sealed_at AS "sealedAt" FROM audit_heads h
        WHERE ${quorum === 0} OR (size <= (SELECT max(size) FROM audit_cosignatures) AND (
          SELECT count(*) FROM audit_cosignatures c WHERE c.size = h.size AND c.witness = ANY (${signers})
        ) >= ${quorum})
        ORDER BY size DESC LIMIT 1`
    : db.$queryRaw<FoundHead[]>`
        SELECT size, note, sealed_at AS "sealedAt" FROM audit_heads h
        WHERE size >= ${entries} AND (${quorum === 0} OR (size >= (SELECT min(size) FROM audit_cosignatures) AND (
          SELECT count(*) FROM audit_cosignatures c WHERE c.size = h.size AND c.witness = ANY (${signers})
        ) >= ${quorum}))
        ORDER BY size LIMIT 1`)
  if (!found) return null
  const size = Number(found.size)
  return { size, note: await withCosignatures(size, found.note), sealedAt: found.sealedAt }
}
