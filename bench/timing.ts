import { randomInt, randomUUID } from 'node:crypto'
import { signIn } from '#features/accounts/sign-in/acts.ts'
import { newCaseNumber } from '#features/cases/numbers/rules.ts'
import { unlockWithCode, unlockWithSecret } from '#features/cases/unlock/acts.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { hashPassword } from '#platform/password.ts'
import type { Bed } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, difference, type Figure, median } from './measure.ts'

/** Blocks of tries; each has its own median. */
const BLOCKS = 25
/** Tries per side, and the same with argon2 in them. */
const TRIES = 10_000
const SLOW_TRIES = 750

const wait = 15 * DAY
const SECRET = 'AAAAA-AAAAA-AAAAA-AAAAA'

type Try = (nth: number) => Promise<unknown>

/**
 * Measures the difference that an outsider could see between unknown and known, over blocks of tries that alternate one
 * by one, beside the difference between two identical sides. The sign is kept until the end, so that chance averages out
 * and a real difference does not.
 */
async function compare(what: string, tries: number, known: Try, unknown: Try): Promise<Figure> {
  const apart: number[] = []
  const chance: number[] = []
  const sides = [known, known, unknown]
  for (let block = 0; block <= BLOCKS; block++) {
    const times: number[][] = [[], [], []]
    for (let nth = 0; nth < tries / BLOCKS; nth++) {
      for (const turn of [0, 1, 2]) {
        const at = (turn + nth) % 3
        const started = performance.now()
        await sides[at]?.(nth)
        times[at]?.push(performance.now() - started)
      }
    }
    // The first tries are slow for every account.
    if (block === 0) continue
    const [one = 0, same = 0, other = 0] = times.map(median)
    apart.push(other - (one + same) / 2)
    chance.push(Math.abs(one - same))
  }
  const between = Math.abs(median(apart))
  return difference(what, 'ms', between, median(chance), { atMost: 0 })
}

/** Measures whether the response time reveals which accounts and cases exist. */
export async function timing(bed: Bed, cases: number): Promise<Bench> {
  const client = connect(await bed.database(cases))
  answerFrom(client)
  try {
    const email = `${randomUUID()}@congan.example`
    const passwordHash = await hashPassword('con mèo ngủ trên mái nhà')
    await client.staffAccount.create({
      data: { email, name: 'Lan', role: 'officer', unitId: 'quan-3', passwordHash },
    })
    // Each try comes after all delays that the previous ones caused.
    let now = new Date()
    const enter = (address: string, password: string) => () => {
      now = addMilliseconds(now, wait)
      return signIn({ email: address, password, otp: '123456', device: undefined }, now)
    }
    const nobody = enter(`${randomUUID()}@congan.example`, 'con mèo ngủ trên mái nhà')
    const numbers = (await client.$queryRaw<{ number: string }[]>`SELECT number FROM cases LIMIT 5000`).map(
      (row) => row.number,
    )
    const there = (nth: number) => numbers[nth % numbers.length] ?? ''
    const none = () => newCaseNumber(randomBuffer)
    const address = () => Array.from({ length: 4 }, () => randomInt(1, 255)).join('.')
    const open = (number: (nth: number) => string) => (nth: number) =>
      unlockWithSecret({ number: number(nth), secret: SECRET }, address(), new Date())
    const status = (number: (nth: number) => string) => (nth: number) =>
      unlockWithCode(
        { number: number(nth), code: '123456', asker: null, submitKey: randomUUID() },
        address(),
        new Date(),
      )
    const figures = [
      await compare(
        'sign-in: no such account',
        SLOW_TRIES,
        enter(email, 'wrong password, long enough'),
        nobody,
      ),
      await compare(
        'sign-in: right password, wrong code',
        SLOW_TRIES,
        enter(email, 'con mèo ngủ trên mái nhà'),
        nobody,
      ),
      await compare('case by secret: no such number', TRIES, open(there), open(none)),
      await compare('case by code: no such number', TRIES, status(there), status(none)),
    ]
    return { name: 'timing', figures, facts: { 'tries a side': `${TRIES}; ${SLOW_TRIES} at signing in` } }
  } finally {
    answerFrom(null)
    await client.$disconnect()
  }
}
