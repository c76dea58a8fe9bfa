import '#server-only'
import { opened, type Particulars } from '#features/cases/particulars/rules.ts'
import { recordOf, SNAPSHOT_FIELDS } from '#features/cases/record/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { caseHash, sameBytes, unseal, unwrap } from '#platform/crypto.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'
import type { DataCheckRun } from './rules.ts'

const { primaryClaim: _, imeiUnknown: __, ...PLAIN } = SNAPSHOT_FIELDS
const COLUMNS = Object.keys(PLAIN).map(
  (field) => `c.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} AS "${field}"`,
)

type Row = Omit<CaseSnapshot, 'primaryClaim' | 'imeiUnknown'> & {
  readonly entry: string
  readonly act: string
  readonly hash: Buffer
  readonly sealed: Buffer
  readonly wrapped: Buffer<ArrayBuffer>
  readonly wrapKeyVersion: number
  readonly numbers: readonly { readonly imei: string; readonly primaryClaim: boolean }[]
}

/**
 * Compares cases from before the records with the keyed hash of their newest entry, as {@link recordOf} makes it. Returns how
 * many could not be opened, because this process has no wrapping key.
 */
export async function compareKeyed({ read, fault }: DataCheckRun, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const rows = await read<Row>(
    `SELECT ${COLUMNS.join(', ')}, c.sealed, k.wrapped, k.wrap_key_version AS "wrapKeyVersion",
       last.id::text AS entry, last.act, last.after_hash AS hash,
       coalesce((SELECT jsonb_agg(jsonb_build_object('imei', i.imei, 'primaryClaim', i.primary_claim) ORDER BY i.ordinal)
         FROM case_imeis i WHERE i.case_id = c.id), '[]') AS numbers
     FROM cases c JOIN case_keys k ON k.case_id = c.id
     JOIN LATERAL (SELECT e.id, e.act, e.after_hash FROM audit_entries e
       WHERE e.case_id = c.id::text AND e.after_hash IS NOT NULL ORDER BY e.id DESC LIMIT 1) last ON true
     WHERE c.id = ANY ($1::uuid[]) AND last.act <> 'case.erase'`,
    [ids],
  )
  if (!hasWrappingKey()) return rows.length
  for (const row of rows)
    if (!isAsSaid(row))
      fault(`case ${row.id} is not what entry ${row.entry} (${row.act}) left, by its keyed hash`)
  return 0
}

function hasWrappingKey(): boolean {
  try {
    return keyWrapper.version() > 0
  } catch {
    return false
  }
}

/** Returns false also if the sealed data or its key cannot be opened, because then one of them was changed. */
function isAsSaid({ hash, sealed, wrapped, wrapKeyVersion, numbers, ...plain }: Row): boolean {
  try {
    const key = unwrap(plain.id, { wrapped, wrapKeyVersion })
    const snapshot = {
      ...plain,
      primaryClaim: numbers.length > 0 && numbers.every(({ primaryClaim }) => primaryClaim),
      imeiUnknown: numbers.length === 0,
    }
    const particulars = opened(unseal<Particulars>(key, 'particulars', sealed))
    return sameBytes(caseHash(key, recordOf(snapshot, particulars, numbers)), hash)
  } catch {
    return false
  }
}
