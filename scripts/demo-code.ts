/** `npm run demo:code -- EMAIL`: prints a demo account's password and its current one-time code. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import { endWithUsage } from './arguments.ts'

const ACCOUNTS = z.array(
  z.object({ email: z.string(), password: z.string(), totpSecret: z.string() }).partial(),
)

const file = join(process.env.DATA_DIR || '.data', 'demo-accounts.json')
if (!existsSync(file))
  endWithUsage('usage: npm run demo:code -- EMAIL', `${file} is not there: npm start makes it.`)
const people = ACCOUNTS.parse(JSON.parse(readFileSync(file, 'utf8'))).filter(({ email }) => email)
const who = people.find(({ email }) => email === process.argv[2])
if (who?.totpSecret) {
  const secret = Secret.fromBase32(who.totpSecret)
  const left = Math.ceil(TOTP.remaining() / 1000)
  console.log(`password  ${who.password}\ncode      ${TOTP.generate({ secret })}   (${left} s, works once)`)
} else {
  endWithUsage(`usage: npm run demo:code -- EMAIL\n${people.map(({ email }) => `  ${email}`).join('\n')}`)
}
