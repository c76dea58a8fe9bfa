import { randomUUID } from 'node:crypto'
import { editionsOf, readFile } from '#cities/city.ts'
import { type FirstEdition, firstEditionSchema } from '#features/agencies/changes/edition-rules.ts'
import { dayBefore } from '#features/agencies/changes/rules.ts'
import { firstQuestionnaireSchema } from '#features/questionnaires/questions/rules.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'

/**
 * Writes the city's first edition of the catalogue, open-ended, and the first questionnaire. A second run changes nothing, so
 * that a survey manager's changes stay. Returns how many agencies and questionnaires it wrote.
 */
export async function seedSurvey(db: PrismaClient): Promise<number> {
  const edition = firstEditionSchema.parse(readFile(`agencies-${editionsOf('agencies')[0]}.json`))
  const { version, legal_basis, questions } = firstQuestionnaireSchema.parse(readFile('questions.json'))
  const agencies = (await db.agency.count()) === 0 ? await seedAgencies(db, edition) : 0
  const publishedAt = new Date(edition.valid_from)
  const { count } = await db.questionnaire.createMany({
    data: [{ version, legalBasis: legal_basis, questions, publishedAt }],
    skipDuplicates: true,
  })
  return agencies + count
}

async function seedAgencies(db: PrismaClient, edition: FirstEdition): Promise<number> {
  const { agencies, former } = edition
  const validFrom = new Date(edition.valid_from)
  const changeId = randomUUID()
  const kept = ({
    id,
    name_vi,
    name_en,
    kind,
    abbreviation,
  }: (typeof former)[number] | (typeof agencies)[number]) => ({
    ...{ id: randomUUID(), agencyId: id, nameVi: name_vi, nameEn: name_en, kind, abbreviation },
  })
  await db.$transaction([
    db.agency.createMany({
      data: [...agencies, ...former].map(({ id }, at) => ({ id, ordinal: at + 1 })),
      skipDuplicates: true,
    }),
    db.catalogueChange.createMany({
      data: former.slice(0, 1).map(({ basis }) => ({
        ...{ id: changeId, kind: 'merge' as const, on: validFrom, basis, madeAt: validFrom },
      })),
    }),
    db.agencyVersion.createMany({
      data: [
        ...agencies.map((agency) => ({ ...kept(agency), areas: agency.areas, validFrom })),
        // It is not known since when they existed. One day is enough to find them.
        ...former.map((agency) => ({
          ...kept(agency),
          ...{ validFrom: new Date(dayBefore(edition.valid_from)), validTo: validFrom, closedById: changeId },
        })),
      ],
      skipDuplicates: true,
    }),
    db.agencySuccession.createMany({
      data: former.flatMap(({ id, to, basis }) =>
        to.map((heir) => ({
          on: validFrom,
          kind: 'merge' as const,
          basis,
          fromId: id,
          toId: heir,
          changeId,
        })),
      ),
    }),
  ])
  return agencies.length + former.length
}
