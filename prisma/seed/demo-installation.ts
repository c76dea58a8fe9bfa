import type { PrismaClient } from '#generated/prisma/client.ts'
import { type Demo, seedCity } from './city.ts'
import { seedDemo } from './demo.ts'

/**
 * Makes what an installation of the embedded default has beyond others, demo accounts and the demo city, and returns whether
 * the city is there.
 *
 * @param dataDir of the embedded default; null with a database of somebody's own, which gets nothing
 */
export async function makeDemo(db: PrismaClient, dataDir: string | null, asked: Demo): Promise<Demo> {
  if (dataDir === null) return 'empty'
  await seedDemo(db, dataDir)
  return seedCity(db, dataDir, asked)
}
