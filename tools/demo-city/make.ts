import type { PrismaClient } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { inScope } from '#platform/scope.ts'
import { seedDemo } from './accounts.ts'

/** The two states of an embedded installation: filled with the demo city, or bare. */
type Demo = 'city' | 'empty'

/**
 * Creates the demo accounts and the demo city of the embedded installation, and returns its state.
 *
 * @param dataDir the folder of the embedded installation; null with an external database, which gets neither
 */
export async function makeDemo(db: PrismaClient, dataDir: string | null, asked: Demo): Promise<Demo> {
  if (dataDir === null) return 'empty'
  await seedDemo(db, dataDir)
  return seedCity(db, dataDir, asked)
}

/** Returns whether the demo city was filled in. The audit log states permanently that everything before is invented. */
const isFilled = async (db: PrismaClient): Promise<boolean> =>
  (await db.auditEntry.findFirst({ where: { act: 'installation.demo_filled' }, select: { id: true } })) !==
  null

const isUntouched = (db: PrismaClient): Promise<boolean> =>
  inScope(systemScope(), async () => {
    const any = await Promise.all([
      db.caseKey.findFirst({ select: { caseId: true } }),
      db.surveyTally.findFirst({ select: { agencyId: true } }),
      db.surveySuggestion.findFirst({ select: { id: true } }),
    ])
    return any.every((row) => row === null)
  })

/**
 * Fills an unused installation with the demo city if asked, and returns its state. An interrupted run starts over at the
 * next start. For the embedded installation only, never for an external database.
 */
async function seedCity(db: PrismaClient, dataDir: string, asked: Demo, now = new Date()): Promise<Demo> {
  if (await isFilled(db)) return 'city'
  if (asked === 'empty' || !(await isUntouched(db))) return 'empty'
  // Loaded here, because the image library is needed only once in an installation's life.
  const { fillCity } = await import('./fill.ts')
  await fillCity(db, dataDir, now)
  return 'city'
}
