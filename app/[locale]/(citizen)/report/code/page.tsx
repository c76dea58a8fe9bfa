import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { CodeForm } from '#features/reporting/steps/code-form.tsx'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { codeAction } from '../actions.ts'
import { draftAt, stepPath } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('code')

export default async function CodePage() {
  const draft = await draftAt('code')
  const [contact = null, other] = draft.unconfirmed
  if (contact === null) redirect(stepPath(await getLocale(), draft.incomplete))
  const t = await getTranslations('report.code')
  return (
    <StepFrame step="code" draft={draft}>
      <CodeForm
        action={codeAction}
        contact={contact}
        other={other}
        sent={draft.codeSent}
        notArrived={draft.codeNotArrived}
        phones={reachesPhones()}
        change="/report/contact"
      >
        <Details summary={t('notCome')}>
          <ul>
            <li>{t(contact.kind === 'phone' ? 'notComePhone' : 'notComeMail')}</li>
            <li>{t('notComeNew')}</li>
          </ul>
        </Details>
      </CodeForm>
    </StepFrame>
  )
}
