import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PrismaClient, StaffRole } from '#generated/prisma/client.ts'
import { sealTotpSecret } from '#server/accounts/commands/second-factor.ts'
import { audit } from '#server/audit/commands.ts'
import { carrierKeyHash } from '#server/exchange/loaders/keys.ts'
import { hashPassword } from '#server/platform/password.ts'
import { newTotpSecret, totpText } from '#server/platform/totp.ts'

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

/** A demo account as `demo-accounts.json` tells it, or a carrier's key. */
interface Told {
  readonly role: string
  readonly email?: string
  readonly totpSecret?: string
}

function tell(file: string, told: readonly object[]): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(told, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Accounts of before there was a second factor get theirs, once. */
async function addSecondFactors(db: PrismaClient, file: string): Promise<void> {
  const told: readonly Told[] = JSON.parse(readFileSync(file, 'utf8'))
  const without = (one: Told) => one.email !== undefined && one.totpSecret === undefined
  if (!told.some(without)) return
  const completed: Told[] = []
  for (const one of told) {
    const account = without(one)
      ? await db.staffAccount.findUnique({ where: { email: one.email ?? '' }, select: { id: true } })
      : null
    if (!account) {
      completed.push(one)
      continue
    }
    const secret = newTotpSecret()
    const totpSecret = sealTotpSecret(account.id, secret)
    await db.staffAccount.update({
      where: account,
      data: { totpSecret, totpStep: null },
      select: { id: true },
    })
    completed.push({ ...one, totpSecret: totpText(secret) })
  }
  tell(file, completed)
}

/**
 * Demo accounts and carriers' keys with random passwords and second factors, told in `DATA_DIR/demo-accounts.json` (0600). Made when that
 * file is missing, which is once; for the embedded installation only, never for a database of somebody's own.
 */
export async function seedDemo(db: PrismaClient, dataDir: string, now = new Date()): Promise<void> {
  const file = join(dataDir, 'demo-accounts.json')
  if (existsSync(file)) return addSecondFactors(db, file)
  const people = await Promise.all(
    PEOPLE.map(async (person) => {
      const [password, secret] = [random(12), newTotpSecret()]
      return { ...person, password, secret, passwordHash: await hashPassword(password) }
    }),
  )
  const carriers = await db.carrier.findMany({ orderBy: { ordinal: 'asc' }, select: { id: true } })
  const keys = carriers.map(({ id }) => ({ carrier: id, apiKey: random(32) }))

  await db.$transaction(async (tx) => {
    for (const { email, name, role, scope, passwordHash, secret } of people) {
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
      const totpSecret = sealTotpSecret(id, secret)
      await tx.staffAccount.update({
        where: { id },
        data: { totpSecret, totpStep: null },
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
    ...people.map(({ role, email, password, secret, scope }) => ({
      ...{ role, email, password, totpSecret: totpText(secret) },
      ...(scope && { scope }),
    })),
    ...keys.map((key) => ({ role: 'carrier', ...key })),
  ]
  tell(file, told)
}
