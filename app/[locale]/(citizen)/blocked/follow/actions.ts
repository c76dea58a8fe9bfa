'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { unlockObjection } from '#features/objections/commands/unlock.ts'
import { citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { enterObjection } from '#http/objection.ts'
import { pathFor } from '#messages/paths.ts'

const typed = z.string().max(200, 'general.invalid').catch('')

/** Opens an objection with its number and secret. */
export const followAction = citizenAction(
  { schema: z.object({ caseNumber: typed, caseSecret: typed }) },
  async ({ caseNumber, caseSecret }, { locale, now }) => {
    const faults = {
      ...(caseNumber.trim() === '' && { caseNumber: 'objection.number_empty' }),
      ...(caseSecret.trim() === '' && { caseSecret: 'track.secret_empty' }),
    }
    if (Object.keys(faults).length > 0) return { faults }
    const address = clientAddress(await headers())
    const unlocked = await unlockObjection({ number: caseNumber, secret: caseSecret }, address, now)
    if (!unlocked.ok) {
      const fault = unlocked.error === 'too_many' ? 'too_many_tries' : unlocked.error
      return { faults: { caseSecret: `objection.${fault}` } }
    }
    await enterObjection(unlocked.value.id, now)
    const page = { pathname: '/blocked/follow/[number]', params: { number: unlocked.value.number } } as const
    return { to: pathFor(locale, page) }
  },
)
