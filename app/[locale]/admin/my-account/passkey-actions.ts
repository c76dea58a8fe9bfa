'use server'
import { z } from 'zod'
import { beginPasskey, finishPasskey, removePasskey } from '#features/accounts/passkeys/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { sessionSecret } from '#http/session.ts'
import { staffAction } from '#http/staff-action.ts'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { parseJson } from '#lib/parse-json.ts'
import { pathFor } from '#messages/paths.ts'

const LARGEST_ANSWER = 16_384

/**
 * Adds a passkey in two forms. The first has a name and a code, and its answer is the request for the device. The second has the
 * device's response, which only this session may send.
 */
export const addPasskeyAction = staffAction(
  {
    schema: z.object({
      submitKey: requiredSubmitKey,
      passkeyName: z.string().optional().default(''),
      passkey: z.string().max(LARGEST_ANSWER, 'passkey.refused').optional().default(''),
      callbackUrl: z.string().max(2000).optional().default(''),
    }),
    enrols: true,
    stepUp: ({ passkey }) => (passkey === '' ? 'always' : null),
  },
  async (actor, { submitKey, passkeyName, passkey, callbackUrl }, { locale, now }) => {
    const token = (await sessionSecret()) ?? ''
    if (passkey === '') {
      const begun = await beginPasskey(actor, token, passkeyName, now)
      if (begun.ok) return { result: { passkeyOptions: JSON.stringify(begun.value) } }
      const field = begun.error === 'missing' || begun.error === 'too_large' ? 'passkeyName' : 'form'
      return { faults: { [field]: `passkey.${begun.error}` } }
    }
    const done = await finishPasskey(actor, token, parseJson(passkey), now, submitKey)
    if (!done.ok) return { faults: { form: `passkey.${done.error}` } }
    const own = pathFor(locale, {
      pathname: '/admin/my-account',
      query: { done: 'passkey' },
      hash: 'passkeys',
    })
    return { to: safeRedirectPath(callbackUrl) ?? own }
  },
)

export const removePasskeyAction = staffAction(
  { schema: z.object({ passkeyId: z.uuid('general.invalid') }), stepUp: 'always' },
  async (actor, { passkeyId }, { locale, now }) => {
    const removed = await removePasskey(actor, passkeyId, now)
    if (!removed.ok) return { faults: { form: `passkey.${removed.error}` } }
    return {
      to: pathFor(locale, { pathname: '/admin/my-account', query: { done: 'no_passkey' }, hash: 'passkeys' }),
    }
  },
)
