import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'

/** Warns of false messages that the phone was found, and leads to the page that tells whose a message is. */
export async function FalseFind() {
  const t = await getTranslations('message-codes')
  return (
    <p className="text-sm" data-false-find>
      {t.rich('beware', {
        link: (words) => <Link href={{ pathname: '/verify', query: { message: '' } }}>{words}</Link>,
      })}
    </p>
  )
}
