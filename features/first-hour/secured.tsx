import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PROTECTIONS, type Protection } from './rules.ts'

/** Renders what a person said they have locked, with a link to the rest; nothing where they have locked nothing. */
export async function Secured({ secured }: { readonly secured: readonly Protection[] }) {
  const [t, locale] = await Promise.all([getTranslations('first-hour'), getLocale()])
  if (secured.length === 0) return null
  const left = PROTECTIONS.filter((one) => !secured.includes(one))
  const say = (some: readonly Protection[]) =>
    new Intl.ListFormat(locale).format(some.map((one) => t(`secured.${one}`)))
  return (
    <p data-secured={secured.join(' ')}>
      {t('secured.done', { what: say(secured) })}{' '}
      {left.length === 0
        ? null
        : t.rich('secured.left', {
            what: say(left),
            link: (words) => <Link href="/first-hour">{words}</Link>,
          })}
    </p>
  )
}
