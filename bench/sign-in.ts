import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { sealTotpSecret } from '#features/accounts/factors/acts.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import { pathFor } from '#messages/paths.ts'
import { hashPassword } from '#platform/password.ts'
import { fieldsOf } from './form.ts'

export const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ')

/** Signs in a new person with a role as a browser without JavaScript does; returns the session's cookie. */
export async function signIn(url: string, db: PrismaClient, role: StaffRole): Promise<string> {
  const [id, password, secret] = [randomUUID(), randomUUID(), new Secret()]
  const email = `${id}@bench.example`
  const totpSecret = sealTotpSecret(id, secret.bytes)
  await db.staffAccount.create({
    data: {
      ...{ id, email, name: role, role, passwordHash: await hashPassword(password), totpSecret },
      decidesFrom: new Date(0),
    },
  })
  const page = url + pathFor('vi', '/sign-in')
  const first = await fetch(page)
  await first.arrayBuffer()
  const csrf = cookiesOf(first)
  const fields = await fieldsOf(page, csrf, 'name="password"')
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    body: new URLSearchParams({ ...fields, email, password, otp: TOTP.generate({ secret }) }),
    headers: { cookie: csrf, origin: url, 'x-forwarded-for': '10.0.0.1' },
    redirect: 'manual',
  })
  const cookie = cookiesOf(answer)
  if (!cookie.includes('antam-staff')) throw new Error(`signing in answered ${answer.status}`)
  return cookie
}
