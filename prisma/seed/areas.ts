import { isDeepStrictEqual } from 'node:util'
import { CITY, CITY_NAME, editionsOf, readFile } from '#cities/city.ts'
import { type AreaEdition, areaEditionSchema, CITY_UNIT, deskOf } from '#features/areas/rules.ts'
import { Prisma, type PrismaClient } from '#generated/prisma/client.ts'

/** Every edition, the earliest first. Each area names the areas of the edition before it that it was formed from. */
const EDITIONS: readonly AreaEdition[] = editionsOf('areas').map((edition) =>
  areaEditionSchema.parse(readFile(`areas-${edition}.json`)),
)
/** The editions' ids, which are years, the earliest first. */
export const EDITION_IDS: readonly string[] = EDITIONS.map(({ edition }) => edition)

/**
 * Writes every edition of areas and units from its file: names, order, responsible units, contact data. The edition in force
 * stays in force; without one, the first is switched on. Returns the number of rows written.
 */
export async function seedAreas(db: PrismaClient): Promise<number> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtext('areas'))`
    await refuseOtherCity(tx)
    // Removes the edition of 2016, which a migration created but not every city has.
    await tx.areaEdition.deleteMany({ where: { id: { notIn: [...EDITION_IDS] } } })
    const known = new Map((await tx.areaEdition.findMany()).map((row) => [row.id, row]))
    const inForce = [...known.values()].some((row) => row.inForce)
    for (const [at, { edition: id, legal_basis: legalBasis, valid_from }] of EDITIONS.entries()) {
      const texts = { legalBasis, validFrom: new Date(valid_from) }
      if (saysTheSame(known.get(id), texts)) continue
      const create = { id, ...texts, inForce: !inForce && at === 0 }
      await tx.areaEdition.upsert({ where: { id }, create, update: texts })
    }
    const areas = EDITIONS.flatMap(areaRows)
    // Units and areas refer to each other: a desk to the area whose cases it has, an area to the unit responsible for it.
    const units = [cityRow(), ...EDITIONS.flatMap(unitRows)]
    const rows = [
      await tx.$executeRaw(written('police_units', UNIT_COLUMNS, units)),
      await tx.$executeRaw(written('police_areas', AREA_COLUMNS, areas)),
      await tx.$executeRaw(written('police_units', UNIT_COLUMNS, EDITIONS.flatMap(deskRows))),
    ]
    const pairs = EDITIONS.flatMap(({ edition, areas: own }) =>
      own.flatMap(({ id, drawn_from }) =>
        drawn_from.map((fromId) => ({ fromId, toId: id, editionId: edition })),
      ),
    )
    const { count } = await tx.areaSuccession.createMany({ data: pairs, skipDuplicates: true })
    await tx.$executeRaw`SELECT renew_unit_services()`
    return rows.reduce((sum, one) => sum + one, count)
  })
}

/** Refuses a database of another city: its cases would be in areas that this city does not have. */
async function refuseOtherCity(tx: Prisma.TransactionClient): Promise<void> {
  const own = EDITIONS.flatMap(({ areas }) => areas.map(({ id }) => id))
  const other = await tx.policeArea.findFirst({ where: { id: { notIn: own } }, select: { nameVi: true } })
  if (other === null) return
  const unit = await tx.policeUnit.findUnique({ where: { id: CITY_UNIT }, select: { nameVi: true } })
  throw new Error(
    `The database is of ${unit?.nameVi} (${other.nameVi}), and CITY=${CITY_NAME} is ${CITY.name.vi}: set CITY as it was, or take another database (DATABASE_URL, or DATA_DIR).`,
  )
}

type Row = Readonly<Record<string, unknown>>

/** Columns and their types in PostgreSQL; the id comes first. */
const AREA_COLUMNS = {
  ...{ id: 'text', edition_id: 'text', ordinal: 'int', name_vi: 'text', name_en: 'text', unit_id: 'text' },
  drawn_from: 'text[]',
}
const UNIT_COLUMNS = {
  ...{
    id: 'text',
    edition_id: 'text',
    kind: 'unit_kind',
    parent_id: 'text',
    area_id: 'text',
    ordinal: 'int',
  },
  ...{ name_vi: 'text', name_en: 'text', address: 'text', phone: 'text', hours_vi: 'text', hours_en: 'text' },
  ...{ latitude: 'float8', longitude: 'float8', source: 'text', checked_on: 'date' },
}

/** Returns the statement that inserts rows, or updates rows with the same id where they differ. */
function written(table: string, columns: Readonly<Record<string, string>>, rows: readonly Row[]): Prisma.Sql {
  const names = Object.keys(columns)
  const all = names.join(', ')
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  const others = names.filter((name) => name !== 'id')
  const told = (of: string) => others.map((name) => `${of}.${name}`).join(', ')
  return Prisma.sql`INSERT INTO ${Prisma.raw(table)} AS t (${Prisma.raw(all)})
    SELECT ${Prisma.raw(all)} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (${Prisma.raw(typed.join(', '))})
    ON CONFLICT (id) DO UPDATE SET ${Prisma.raw(others.map((name) => `${name} = excluded.${name}`).join(', '))}
    WHERE (${Prisma.raw(told('t'))}) IS DISTINCT FROM (${Prisma.raw(told('excluded'))})`
}

const areaRows = ({ edition, areas }: AreaEdition): Row[] =>
  areas.map(({ id, name_vi, name_en, formerly }, at) => ({
    ...{ id, name_vi, name_en, edition_id: edition, ordinal: at + 1, unit_id: id },
    drawn_from: formerly,
  }))

const unitRows = ({ edition, areas, units }: AreaEdition): Row[] =>
  areas.map(({ id, name_vi, name_en, kind }, at) => ({
    ...units.find((one) => one.id === id),
    ...{ id, name_vi, name_en, edition_id: edition, ordinal: at + 1, parent_id: CITY_UNIT },
    kind: kind === 'district' ? 'district' : 'ward',
  }))

const cityRow = (): Row => ({
  ...CITY.unit,
  ...{ id: CITY_UNIT, kind: 'city', ordinal: 0, name_vi: CITY.name.vi, name_en: CITY.name.en },
})

/** Returns the desks of an edition: one for each area of another edition that does not lead to exactly one area of this one. */
function deskRows({ edition, areas }: AreaEdition): Row[] {
  const leads = (from: AreaEdition['areas'][number]): number =>
    areas.filter(({ id, drawn_from }) => drawn_from.includes(from.id) || from.drawn_from.includes(id)).length
  return EDITIONS.filter((other) => other.edition !== edition)
    .flatMap((other) => other.areas)
    .filter((area) => leads(area) !== 1)
    .map(({ id, name_vi, name_en }, at) => ({
      ...{ id: deskOf(id), edition_id: edition, kind: 'desk', parent_id: CITY_UNIT, area_id: id },
      ...{ ordinal: 1_000 + at, name_vi: `Thành phố (địa bàn ${name_vi})`, name_en: `City (${name_en})` },
    }))
}

/** Tells whether a stored row already equals the file's. Columns that the file does not name belong to the product. */
export const saysTheSame = (
  row: Readonly<Record<string, unknown>> | undefined,
  wanted: Readonly<object>,
): boolean =>
  row !== undefined && Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(row[name], value))
