import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sealTotpSecret } from '#features/accounts/factors/acts.ts'
import { receiverKeyHash } from '#features/alerts/receivers/data.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { carrierKeyHash } from '#features/exchange/keys/data.ts'
import type { Prisma, PrismaClient, StaffRole } from '#generated/prisma/client.ts'
import { hashPassword } from '#platform/password.ts'
import { newTotpSecret, totpText } from '#platform/totp.ts'
import { MAIN, SECOND } from './places.ts'

interface DemoPerson {
  readonly role: StaffRole
  readonly email: string
  readonly name: string
  /** The id of a police area, agency or carrier. */
  readonly scope?: string
}

const PEOPLE: readonly DemoPerson[] = [
  { role: 'officer', email: 'officer-1@demo.example', name: 'Nguyễn Minh Đức', scope: MAIN },
  { role: 'officer', email: 'officer-2@demo.example', name: 'Trần Thị Hồng', scope: MAIN },
  { role: 'supervisor', email: 'supervisor-1@demo.example', name: 'Lê Quốc Bảo', scope: MAIN },
  { role: 'supervisor', email: 'supervisor-2@demo.example', name: 'Phạm Thu Hà', scope: MAIN },
  { role: 'officer', email: 'officer-3@demo.example', name: 'Võ Thành Long', scope: SECOND },
  { role: 'city_police', email: 'city-police-1@demo.example', name: 'Đặng Hữu Phước' },
  { role: 'city_police', email: 'city-police-2@demo.example', name: 'Bùi Ngọc Lan' },
  { role: 'relay', email: 'relay-1@demo.example', name: 'Hoàng Gia Khánh' },
  { role: 'relay', email: 'relay-2@demo.example', name: 'Đỗ Thị Yến' },
  { role: 'survey_manager', email: 'survey-manager@demo.example', name: 'Ngô Thanh Tùng' },
  { role: 'survey_manager', email: 'survey-manager-2@demo.example', name: 'Lưu Bích Vân' },
  { role: 'agency_viewer', email: 'agency-viewer@demo.example', name: 'Dương Mỹ Linh', scope: MAIN },
  { role: 'auditor', email: 'auditor@demo.example', name: 'Lý Công Thành' },
  { role: 'admin', email: 'admin@demo.example', name: 'Hồ Anh Tuấn' },
  { role: 'shop', email: 'shop@demo.example', name: 'Cửa hàng Minh Phát' },
]

/** The person responsible for the connection at each carrier. */
const AT_CARRIERS: Readonly<Record<string, string>> = {
  viettel: 'Trịnh Quốc Huy',
  vinaphone: 'Mai Thị Ngọc',
  mobifone: 'Phan Văn Tài',
  vietnamobile: 'Lâm Thảo Vy',
  gmobile: 'Châu Minh Khoa',
}
const atCarrier = (carrier: string): DemoPerson => ({
  ...{ role: 'carrier', email: `${carrier}@demo.example`, name: AT_CARRIERS[carrier] ?? carrier },
  scope: carrier,
})

const random = (bytes: number): string => randomBytes(bytes).toString('base64url')

type Tx = Prisma.TransactionClient

/** A demo account in `demo-accounts.json`; a carrier's key is in the row of its person. */
interface Told {
  readonly role: string
  readonly email?: string
  readonly totpSecret?: string
  readonly carrier?: string
}

function tell(file: string, told: readonly object[]): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(told, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Returns a demo person with new secrets that are not stored yet. */
async function drawn(person: DemoPerson) {
  const [password, secret] = [random(12), newTotpSecret()]
  return { ...person, password, secret, passwordHash: await hashPassword(password) }
}
type Drawn = Awaited<ReturnType<typeof drawn>>

const secretsOf = ({ email, password, secret }: Drawn) => ({ email, password, totpSecret: totpText(secret) })

/** Creates an account, or gives the existing one new secrets. */
async function makePerson(tx: Tx, person: Drawn, now: Date): Promise<void> {
  const { role, email, name, passwordHash, secret, scope = null } = person
  const account = {
    name,
    role,
    passwordHash,
    unitId: role === 'officer' || role === 'supervisor' ? scope : null,
    agencyId: role === 'agency_viewer' ? scope : null,
    carrierId: role === 'carrier' ? scope : null,
    // Only demo accounts may decide immediately (ADR 44).
    decidesFrom: now,
  }
  const { id } = await tx.staffAccount.upsert({
    where: { email },
    create: { email, ...account },
    update: account,
    select: { id: true },
  })
  await setSecret(tx, id, secret)
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'account.demo',
    subject: { kind: 'account', id },
    facts: { role },
    at: now,
  })
}

const setSecret = (tx: Tx, id: string, secret: Uint8Array) =>
  tx.staffAccount.update({
    where: { id },
    data: { totpSecret: sealTotpSecret(id, secret), totpStep: null },
    select: { id: true },
  })

/** Completes the file of an earlier version: second factors, people at the carriers, and new people. */
async function complete(db: PrismaClient, file: string, now: Date): Promise<void> {
  const told: readonly Told[] = JSON.parse(readFileSync(file, 'utf8'))
  const completed: Told[] = []
  for (const one of told) completed.push({ ...one, ...(await missing(db, one, now)) })
  for (const person of PEOPLE.filter(({ email }) => told.every((one) => one.email !== email))) {
    completed.push({ role: person.role, ...(await added(db, person, now)) })
  }
  if (completed.some((one, at) => one.totpSecret !== told[at]?.totpSecret)) tell(file, completed)
}

async function added(db: PrismaClient, one: DemoPerson, now: Date) {
  const person = await drawn(one)
  await db.$transaction((tx) => makePerson(tx, person, now))
  return secretsOf(person)
}

async function missing(db: PrismaClient, one: Told, now: Date): Promise<Partial<Told>> {
  const { email, carrier } = one
  if (one.totpSecret !== undefined) return {}
  if (email === undefined) {
    if (carrier === undefined) return {}
    return added(db, atCarrier(carrier), now)
  }
  const account = await db.staffAccount.findUnique({ where: { email }, select: { id: true } })
  if (!account) return {}
  const secret = newTotpSecret()
  await db.$transaction(async (tx) => {
    await setSecret(tx, account.id, secret)
    const subject = { kind: 'account', id: account.id } as const
    const facts = { why: 'demo' }
    await audit(tx, { actor: { kind: 'system' }, act: 'account.renew_record', subject, facts, at: now })
  })
  return { totpSecret: totpText(secret) }
}

/** The banks and wallets that receive alerts of lost phones in the demonstration. */
const RECEIVERS = ['momo', 'vietcombank']

/** Creates the demo receivers of alerts with a key each, and writes the keys to a file (0600), unless it exists. */
async function seedReceivers(db: PrismaClient, file: string, now: Date): Promise<void> {
  if (existsSync(file)) return
  const keys = Object.fromEntries(RECEIVERS.map((id) => [id, random(32)]))
  await db.$transaction(async (tx) => {
    await tx.alertReceiver.createMany({
      data: RECEIVERS.map((id) => ({ id, addedAt: now })),
      skipDuplicates: true,
    })
    const receiverId = { in: RECEIVERS }
    await tx.receiverKey.updateMany({ where: { receiverId, revokedAt: null }, data: { revokedAt: now } })
    await tx.receiverKey.createMany({
      data: Object.entries(keys).map(([id, key]) => ({
        id: randomUUID(),
        receiverId: id,
        keyHash: receiverKeyHash(key),
        createdAt: now,
      })),
    })
  })
  writeFileSync(`${file}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/**
 * Creates demo accounts and carriers' keys with random passwords and second factors, and writes them to
 * `DATA_DIR/demo-accounts.json` (0600), if that file is missing. For the embedded installation only, never for an
 * external database.
 */
export async function seedDemo(db: PrismaClient, dataDir: string, now = new Date()): Promise<void> {
  await seedReceivers(db, join(dataDir, 'demo-receivers.json'), now)
  const file = join(dataDir, 'demo-accounts.json')
  if (existsSync(file)) return complete(db, file, now)
  const carriers = await db.carrier.findMany({ orderBy: { ordinal: 'asc' }, select: { id: true } })
  const keys = new Map(carriers.map(({ id }) => [id, random(32)]))
  const people = await Promise.all(
    [...PEOPLE, ...carriers.map(({ id }) => atCarrier(id))].map((one) => drawn(one)),
  )
  await db.$transaction(async (tx) => {
    for (const person of people) await makePerson(tx, person, now)
    await tx.carrierKey.updateMany({ where: { revokedAt: null }, data: { revokedAt: now } })
    await tx.carrierKey.createMany({
      data: [...keys].map(([carrierId, key]) => ({
        carrierId,
        keyHash: carrierKeyHash(key),
        createdAt: now,
      })),
    })
    for (const id of keys.keys())
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'carrier.renew_record',
        subject: { kind: 'carrier', id },
        facts: { why: 'demo' },
        at: now,
      })
  })
  const told = people.map((person) => {
    const { role, scope } = person
    const place = role === 'carrier' ? { carrier: scope, apiKey: keys.get(scope ?? '') } : scope && { scope }
    return { role, ...place, ...secretsOf(person) }
  })
  tell(file, told)
}
