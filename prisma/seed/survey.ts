import { randomUUID } from 'node:crypto'
import { questionsSchema } from '#features/questionnaires/questions/rules.ts'
import type { AgencyKind, PrismaClient } from '#generated/prisma/client.ts'
import catalogue from './agencies.json' with { type: 'json' }
import questionnaire from './questions.json' with { type: 'json' }

/**
 * Writes the 2016 edition of the catalogue, open-ended, and the first questionnaire. Doing it again changes
 * nothing: what a survey manager has changed since stays. The file's successions wait for the edition that they
 * lead to. Returns how many agencies and questionnaires it wrote.
 */
export async function seedSurvey(db: PrismaClient): Promise<number> {
  const agencies = (await db.agency.count()) === 0 ? await seedAgencies(db) : 0
  const { count } = await db.questionnaire.createMany({
    data: [
      {
        version: questionnaire.version,
        legalBasis: questionnaire.legal_basis,
        questions: questionsSchema.parse(questionnaire.questions),
        publishedAt: new Date(catalogue.valid_from),
      },
    ],
    skipDuplicates: true,
  })
  return agencies + count
}

async function seedAgencies(db: PrismaClient): Promise<number> {
  const { agencies } = catalogue
  const validFrom = new Date(catalogue.valid_from)
  await db.$transaction([
    db.agency.createMany({
      data: agencies.map(({ id }, at) => ({ id, ordinal: at + 1 })),
      skipDuplicates: true,
    }),
    db.agencyVersion.createMany({
      data: agencies.map((agency) => ({
        id: randomUUID(),
        agencyId: agency.id,
        nameVi: agency.name_vi,
        nameEn: agency.name_en,
        kind: agency.kind as AgencyKind,
        abbreviation: agency.abbreviation,
        validFrom,
      })),
      skipDuplicates: true,
    }),
  ])
  return agencies.length
}
