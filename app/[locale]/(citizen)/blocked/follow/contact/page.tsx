import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { listObjectionsOf } from '#features/disputes/drafts/data.ts'
import { KeptObjections } from '#features/disputes/return/kept-objections.tsx'
import { ResumeByContact } from '#features/reporting/drafts/resume-by-contact.tsx'
import { resuming } from '#http/resume.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { chooseObjectionAction, followContactAction } from '../actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('objection.contact', 'title')

/** Finds the objections of a person who has lost number and secret: the contact first, then its code, then which one. */
export default async function ObjectionContactPage({
  searchParams,
}: PageProps<'/[locale]/blocked/follow/contact'>) {
  const now = new Date()
  const [t, kept, { other }] = await Promise.all([
    getTranslations('objection.contact'),
    resuming('objection', now),
    searchParams,
  ])
  const asked = other === undefined ? kept : null
  const phones = reachesPhones()
  if (asked?.proven)
    return (
      <KeptObjections
        action={chooseObjectionAction}
        objections={await listObjectionsOf(asked.contact, now)}
      />
    )
  return (
    <div className="stack-l max-w-measure">
      <ResumeByContact
        action={followContactAction}
        contact={asked?.contact ?? null}
        phones={phones}
        page="/blocked/follow/contact"
        title={t('title')}
        lead={t(phones ? 'lead' : 'leadMail')}
        sent={(contact) => t('sentTitle', { contact })}
        open={t('open')}
      />
      <p className="text-soft">
        {t.rich('notHere', { follow: (words) => <Link href="/blocked/follow">{words}</Link> })}
      </p>
    </div>
  )
}
