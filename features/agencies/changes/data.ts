import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { AgencyName, Catalogue } from '../rules.ts'
import { type Edition, editionChange, editionSchema } from './edition-rules.ts'
import { type FormFaults, readCatalogueChange, type TypedChange } from './form-rules.ts'
import type { Change, ChangeFault, ChangeKind } from './rules.ts'

export const day = (date: Date): string => date.toISOString().slice(0, 10)

/** Any number that no other lock uses. */
const CATALOGUE_LOCK = 7_320_251

/** Locks the catalogue for one change, and waits for the answers at the agencies that it ends. */
export async function lockCatalogue(tx: Tx, closes: readonly string[]): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CATALOGUE_LOCK}::bigint)`
  await tx.$queryRaw`
    SELECT 1 FROM agency_versions WHERE agency_id = ANY(${[...closes]}::text[]) AND valid_to IS NULL
    ORDER BY id FOR UPDATE`
}

/** Returns the latest day of service rated at the present version of each agency, of excluded answers too. */
export async function findLastAnswered(agencies: readonly string[], tx: Tx = db) {
  const rows = await tx.$queryRaw<{ agency: string; last: string }[]>`
    SELECT v.agency_id AS agency, r.last::text AS last FROM agency_versions v
    CROSS JOIN LATERAL (SELECT greatest(
      (SELECT max(service_date) FROM survey_responses WHERE agency_version_id = v.id),
      (SELECT max(service_date) FROM survey_kiosk_responses WHERE agency_version_id = v.id),
      (SELECT max(service_date) FROM survey_invited_responses WHERE agency_version_id = v.id),
      (SELECT max(service_date) FROM survey_excluded_responses WHERE agency_version_id = v.id)) AS last) r
    WHERE v.agency_id = ANY(${[...agencies]}::text[]) AND v.valid_to IS NULL AND r.last IS NOT NULL`
  return new Map(rows.map(({ agency, last }) => [agency, last]))
}

export async function countPublishedAnswers(agencies: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.surveyTally.groupBy({
    by: ['agencyId'],
    where: { agencyId: { in: [...agencies] } },
    _sum: { published: true },
  })
  return new Map(rows.map(({ agencyId, _sum }) => [agencyId, _sum.published ?? 0]))
}

/** Writes a change that was found possible. Call it with the catalogue locked. */
export async function applyChange(
  tx: Tx,
  change: Change,
  { id, editionId, at }: { readonly id: string; readonly editionId: string | null; readonly at: Instant },
): Promise<void> {
  const on = new Date(change.on)
  await tx.catalogueChange.create({
    data: { id, kind: change.kind, on, basis: change.basis, editionId, madeAt: at },
    select: { id: true },
  })
  await tx.agencyVersion.updateMany({
    where: { agencyId: { in: [...change.closes] }, validTo: null },
    data: { validTo: on, closedById: id },
  })
  const { _max } = await tx.agency.aggregate({ _max: { ordinal: true } })
  const next = (_max.ordinal ?? 0) + 1
  await tx.agency.createMany({
    data: change.opens.map(({ id }, at) => ({ id, ordinal: next + at })),
    skipDuplicates: true,
  })
  await tx.agencyVersion.createMany({
    data: change.opens.map(({ id: agencyId, areas, ...opening }) => ({
      ...opening,
      areas: [...areas],
      agencyId,
      validFrom: on,
      openedById: id,
    })),
  })
  await tx.agencySuccession.createMany({
    data: change.successions.map(({ kind, from, to, basis }) => ({
      on,
      kind,
      basis,
      fromId: from,
      toId: to,
      changeId: id,
    })),
  })
}

export interface MadeChange {
  readonly id: string
  readonly kind: ChangeKind
  readonly on: string
  readonly basis: string
  readonly edition: string | null
  readonly opens: readonly AgencyName[]
  readonly closes: readonly AgencyName[]
}

const touched = { select: { nameVi: true, nameEn: true }, orderBy: { agency: { ordinal: 'asc' } } } as const

export async function listChanges(where: Prisma.CatalogueChangeWhereInput = {}, tx: Tx = db) {
  const rows = await tx.catalogueChange.findMany({
    where,
    orderBy: [{ on: 'desc' }, { id: 'desc' }],
    take: 200,
    include: { opened: touched, closed: touched },
  })
  return rows.map(
    ({ id, kind, on, basis, editionId, opened, closed }): MadeChange => ({
      id,
      kind,
      on: day(on),
      basis,
      edition: editionId,
      opens: opened,
      closes: closed,
    }),
  )
}

/** Returns the change to withdraw before another can be made: the one that ended or opened the agency; null if there is none. */
async function changeBehind(why: ChangeFault, tx: Tx = db): Promise<MadeChange | null> {
  if (why.fault === 'past' || why.fault === 'answered') return null
  const some = { some: { agencyId: why.agency } }
  const [last] = await listChanges(why.fault === 'ended' ? { closed: some } : { opened: some }, tx)
  return last ?? null
}

/**
 * Returns what prevents changes from being undone, by agency. `answered`: a version that the change opened has answers.
 * `changed`: a later change closed a version that the change opened. For a version that the change closed: the agency has begun
 * again since, an open agency has its name now, or an edition was switched on that found it ended.
 */
export async function findBuiltUpon(changeIds: readonly string[], tx: Tx = db) {
  return tx.$queryRaw<
    (AgencyName & { readonly change: string; readonly answered: boolean; readonly changed: boolean })[]
  >`
    SELECT * FROM (
      SELECT v.opened_by::text AS change, v.name_vi AS "nameVi", v.name_en AS "nameEn", v.closed_by IS NOT NULL AS changed,
        EXISTS (SELECT FROM survey_responses r WHERE r.agency_version_id = v.id)
          OR EXISTS (SELECT FROM survey_kiosk_responses r WHERE r.agency_version_id = v.id)
          OR EXISTS (SELECT FROM survey_invited_responses r WHERE r.agency_version_id = v.id)
          OR EXISTS (SELECT FROM survey_excluded_responses r WHERE r.agency_version_id = v.id) AS answered, v.id
      FROM agency_versions v WHERE v.opened_by = ANY(${[...changeIds]}::uuid[])
      UNION ALL
      SELECT c.id::text, v.name_vi, v.name_en,
        EXISTS (SELECT FROM agency_versions w WHERE w.opened_by IS DISTINCT FROM c.id
          AND (w.agency_id = v.agency_id AND w.valid_from >= v.valid_to
            OR w.agency_id <> v.agency_id AND w.valid_to IS NULL AND lower(w.name_vi) = lower(v.name_vi)))
        OR EXISTS (SELECT FROM catalogue_changes e WHERE e.edition_id IS NOT NULL AND e.id <> c.id
            AND e.made_at >= c.made_at AND e.on >= c.on)
          AND NOT EXISTS (SELECT FROM agency_versions w WHERE w.opened_by = c.id AND w.agency_id = v.agency_id),
        false, v.id
      FROM agency_versions v JOIN catalogue_changes c ON c.id = v.closed_by
      WHERE c.id = ANY(${[...changeIds]}::uuid[])) b
    WHERE answered OR changed ORDER BY id`
}

/** Locks the versions that a change opened, so that they get no answers while it is undone. */
export async function lockOpened(tx: Tx, changeId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CATALOGUE_LOCK}::bigint)`
  await tx.$queryRaw`
    SELECT 1 FROM agency_versions WHERE opened_by = ${changeId}::uuid ORDER BY id FOR UPDATE`
}

/** Undoes a change: deletes the versions that it opened and reopens those that it closed; false if it is gone. */
export async function undoChange(tx: Tx, changeId: string): Promise<boolean> {
  await tx.agencySuccession.deleteMany({ where: { changeId } })
  await tx.agencyVersion.deleteMany({ where: { openedById: changeId } })
  await tx.agencyVersion.updateMany({
    where: { closedById: changeId },
    data: { validTo: null, closedById: null },
  })
  const { count } = await tx.catalogueChange.deleteMany({ where: { id: changeId } })
  return count === 1
}

export async function findEdition(id: string, tx: Tx = db): Promise<Edition | null> {
  const row = await tx.agencyEdition.findUnique({ where: { id }, select: { content: true } })
  return row && editionSchema.parse(row.content)
}

/** Stores an edition for later. `in_force`: it is already switched on with other content, and stays as it is. */
export async function storeEdition(tx: Tx, edition: Edition, at: Instant) {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CATALOGUE_LOCK}::bigint)`
  const where = { id: edition.edition }
  const known = await tx.agencyEdition.findUnique({ where, include: { change: { select: { id: true } } } })
  if (known && JSON.stringify(editionSchema.parse(known.content)) === JSON.stringify(edition)) return 'same'
  if (known?.change) return 'in_force'
  const data = { content: structuredClone(edition), loadedAt: at }
  await tx.agencyEdition.upsert({ where, create: { ...where, ...data }, update: data, select: { id: true } })
  return 'loaded'
}

export type CatalogueRefusal =
  | { readonly kind: 'forbidden' | 'stale' | 'not_loaded' }
  | { readonly kind: 'faults'; readonly faults: FormFaults }
  | {
      readonly kind: 'impossible'
      readonly why: ChangeFault
      readonly behind: MadeChange | null
    }

export type Wanted = { readonly typed: TypedChange } | { readonly edition: string; readonly on: string }

/** Returns the state that a change was planned on: a different one when it is made means that another person was first. */
export const describeBasis = (change: Change, { versions }: Catalogue): string =>
  [
    ...versions
      .filter(({ id, validTo }) => validTo === null && change.closes.includes(id))
      .map((version) => version.versionId)
      .toSorted(),
    ...change.opens.map(({ id }) => id),
  ].join(' ')

/** Returns the requested change to the present catalogue. It does not check whether the change is possible. */
export async function planChange(
  wanted: Wanted,
  now: Catalogue,
  tx?: Tx,
): Promise<Result<Change, CatalogueRefusal>> {
  if ('edition' in wanted) {
    const edition = await findEdition(wanted.edition, tx)
    return edition ? ok(editionChange(edition, now, wanted.on)) : err({ kind: 'not_loaded' })
  }
  const read = readCatalogueChange(wanted.typed, now)
  return read.ok ? read : err({ kind: 'faults', faults: read.error })
}

/** Returns the refusal of an impossible change: the fault, and the earlier change to withdraw first, if there is one. */
export const explainImpossible = async (why: ChangeFault, tx?: Tx): Promise<CatalogueRefusal> => ({
  kind: 'impossible',
  why,
  behind: await changeBehind(why, tx),
})
