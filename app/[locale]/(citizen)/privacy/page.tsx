import { getLocale, getTranslations } from 'next-intl/server'
import { StandingPage } from '#components/layout/standing-page.tsx'
import { namedIn } from '#features/cases/particulars/rules.ts'
import { readNoticeSettings } from '#features/privacy/data.ts'
import type { Heading } from '#features/reporting/fields/rules.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import { signInName } from '#http/identity.ts'
import { arePhonesRegistered } from '#http/phones.ts'
import type { Access } from '#lib/access/access.ts'
import { cityWords } from '#messages/city.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

const parts = [
  'controller',
  'what',
  'why',
  'who',
  'how',
  'long',
  'list',
  'phones',
  'backups',
  'cookies',
  'rights',
  'complain',
] as const

export const generateMetadata = titled('privacy', 'title')

export default async function PrivacyPage() {
  const [t, locale] = await Promise.all([getTranslations('privacy'), getLocale()])
  const settings = readNoticeSettings()
  const provider = signInName()
  const list = (heading: Heading) =>
    namedIn(heading)
      .map((name) => t(`named.${name}`))
      .join(', ')
  const named = { phone: list('phone'), incident: list('incident'), person: list('person') }
  return (
    <StandingPage
      title={t('title')}
      lead={t('lead')}
      parts={parts
        // The list of cases exists only where citizens can sign in.
        .filter((key) => key !== 'list' || provider !== null)
        .filter((key) => key !== 'phones' || arePhonesRegistered())
        .map((key) => ({
          key,
          title: t(`parts.${key}.title`),
          // The jobs use the same settings, so the numbers are defined once.
          text: t.rich(`parts.${key}.text`, {
            ...richTags,
            ...settings,
            ...named,
            ...cityWords(locale),
            provider: provider ?? '',
            contact: settings.contact ?? t('contact'),
          }),
        }))}
    />
  )
}
