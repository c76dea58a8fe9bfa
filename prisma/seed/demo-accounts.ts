import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StaffRole } from '#domain/access/roles.ts'
import { createAccount } from '#server/accounts/commands/account.ts'
import { transaction } from '#server/platform/db.ts'

interface DemoAccount {
  readonly role: StaffRole
  readonly name: string
  readonly email: string
  /** A police area, or the agency whose results somebody sees. */
  readonly scope?: string
}

const at = (local: string) => `${local}@demo.antam.invalid`

/** Somebody in every role, and two wherever a second person must confirm the first one's work. */
const PEOPLE: readonly DemoAccount[] = [
  { role: 'officer', name: 'Nguyễn Thu Hà', email: at('can-bo-1.quan-3'), scope: 'quan-3' },
  { role: 'officer', name: 'Trần Quốc Minh', email: at('can-bo-2.quan-3'), scope: 'quan-3' },
  { role: 'supervisor', name: 'Lê Văn Phúc', email: at('chi-huy-1.quan-3'), scope: 'quan-3' },
  { role: 'supervisor', name: 'Phạm Ngọc Lan', email: at('chi-huy-2.quan-3'), scope: 'quan-3' },
  { role: 'officer', name: 'Võ Thanh Tùng', email: at('can-bo-1.quan-1'), scope: 'quan-1' },
  { role: 'city_police', name: 'Đặng Hoài Nam', email: at('cong-an-thanh-pho-1') },
  { role: 'city_police', name: 'Bùi Kim Oanh', email: at('cong-an-thanh-pho-2') },
  { role: 'relay', name: 'Huỳnh Gia Bảo', email: at('vien-thong-1') },
  { role: 'relay', name: 'Đỗ Mai Anh', email: at('vien-thong-2') },
  { role: 'survey_manager', name: 'Ngô Thị Xuân', email: at('khao-sat') },
  { role: 'agency_viewer', name: 'Dương Đức Long', email: at('co-quan'), scope: 'quan-3' },
  { role: 'auditor', name: 'Lý Thiên Kim', email: at('thanh-tra') },
  { role: 'admin', name: 'Hồ Sĩ Dũng', email: at('quan-tri') },
]

export interface DemoCarrier {
  readonly role: 'carrier'
  readonly carrier: string
  readonly apiKey: string
}

/** Where the passwords and keys of a demonstration are written, readable by its owner alone. */
export const demoAccountsFile = (dataDirectory: string): string => join(dataDirectory, 'demo-accounts.json')

/**
 * Makes the demo accounts with passwords of their own and writes them down, unless that was done before. Only the
 * embedded default may call this: a database that somebody set up gets no account that nobody asked for.
 *
 * @param carriers makes the carriers' keys, which are written to the same file
 * @returns whether they were made now
 */
export async function seedDemoAccounts(
  dataDirectory: string,
  carriers: () => Promise<readonly DemoCarrier[]>,
): Promise<boolean> {
  const file = demoAccountsFile(dataDirectory)
  if (existsSync(file)) return false
  const people = PEOPLE.map((person) => ({ ...person, password: randomBytes(15).toString('base64url') }))
  await transaction(async (tx) => {
    await tx.staffAccount.deleteMany({ where: { email: { in: people.map(({ email }) => email) } } })
    for (const { email, name, role, scope = null, password } of people) {
      const agency = role === 'agency_viewer'
      await createAccount(
        tx,
        {
          email,
          name,
          role,
          areaId: agency ? null : scope,
          agencyId: agency ? scope : null,
          carrierId: null,
        },
        password,
      )
    }
  })
  const lines = people.map(({ role, email, password, scope }) => ({
    role,
    email,
    password,
    ...(scope && { scope }),
  }))
  writeFileSync(`${file}.new`, `${JSON.stringify([...lines, ...(await carriers())], null, 2)}\n`, {
    mode: 0o600,
  })
  // Whole or not at all: after a crash they are made again.
  renameSync(`${file}.new`, file)
  return true
}
