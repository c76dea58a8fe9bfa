import '#server-only'
import { countViewers } from '#features/accounts/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { readCatalogue } from '../data.ts'
import {
  type AgencyName,
  type AgencyVersion,
  type Catalogue,
  openOn,
  type Succession,
  type SuccessionKind,
  successorsOn,
  versionOn,
} from '../rules.ts'
import {
  type CatalogueRefusal,
  countPublishedAnswers,
  describeBasis,
  explainImpossible,
  findBuiltUpon,
  findEdition,
  findLastAnswered,
  listChanges,
  type MadeChange,
  planChange,
  type Wanted,
} from './data.ts'
import { firstPossibleDay, leftAlone } from './edition-rules.ts'
import { afterChange, type Change, checkChange } from './rules.ts'

export type { MadeChange } from './data.ts'

export interface EditionState {
  readonly id: string
  /** The day from which it is switched on; null while it is off. */
  readonly on: string | null
  readonly changeId: string | null
  readonly firstDay: string
  /** The first day that no answer and no other change excludes; null if the edition is on, or if no day is possible. */
  readonly firstFreeDay: string | null
  readonly departments: number
  readonly units: number
}

export async function readEditionState(id: string): Promise<EditionState | null> {
  const edition = await findEdition(id)
  if (edition === null) return null
  const [[made], now] = await Promise.all([listChanges({ editionId: id }), readCatalogue()])
  const answered = await findLastAnswered(made ? [] : openIn(now))
  return {
    id,
    on: made?.on ?? null,
    changeId: made?.id ?? null,
    firstDay: edition.valid_from,
    firstFreeDay: made
      ? null
      : firstPossibleDay(edition, now, { today: edition.valid_from, lastAnswered: answered }),
    departments: edition.departments.length,
    units: edition.units.length,
  }
}

const openIn = ({ versions }: Catalogue): string[] =>
  versions.filter(({ validTo }) => validTo === null).map(({ id }) => id)

export interface ListedChange extends MadeChange {
  readonly withdrawable: boolean
}

export async function readManagedCatalogue(actor: StaffActor, now: Instant) {
  if (!may(actor.role, 'survey:read')) return null
  const today = localDate(now)
  const [all, made, editions] = await Promise.all([readCatalogue(), listChanges(), listEditions()])
  const upon = new Set((await findBuiltUpon(made.map(({ id }) => id))).map(({ change }) => change))
  const open = openOn(all, today)
  const isOpen = new Set(open.map(({ id }) => id))
  const last = new Map(all.versions.filter(({ validFrom }) => validFrom <= today).map((one) => [one.id, one]))
  return {
    open,
    coming: all.versions.filter(({ validFrom }) => validFrom > today),
    ended: [...last.values()].filter(({ id }) => !isOpen.has(id)),
    changes: made.map((change) => ({ ...change, withdrawable: !upon.has(change.id) })),
    editions: (await Promise.all(editions.map(readEditionState))).filter((state) => state !== null),
    today,
  }
}

const listEditions = async (): Promise<string[]> =>
  (await db.agencyEdition.findMany({ orderBy: { id: 'asc' }, select: { id: true } })).map(({ id }) => id)

export interface ManagedAgency {
  readonly agency: AgencyVersion
  readonly isOpen: boolean
  readonly versions: readonly AgencyVersion[]
  readonly from: readonly Succession[]
  readonly to: readonly Succession[]
  readonly published: number
  readonly nameOf: ReadonlyMap<string, AgencyName>
}

export async function readManagedAgency(actor: StaffActor, id: string, now: Instant) {
  if (!may(actor.role, 'survey:read')) return null
  const { versions: all, successions } = await readCatalogue()
  const versions = all.filter((version) => version.id === id)
  const open = versionOn(versions, localDate(now))
  const agency = open ?? versions.at(-1)
  if (agency === undefined) return null
  return {
    agency,
    isOpen: open !== null,
    versions: versions.toReversed(),
    from: successions.filter(({ to }) => to === id),
    to: successions.filter(({ from }) => from === id),
    published: (await countPublishedAnswers([id])).get(id) ?? 0,
    nameOf: new Map(all.map((version) => [version.id, version])),
  }
}

export interface AgencyEffect {
  readonly agency: AgencyVersion
  readonly goesOn: boolean
  readonly published: number
  /** The number of kiosks and viewers' accounts bound to the agency that are not moved. Such kiosks take no more answers. */
  readonly kiosks: number
  readonly viewers: number
  readonly kinds: readonly SuccessionKind[]
  readonly successors: readonly AgencyVersion[]
}

export interface Preview {
  readonly change: Change
  /** The state on which the preview is based. It is sent with the decision. */
  readonly basedOn: string
  readonly effects: readonly AgencyEffect[]
  readonly opens: readonly AgencyVersion[]
  /** Agencies that had ended before and that an edition names without changing them. */
  readonly leftAlone: readonly Pick<AgencyEffect, 'agency' | 'successors'>[]
}

export async function previewChange(
  actor: StaffActor,
  wanted: Wanted,
  now: Instant,
): Promise<{ readonly preview: Preview } | { readonly refused: CatalogueRefusal }> {
  if (!may(actor.role, 'survey:manage')) return { refused: { kind: 'forbidden' } }
  const before = await readCatalogue()
  const planned = await planChange(wanted, before)
  if (!planned.ok) return { refused: planned.error }
  const change = planned.value
  const answered = await findLastAnswered(change.closes)
  const possible = checkChange(change, before, { today: localDate(now), lastAnswered: answered })
  if (!possible.ok) return { refused: await explainImpossible(possible.error) }
  const after = afterChange(before, change)
  return {
    preview: {
      change,
      basedOn: describeBasis(change, before),
      effects: await effectsOf(change, before, after, now),
      opens: openOn(after, change.on).filter(({ versionId }) => versionId === ''),
      leftAlone: (await leftBy(wanted, before, change.on)).map((agency) => ({
        agency,
        successors: successorsOn(after, agency.id, change.on),
      })),
    },
  }
}

async function leftBy(wanted: Wanted, before: Catalogue, on: string): Promise<readonly AgencyVersion[]> {
  const edition = 'edition' in wanted ? await findEdition(wanted.edition) : null
  return edition ? leftAlone(edition, before, on) : []
}

async function effectsOf(
  { closes, opens, on, successions }: Change,
  before: Catalogue,
  after: Catalogue,
  now: Instant,
): Promise<AgencyEffect[]> {
  const stays = new Set(opens.map(({ id }) => id))
  const ends = closes.filter((id) => !stays.has(id))
  const [published, kiosks, viewers] = await Promise.all([
    countPublishedAnswers(closes),
    countKiosks(ends, now),
    countViewers(ends),
  ])
  return before.versions
    .filter(({ id, validTo }) => validTo === null && closes.includes(id))
    .map((agency) => ({
      agency,
      goesOn: stays.has(agency.id),
      published: published.get(agency.id) ?? 0,
      kiosks: kiosks.get(agency.id) ?? 0,
      viewers: viewers.get(agency.id) ?? 0,
      kinds: [...new Set(successions.filter(({ from }) => from === agency.id).map(({ kind }) => kind))],
      successors: successorsOn(after, agency.id, on),
    }))
}

async function countKiosks(agencies: readonly string[], now: Instant): Promise<Map<string, number>> {
  const rows = await db.kiosk.groupBy({
    by: ['agencyId'],
    where: { agencyId: { in: [...agencies] }, revokedAt: null, expiresAt: { gt: now } },
    _count: true,
  })
  return new Map(rows.map(({ agencyId, _count }) => [agencyId, _count]))
}
