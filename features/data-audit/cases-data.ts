import '#server-only'
import { opened, type Particulars } from '#features/cases/particulars/rules.ts'
import { recordOf, SNAPSHOT_FIELDS } from '#features/cases/record/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { caseHash, sameBytes, unseal, unwrap } from '#platform/crypto.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'
import { compareAll, differingParts, eachCases, readRecorded, sayDiffering } from './compare-data.ts'
import type { DataCheck, DataCheckRun } from './rules.ts'

/** Compares each case (row, numbers, history, proof checks, files, consents) with the newest entry that recorded it. */
export const casesCheck: DataCheck = {
  name: 'cases',
  async run(of) {
    let [old, unopened] = [0, 0]
    const { read, fault, since } = of
    const removed = await read<{ id: string }>(
      `SELECT DISTINCT case_id AS id FROM audit_entries e
       WHERE e.act IN ('case.submit', 'case.import') AND e.id > coalesce($1::bigint, 0)
         AND NOT EXISTS (SELECT FROM cases c WHERE c.id = e.case_id::uuid) ORDER BY 1`,
      [since],
    )
    for (const { id } of removed) fault(`case ${id} has entries in the log and is not in the database`)
    const count = await eachCases(of, async (ids) => {
      const unsaid = await read<{ id: string }>(
        `SELECT s.id FROM unnest($1::text[]) AS s(id) WHERE NOT EXISTS (
           SELECT FROM audit_entries e WHERE e.case_id = s.id AND e.act IN ('case.submit', 'case.import'))`,
        [ids],
      )
      for (const { id } of unsaid) fault(`case ${id} is in the database, and no entry says that it was sent`)
      const found = await readRecorded(
        read,
        'case',
        ids,
        `e.case_id = s.id AND e.subject_kind IN ('case', 'evidence')`,
      )
      for (const { id, now, entry, act, record } of found) {
        if (entry === null || act === null || record === null) continue
        const parts = differingParts(now, record)
        if (parts.length > 0) fault(sayDiffering(`case ${id}`, parts, entry, act))
      }
      const before = found.filter(({ record }) => record === null).map(({ id }) => id)
      old += before.length
      unopened += await compareKeyed(of, before)
    })
    if (old > 0)
      of.note(
        `${old} were last changed before entries said what they left: of these the keyed hash (version 1) was compared, without files, consents, secret, make and time of the incident${unopened > 0 ? `; ${unopened} of them could not be opened, as the wrapping key is not given (ANTAM_KEY)` : ''}`,
      )
    return count
  },
}

const { primaryClaim: _, imeiUnknown: __, ...PLAIN } = SNAPSHOT_FIELDS
const COLUMNS = Object.keys(PLAIN).map(
  (field) => `c.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} AS "${field}"`,
)

type KeyedRow = Omit<CaseSnapshot, 'primaryClaim' | 'imeiUnknown'> & {
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
async function compareKeyed({ read, fault }: DataCheckRun, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const rows = await read<KeyedRow>(
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
function isAsSaid({ hash, sealed, wrapped, wrapKeyVersion, numbers, ...plain }: KeyedRow): boolean {
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

/** Compares each step of a case's history with the entry of its move, and the other way round. */
export const historyCheck: DataCheck = {
  name: 'case histories',
  run: (of) =>
    eachCases(of, async (ids) => {
      const steps = await of.read<{
        caseId: string
        seq: number
        entry: string | null
        event: boolean
        differs: string | null
      }>(
        `WITH said AS (
           SELECT e.*, coalesce((e.facts->>'version')::int, 1) AS seq FROM audit_entries e
           WHERE e.case_id = ANY ($1) AND e.after_hash IS NOT NULL),
         told AS (SELECT * FROM case_events WHERE case_id = ANY ($1::uuid[]))
         SELECT coalesce(said.case_id, told.case_id::text) AS "caseId", coalesce(said.seq, told.seq) AS seq,
           said.id::text AS entry, told.case_id IS NOT NULL AS event,
           CASE WHEN told.at <> said.at THEN 'time'
             WHEN told.actor_kind <> said.actor_kind OR (told.actor_kind = 'staff' AND told.actor_id::text IS DISTINCT FROM said.actor_id) THEN 'person'
             WHEN said.act NOT IN ('case.submit', 'case.import') AND 'case.' || told.move <> said.act THEN 'act'
             WHEN said.facts ? 'version' AND (told.reason_code IS DISTINCT FROM said.facts->>'reasonCode') THEN 'reason'
             WHEN said.facts ? 'to' AND (told."to"::text <> said.facts->>'to' OR told."from"::text IS DISTINCT FROM said.facts->>'from') THEN 'state'
           END AS differs
         FROM said FULL JOIN told ON told.case_id::text = said.case_id AND told.seq = said.seq
         ORDER BY 1, 2`,
        [ids],
      )
      for (const { caseId, seq, entry, event, differs } of steps) {
        const place = `case ${caseId}: step ${seq} of its history`
        if (entry === null) of.fault(`${place} has no entry in the log`)
        else if (!event) of.fault(`${place} is missing; entry ${entry} says it`)
        else if (differs) of.fault(`${place} has another ${differs} than entry ${entry}`)
      }
      await compareChecks(of, ids)
    }),
}

interface Pair {
  readonly caseId: string
  readonly entry: string | null
  readonly row: boolean
  readonly differs: boolean
}

/** Compares the checks of evidence with the entries of the decisions based on them, both ways. */
async function compareChecks({ read, fault }: DataCheckRun, ids: readonly string[]): Promise<void> {
  const pairs = await read<Pair & { readonly seq: number }>(
    `WITH said AS (
       SELECT e.*, (e.facts->>'version')::int AS seq FROM audit_entries e
       WHERE e.case_id = ANY ($1) AND e.after_hash IS NOT NULL AND e.facts ? 'checkName'),
     found AS (SELECT * FROM proof_checks WHERE case_id = ANY ($1::uuid[]) AND imei IS NOT NULL)
     SELECT coalesce(said.case_id, found.case_id::text) AS "caseId", coalesce(said.seq, found.seq) AS seq,
       said.id::text AS entry, found.case_id IS NOT NULL AS row,
       coalesce(found.account_id::text IS DISTINCT FROM said.actor_id OR found.decided_at <> said.at
         OR found.name::text IS DISTINCT FROM said.facts->>'checkName'
         OR found.device::text IS DISTINCT FROM said.facts->>'checkDevice', false) AS differs
     FROM said FULL JOIN found ON found.case_id::text = said.case_id AND found.seq = said.seq ORDER BY 1, 2`,
    [ids],
  )
  for (const { caseId, seq, entry, row, differs } of pairs) {
    const place = `case ${caseId}: the proof check of step ${seq}`
    if (entry === null) fault(`${place} has no entry in the log`)
    else if (!row) fault(`${place} is missing; entry ${entry} says it`)
    else if (differs) fault(`${place} is not what entry ${entry} says`)
  }
}

/** Compares the openings of papers and contact, which each citizen can read, with their entries. */
export const disclosuresCheck: DataCheck = {
  name: 'cases’ openings of papers',
  run: (of) =>
    eachCases(of, async (ids) => {
      const pairs = await of.read<Pair & { readonly at: Date }>(
        `WITH said AS (
           SELECT * FROM audit_entries WHERE case_id = ANY ($1) AND act = 'case.disclose' AND subject_kind = 'case'),
         opened AS (SELECT * FROM disclosures WHERE case_id = ANY ($1::uuid[]))
         SELECT coalesce(said.case_id, opened.case_id::text) AS "caseId", said.id::text AS entry,
           opened.id IS NOT NULL AS row, coalesce(said.at, opened.opened_at) AS at,
           coalesce(opened.reason::text IS DISTINCT FROM said.facts->>'reason', false) AS differs
         FROM said FULL JOIN opened ON opened.case_id::text = said.case_id AND opened.opened_at = said.at
           AND opened.account_id::text = said.actor_id
         WHERE said.id IS NULL OR opened.id IS NULL OR opened.reason::text IS DISTINCT FROM said.facts->>'reason'
         ORDER BY 1, 4`,
        [ids],
      )
      for (const { caseId, entry, row, at } of pairs) {
        const place = `case ${caseId}: the opening of its papers at ${at.toISOString()}`
        if (entry === null) of.fault(`${place} has no entry in the log`)
        else
          of.fault(
            row
              ? `${place} has another reason than entry ${entry}`
              : `${place} is missing; entry ${entry} says it`,
          )
      }
    }),
}

/** Compares each sent objection (row, history, files, consents) with the newest entry that recorded it. */
export const objectionsCheck: DataCheck = {
  name: 'objections',
  run: (of) =>
    compareAll(of, 'objection', {
      what: 'objection',
      ids: `SELECT id::text AS id FROM objections WHERE state <> 'draft' ORDER BY 1`,
      mustExist: `SELECT id::text AS id FROM objections
        UNION SELECT subject_id FROM audit_entries WHERE act = 'objection.erase'`,
    }),
}
