import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#domain/access/actor.ts'
import type { StaffRole } from '#domain/access/roles.ts'
import { insertAccount, type NewAccount } from '#server/accounts/repository.ts'
import { db, type Tx } from '#server/platform/db.ts'
import { hashPassword } from '#server/platform/password.ts'

/** A signed-in person, with an account in the database; police, and an agency's viewer, are of `quan-3` unless told. */
export async function makeStaff(
  role: StaffRole,
  {
    areaId = 'quan-3',
    agencyId = 'quan-3',
    carrierId = null,
  }: { areaId?: string; agencyId?: string; carrierId?: string | null } = {},
): Promise<StaffActor> {
  const id = randomUUID()
  const bound = role === 'officer' || role === 'supervisor' ? areaId : null
  const of = role === 'agency_viewer' ? agencyId : null
  const name = `${role} ${id.slice(0, 4)}`
  await db.staffAccount.create({
    data: { id, email: `${id}@example.vn`, name, role, areaId: bound, agencyId: of, carrierId },
  })
  return { kind: 'staff', id, name, role, areaId: bound, agencyId: of, carrierId }
}

/** An account that has its password already; answers its id. */
export const createAccount = async (tx: Tx, account: NewAccount, password: string): Promise<string> =>
  insertAccount(tx, account, await hashPassword(password))
