import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PrismaClient, StaffRole } from '#generated/prisma/client.ts'
import { audit } from '#server/audit/commands.ts'
import { carrierKeyHash } from '#server/exchange/loaders/keys.ts'
import { hashPassword } from '#server/platform/password.ts'

interface DemoPerson {
  readonly role: StaffRole
  readonly email: string
  readonly name: string
  /** Police area or agency. */
  readonly scope?: string
}

const PEOPLE: readonly DemoPerson[] = [
  { role: 'officer', email: 'officer-1@demo.example', name: 'Nguyễn Minh Đức', scope: 'quan-3' },
  { role: 'officer', email: 'officer-2@demo.example', name: 'Trần Thị Hồng', scope: 'quan-3' },
  { role: 'supervisor', email: 'supervisor-1@demo.example', name: 'Lê Quốc Bảo', scope: 'quan-3' },
  { role: 'supervisor', email: 'supervisor-2@demo.example', name: 'Phạm Thu Hà', scope: 'quan-3' },
  { role: 'officer', email: 'officer-3@demo.example', name: 'Võ Thành Long', scope: 'quan-1' },
  { role: 'city_police', email: 'city-police-1@demo.example', name: 'Đặng Hữu Phước' },
  { role: 'city_police', email: 'city-police-2@demo.example', name: 'Bùi Ngọc Lan' },
  { role: 'relay', email: 'relay-1@demo.example', name: 'Hoàng Gia Khánh' },
  { role: 'relay', email: 'relay-2@demo.example', name: 'Đỗ Thị Yến' },
  { role: 'survey_manager', email: 'survey-manager@demo.example', name: 'Ngô Thanh Tùng' },
  { role: 'agency_viewer', email: 'agency-viewer@demo.example', name: 'Dương Mỹ Linh', scope: 'quan-3' },
  { role: 'auditor', email: 'auditor@demo.example', name: 'Lý Công Thành' },
  { role: 'admin', email: 'admin@demo.example', name: 'Hồ Anh Tuấn' },
]

const random = (bytes: number): string => randomBytes(bytes).toString('base64url')

/**
 * Demo accounts and carriers' keys with random passwords, told in `DATA_DIR/demo-accounts.json` (0600). Made when that
 * file is missing, which is once; for the embedded installation only, never for a database of somebody's own.
 */
export async function seedDemo(db: PrismaClient, dataDir: string, now = new Date()): Promise<void> {
  const file = join(dataDir, 'demo-accounts.json')
  if (existsSync(file)) return
  const people = await Promise.all(
    PEOPLE.map(async (person) => {
      const password = random(12)
      return { ...person, password, passwordHash: await hashPassword(password) }
    }),
  )
  const carriers = await db.carrier.findMany({ orderBy: { ordinal: 'asc' }, select: { id: true } })
  const keys = carriers.map(({ id }) => ({ carrier: id, apiKey: random(32) }))

  await db.$transaction(async (tx) => {
    for (const { email, name, role, scope, passwordHash } of people) {
      const police = role === 'officer' || role === 'supervisor'
      const account = {
        name,
        role,
        passwordHash,
        areaId: police ? (scope ?? null) : null,
        agencyId: role === 'agency_viewer' ? (scope ?? null) : null,
      }
      const { id } = await tx.staffAccount.upsert({
        where: { email },
        create: { email, ...account },
        update: account,
        select: { id: true },
      })
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'account.demo',
        subject: { kind: 'account', id },
        facts: { role },
        at: now,
      })
    }
    await tx.carrierKey.updateMany({ where: { revokedAt: null }, data: { revokedAt: now } })
    await tx.carrierKey.createMany({
      data: keys.map(({ carrier, apiKey }) => ({
        carrierId: carrier,
        keyHash: carrierKeyHash(apiKey),
        createdAt: now,
      })),
    })
  })

  const told = [
    ...people.map(({ role, email, password, scope }) => ({ role, email, password, ...(scope && { scope }) })),
    ...keys.map((key) => ({ role: 'carrier', ...key })),
  ]
  writeFileSync(`${file}.new`, `${JSON.stringify(told, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
