import '#server-only'
import { getTranslations } from 'next-intl/server'
import type { PasskeyWords } from '#components/form/passkey-button.tsx'

export async function passkeyWords(
  use: 'sign_in' | 'make' | 'confirm',
  required = false,
): Promise<PasskeyWords> {
  const t = await getTranslations('sign-in.passkey')
  return {
    use: t(use),
    asking: t('asking'),
    scriptless: t(use === 'make' || required ? 'scriptless_must' : 'scriptless'),
    unsupported: t('unsupported'),
    cancelled: t('cancelled'),
    known: t('known'),
    failed: t('failed'),
  }
}
