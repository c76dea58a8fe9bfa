import '#server-only'
import { cache } from 'react'
import type { PoliceUnit as StoredUnit } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, rawQuery, sql, type Tx } from '#platform/db.ts'
import { type AreaMap, CITY_UNIT, type UnitContact } from './rules.ts'

export interface Named {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
}

interface PoliceArea extends Named {
  readonly unitId: string
  /** `drawnFrom`: the areas of the previous edition; `formerly`: the names of districts in no edition. */
  readonly drawnFrom: readonly Named[]
  readonly formerly: readonly string[]
  /** The areas of the next edition that were drawn from it. */
  readonly became: readonly Named[]
}

/** Police who answer for areas. An unknown contact is null; the city's hotline is shown instead. */
export interface PoliceUnit extends Named {
  readonly kind: 'city' | 'district' | 'ward' | 'desk'
  /** The city's police; null for the city's police themselves. */
  readonly parentId: string | null
  /** True in the edition in force. A unit that has ended no longer answers for anything. */
  readonly inForce: boolean
  readonly address: string | null
  readonly phone: string | null
  readonly hours: { readonly vi: string; readonly en: string } | null
  readonly position: { readonly latitude: number; readonly longitude: number } | null
  /** The publication with these facts, and the local date on which it was consulted. */
  readonly source: string | null
  readonly checkedOn: string | null
}

interface EditionInForce {
  readonly id: string
  readonly switchedAt: Instant | null
}

export const editionInForce = (tx: Tx = db): Promise<EditionInForce> =>
  tx === db ? editionOfPage() : readEdition(tx)

const readEdition = (tx: Tx): Promise<EditionInForce> =>
  tx.areaEdition.findFirstOrThrow({ where: { inForce: true }, select: { id: true, switchedAt: true } })
// Without a scope: everybody may read it.
const editionOfPage = cache(() => readEdition(db))

/** All areas and units, as of the edition in force. */
export interface CityAreas {
  readonly edition: EditionInForce
  /** The areas in force, in their usual order. */
  readonly areas: readonly PoliceArea[]
  /** The areas of every edition, by id, with the districts in no edition from which each was drawn. */
  readonly named: ReadonlyMap<string, Named & { readonly formerly: readonly string[] }>
  /** The units of every edition, by id. */
  readonly units: ReadonlyMap<string, PoliceUnit>
  readonly map: AreaMap
}

/** Reads all areas and units: a few hundred rows. */
async function readPlaces(tx: Tx): Promise<CityAreas> {
  const edition = await editionInForce(tx)
  const areas = await tx.policeArea.findMany({ orderBy: [{ ordinal: 'asc' }, { id: 'asc' }] })
  const units = await tx.policeUnit.findMany({ orderBy: [{ ordinal: 'asc' }, { id: 'asc' }] })
  const successions = await tx.areaSuccession.findMany({ select: { fromId: true, toId: true } })
  const current = areas.filter(({ editionId }) => editionId === edition.id)
  const named = new Map(
    areas.map(({ id, nameVi, nameEn, drawnFrom: formerly }) => [id, { id, nameVi, nameEn, formerly }]),
  )
  const leadsTo = Map.groupBy(
    successions.flatMap(({ fromId, toId }) => [[fromId, toId] as const, [toId, fromId] as const]),
    ([from]) => from,
  )
  const predecessors = Map.groupBy(successions, ({ toId }) => toId)
  const successors = Map.groupBy(successions, ({ fromId }) => fromId)
  const desks = units.filter(({ kind, editionId }) => kind === 'desk' && editionId === edition.id)
  return {
    edition,
    areas: current.map(({ id, nameVi, nameEn, unitId, drawnFrom }) => ({
      ...{ id, nameVi, nameEn, unitId, formerly: drawnFrom },
      drawnFrom: (predecessors.get(id) ?? []).flatMap(({ fromId }) => named.get(fromId) ?? []),
      became: (successors.get(id) ?? []).flatMap(({ toId }) => named.get(toId) ?? []),
    })),
    named,
    units: new Map(units.map((unit) => [unit.id, toUnit(unit, edition.id)])),
    map: {
      inForce: new Map(current.map(({ id, unitId }) => [id, unitId])),
      leadsTo: new Map([...leadsTo].map(([from, pairs]) => [from, pairs.map(([, to]) => to)])),
      areasOf: new Map(
        units.map(({ id, areaId }) => [
          id,
          areaId === null ? areas.filter(({ unitId }) => unitId === id).map((area) => area.id) : [areaId],
        ]),
      ),
      desks: new Map(desks.flatMap(({ id, areaId }) => (areaId === null ? [] : [[areaId, id] as const]))),
      names: new Map(areas.map(({ id, nameVi }) => [id, nameVi])),
      cityUnit: CITY_UNIT,
    },
  }
}

function toUnit({ latitude, longitude, hoursVi, hoursEn, ...row }: StoredUnit, edition: string): PoliceUnit {
  const { id, nameVi, nameEn, kind, parentId, address, phone, source } = row
  return {
    ...{ id, nameVi, nameEn, kind, parentId, address, phone, source },
    inForce: row.editionId === null || row.editionId === edition,
    hours: hoursVi === null ? null : { vi: hoursVi, en: hoursEn ?? hoursVi },
    position: latitude === null || longitude === null ? null : { latitude, longitude },
    checkedOn: row.checkedOn?.toISOString().slice(0, 10) ?? null,
  }
}

export async function putInForce(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.areaEdition.updateMany({ where: { inForce: true }, data: { inForce: false } })
  await tx.areaEdition.update({ where: { id }, data: { inForce: true, switchedAt: now } })
  await tx.$executeRaw`SELECT renew_unit_services()`
}

/** How long a process keeps the areas and units, in milliseconds. A switch of the edition is seen at once. */
const KEPT = 60_000

let kept: { readonly key: string; readonly until: number; readonly places: Promise<CityAreas> } | null = null

export const places = async (tx: Tx = db): Promise<CityAreas> => placesOf(await editionInForce(tx), tx)

/** Returns all areas and units, and keeps the edition in force until the transaction ends. Others may run beside it. */
export async function lockPlaces(tx: Tx): Promise<CityAreas> {
  const lock = sql`SELECT id, switched_at AS "switchedAt" FROM lock_edition()`
  const [edition] = await rawQuery<EditionInForce>(tx, lock)
  if (edition === undefined) throw new Error('no edition is in force')
  return placesOf(edition, tx)
}

function placesOf({ id, switchedAt }: EditionInForce, tx: Tx): Promise<CityAreas> {
  const key = `${id} ${switchedAt?.getTime() ?? ''}`
  if (kept?.key !== key || kept.until < Date.now()) {
    const read = readPlaces(tx)
    kept = { key, until: Date.now() + KEPT, places: read }
    read.catch(() => {
      kept = null
    })
  }
  return kept.places
}

export const policeAreas = async (): Promise<readonly PoliceArea[]> => (await places()).areas

export const knownAreas = async (): Promise<ReadonlyMap<string, Named>> => (await places()).named

export const policeUnits = async (tx?: Tx): Promise<ReadonlyMap<string, PoliceUnit>> =>
  (await places(tx)).units

/** Returns the units of the edition in force to which people can belong. The city's police and its desks are not among them. */
export const unitsInForce = async (): Promise<readonly PoliceUnit[]> =>
  [...(await places()).units.values()].filter(
    ({ kind, inForce }) => inForce && (kind === 'district' || kind === 'ward'),
  )

/** Returns the unit of a case, with how to find it. A desk is found at the city's police, so it has their address and contact. */
export async function unitOf(unitId: string, tx?: Tx): Promise<PoliceUnit | null> {
  const units = await policeUnits(tx)
  const unit = units.get(unitId)
  if (!unit) return null
  const parent = unit.kind === 'desk' ? units.get(unit.parentId ?? '') : undefined
  if (!parent) return unit
  const { address, phone, hours, position, source, checkedOn } = parent
  return { ...unit, address, phone, hours, position, source, checkedOn }
}

export const allUnits = async (): Promise<readonly PoliceUnit[]> => [...(await policeUnits()).values()]

/** Returns how people reach the unit of a case, in their language; unknown ways are absent. */
export async function unitContact(unitId: string, locale: 'vi' | 'en'): Promise<Omit<UnitContact, 'name'>> {
  const unit = await unitOf(unitId)
  if (!unit) return {}
  const { address, phone, hours, position } = unit
  const at = position && `${position.latitude}/${position.longitude}`
  return {
    ...(address !== null && { address }),
    ...(phone !== null && { telephone: phone.replaceAll(' ', '') }),
    ...(hours !== null && { hours: hours[locale] }),
    ...(at && {
      mapUrl: `https://www.openstreetmap.org/?mlat=${position.latitude}&mlon=${position.longitude}#map=17/${at}`,
    }),
  }
}
