import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { KeptDrafts } from '#features/reporting/drafts/kept-drafts.tsx'
import { draftsOf } from '#features/reporting/drafts/page-data.ts'
import { ResumeByContact } from '#features/reporting/drafts/resume-by-contact.tsx'
import { resuming } from '#http/resume.ts'
import { currentStaff } from '#http/session.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { chooseDraftAction, resumeAction } from '../../report/actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('report.resume', 'title')

/**
 * Finds what a person has begun or sent, by their contact alone: the numbers of cases go there as a message; a draft opens
 * here by the code in it, and of several, the one that is chosen.
 */
export default async function FindPage({ searchParams }: PageProps<'/[locale]/track/find'>) {
  const now = new Date()
  const [t, kept, { other }] = await Promise.all([
    getTranslations('report.resume'),
    resuming('report', now),
    searchParams,
  ])
  const asked = other === undefined ? kept : null
  const phones = reachesPhones()
  return (
    <div className="stack-l max-w-measure">
      {asked?.proven ? (
        <KeptDrafts
          action={chooseDraftAction}
          drafts={await draftsOf(asked.contact, (await currentStaff())?.id ?? null, now)}
        />
      ) : (
        <>
          <ResumeByContact
            action={resumeAction}
            contact={asked?.contact ?? null}
            phones={phones}
            page="/track/find"
            title={t('title')}
            lead={t(phones ? 'lead' : 'leadMail')}
            sent={(contact) => t('sentTitle', { contact })}
            sentHint={t('sentFound')}
            open={t('open')}
          />
          <p className="text-soft">
            {t.rich('notHere', {
              track: (words) => <Link href="/track">{words}</Link>,
              follow: (words) => <Link href="/blocked/follow/contact">{words}</Link>,
            })}
          </p>
        </>
      )}
    </div>
  )
}
