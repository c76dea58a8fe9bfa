import { getTranslations } from 'next-intl/server'
import { ImeiLive } from './imei-live.tsx'

export async function ImeiTyping({ name }: { readonly name: string }) {
  const t = await getTranslations('report.typing')
  const words = {
    right: t('right'),
    right14: t('right14'),
    check_digit: t('check_digit'),
    letters: t('letters'),
    length: t('length'),
  }
  return <ImeiLive name={name} words={words} />
}
