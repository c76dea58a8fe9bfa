import type { PrismaClient } from '#generated/prisma/client.ts'
import carriers from './carriers.json' with { type: 'json' }
import policeAreas from './police-areas.json' with { type: 'json' }

/** What every installation needs: police areas and carriers. Doing it again mends names and changes nothing else. */
export async function seedReference(db: PrismaClient): Promise<void> {
  for (const [index, { id, nameVi, nameEn }] of policeAreas.entries()) {
    const area = { ordinal: index + 1, nameVi, nameEn }
    await db.policeArea.upsert({ where: { id }, create: { id, ...area }, update: area })
  }
  for (const [index, { id, name }] of carriers.entries()) {
    const carrier = { ordinal: index + 1, name }
    await db.carrier.upsert({ where: { id }, create: { id, ...carrier }, update: carrier })
  }
}
