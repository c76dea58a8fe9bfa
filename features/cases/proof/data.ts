import '#server-only'
import { listEvidenceKinds } from '#features/evidence/files/page-data.ts'
import { readProofReading } from '#features/evidence/readings/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { db, rawQuery, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type CaseDecision, moveOf } from '../decisions/rules.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { findCase, readStatedPhone } from '../record/data.ts'
import {
  type Answerable,
  answerable,
  type DecisionSpeed,
  type GivenCheck,
  IMEI_CHECKS,
  imeiChecksOf,
  type ProofCheck,
  QUICK_SECONDS,
  SPEED_DAYS,
  suggested,
} from './rules.ts'

/** Returns one answer for all numbers, as the previous release reads it. */
export function joinAnswers({ imeis }: ProofCheck): 'yes' | 'no' | 'not_visible' {
  if (imeis.some(({ answer }) => answer === 'no')) return 'no'
  return imeis.every(({ answer }) => answer === 'yes') ? 'yes' : 'not_visible'
}

/** Counts decisions since then, and the quick ones among them, of one unit or of all. Counts only, without persons. */
async function countDecisionSpeeds(unitId: string | 'all', since: Instant): Promise<DecisionSpeed[]> {
  const ofUnit = unitId === 'all' ? Prisma.empty : Prisma.sql`AND unit_id = ${unitId}`
  const query = Prisma.sql`
    SELECT unit_id AS "unitId", move, count(*)::int AS count,
      (count(*) FILTER (WHERE decided_at - opened_at < make_interval(secs => ${QUICK_SECONDS})))::int AS quick
    FROM proof_checks WHERE decided_at >= ${since} ${ofUnit}
    GROUP BY unit_id, move ORDER BY unit_id NULLS FIRST, move`
  return rawQuery<DecisionSpeed>(db, query)
}

/**
 * Counts the decisions of the last 30 days that came within 30 seconds after opening the evidence. Approvers see their own unit,
 * city police and auditors every unit; null for others.
 */
export async function countQuickDecisions(
  reader: StaffActor,
  now: Instant,
): Promise<readonly DecisionSpeed[] | null> {
  const all = may(reader.role, 'case:resolve_conflict') || may(reader.role, 'audit:read')
  const unit = all ? 'all' : may(reader.role, 'case:approve') ? reader.unitId : null
  if (unit === null) return null
  // The rows contain no personal data, and the reader may see this unit or the whole city.
  return inScope(systemScope(), () => countDecisionSpeeds(unit, addMilliseconds(now, -SPEED_DAYS * DAY)))
}

/**
 * Returns what the checklist of a decision asks now, and the answers that the machine and the kind of evidence suggest; null if
 * the case is not in the person's scope. For forms without a script, and to find missing answers.
 */
export async function readChecklist(
  actor: StaffActor,
  written: string,
  decision: CaseDecision,
): Promise<{ readonly can: Answerable; readonly suggestion: GivenCheck } | null> {
  const scope = staffScope(actor)
  const number = parseCaseNumber(written)
  if (!scope || !number.ok) return null
  const c = await findCase(scope, { number: number.value })
  if (!c || c.erasedAt !== null) return null
  const { imeis } = await inScope(scope, () => openCaseFile(c))
  const keys = imeis.map(({ key14 }) => key14)
  const { files } = await readProofReading(scope, c.id, keys, true)
  const read = files.flatMap(({ found }) => found.map(({ key }) => String(key)))
  return inScope(scope, () =>
    transaction(async (tx) => {
      const { brand, model, colour } = await readStatedPhone(c.id, tx)
      const asked = imeiChecksOf(moveOf(decision, c.state), imeis)
      const can = answerable(asked, await listEvidenceKinds(tx, [c.id]), [brand, model, colour].some(Boolean))
      return {
        can,
        suggestion: suggested(
          can,
          IMEI_CHECKS.filter((_, at) => read.includes(keys[at] ?? '')),
        ),
      }
    }),
  )
}
